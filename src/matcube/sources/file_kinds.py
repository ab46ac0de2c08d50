"""What a file is, by its first bytes; nothing here opens a file of a foreign format."""

from __future__ import annotations

import zipfile
from pathlib import Path

_START = 4096  # bytes that are looked at


def kind_by_bytes(path: Path) -> str | None:
    """The row of ``known_files.KINDS`` that a file or folder is; None for what is unknown.

    Args:
        path: a file that can be read, or a folder.

    Raises:
        OSError: it cannot be read.
    """
    if path.is_dir():
        is_zarr = any((path / mark).is_file() for mark in (".zarray", ".zgroup", "zarr.json"))
        return "zarr" if is_zarr else None
    with path.open("rb") as file:
        start = file.read(_START)
    if not start:
        return "empty"
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size:
        return "safetensors"
    if not any(byte < _CONTROL for byte in start):  # of a table whose first cell is PAR1, too
        return _text_kind(start)
    if start[0] == _PICKLE_MARK and start[1] in _PICKLE_VERSIONS:
        return "pickle"
    for mark, offset, name in _MARKS:
        if start[offset : offset + len(mark)] == mark:
            return _zip_kind(path) if name == "npz" else name
    return None


def _zip_kind(path: Path) -> str:
    """What the names of a zip file's members say that it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except Exception:  # a damaged directory ends in many kinds of error; the reader of .npz names it
        return "npz"
    if any(name.endswith(("/data.pkl", "/constants.pkl")) for name in names):
        return "torch"
    if "[Content_Types].xml" in names:
        return "excel"
    return "zip" if names and not any(name.endswith(".npy") for name in names) else "npz"


def _text_kind(start: bytes) -> str | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    for marks, name in _TEXT_MARKS.items():
        if text.startswith(marks):
            return name
    try:
        start[: len(start) - 3 * (len(start) == _START)].decode("utf-8")  # a character may be cut
    except UnicodeDecodeError as error:
        return None if error.start < len(start) - 6 else "text"
    return "text"


_CONTROL = 9  # bytes below the tabulator are in no text
_PICKLE_MARK, _PICKLE_VERSIONS = 0x80, range(2, 6)
_TEXT_MARKS = {
    (b"<!doctype html", b"<html", b"<head", b"<body"): "html",
    (b"<?xml",): "xml",
    (b"version https://git-lfs",): "lfs",
    (b"%pdf-",): "pdf",
    (b"{", b"["): "json",
}
_MARKS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\x93NUMPY", 0, "npy"),
    (b"PK\3\4", 0, "npz"),
    (b"PK\5\6", 0, "npz"),
    (b"GGUF", 0, "gguf"),
    (b"\x89HDF\r\n\x1a\n", 0, "hdf5"),
    (b"\x89PNG\r\n\x1a\n", 0, "image"),
    (b"\xff\xd8\xff", 0, "image"),
    (b"GIF8", 0, "image"),
    (b"II*\0", 0, "image"),
    (b"MM\0*", 0, "image"),
    (b"WEBP", 8, "image"),
    (b"\x1f\x8b", 0, "gzip"),
    (b"BZh", 0, "bzip2"),
    (b"\xfd7zXZ\0", 0, "xz"),
    (b"\x28\xb5\x2f\xfd", 0, "zstd"),
    (b"ustar", 257, "tar"),
    (b"PAR1", 0, "parquet"),
    (b"ARROW1", 0, "feather"),
    (b"MATLAB 5.0", 0, "matlab"),
    (b"SQLite format 3\0", 0, "sqlite"),
)
