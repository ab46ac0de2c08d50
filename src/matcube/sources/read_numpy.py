"""NumPy's file formats, ``.npy`` and ``.npz``; pickled objects are never loaded."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from matcube.errors import DataError
from matcube.ops import Array
from matcube.sources.entries import MAX_BYTES, Bounds, Entry, Loaded, part_of
from matcube.wire.text import bytes_text

UNREADABLE = "unreadable"  # the dtype of a member of an archive that is no array
_NPY = ".npy"
_VOID16 = "16 bits without a type, as NumPy saves bfloat16: save it as np.save(file, a.astype('float32'))"


def npy_entries(path: Path) -> tuple[Entry, ...]:
    """The array of an ``.npy`` file, named like the file without its ending."""
    with path.open("rb") as file:
        entry = _header(file, path.stem, path)
        _check_size(path, entry, path.stat().st_size - file.tell())
    return (entry,)


def read_npy(path: Path, _name: str, bounds: Bounds | None) -> Loaded:
    """The array of an ``.npy`` file, or a slice of it; only the slice is read.

    Args:
        path: the file.
        _name: unused: the file has a single array.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the file is damaged, or holds pickled objects.
    """
    (entry,) = npy_entries(path)
    try:
        if bounds is None or 0 in entry.shape:
            array = np.load(path, allow_pickle=False)
            array = array if bounds is None else array[bounds]
        else:
            array = np.array(np.load(path, mmap_mode="r", allow_pickle=False)[bounds])
    except Exception as error:  # errors of the system, of mmap and of NumPy
        raise DataError(f"{path.name} cannot be read: {error}") from error
    return _loaded(array, entry, bounds)


def npz_entries(path: Path) -> tuple[Entry, ...]:
    """The members of an ``.npz`` file, from their headers; one that is no array is listed with a note.

    Raises:
        DataError: no member is an array.
    """
    with _zip(path) as archive:
        entries = [_npz_entry(path, archive, info) for info in archive.infolist() if not info.is_dir()]
    if entries and all(entry.dtype == UNREADABLE for entry in entries):
        raise DataError(f"{path.name} holds no NumPy arrays: {entries[0].name}: {entries[0].note}")
    return tuple(entries)


def read_npz(path: Path, name: str, bounds: Bounds | None) -> Loaded:
    """An array of an ``.npz`` file, or a slice of it; the other arrays are not read.

    Args:
        path: the file.
        name: the name of the array.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the file is damaged, or the array holds pickled objects.
    """
    with _zip(path) as archive:
        info = archive.getinfo(name + _NPY)
        entry = _npz_entry(path, archive, info)
        if entry.dtype == UNREADABLE:
            raise DataError(f"{name} in {path.name} cannot be read: {entry.note}")
        try:
            with archive.open(info) as file:
                array: Array = np.lib.format.read_array(file, allow_pickle=False)
        except Exception as error:  # damaged streams end in errors of zlib, lzma, zipfile and NumPy
            raise DataError(f"{name} in {path.name} cannot be read: {error}") from error
    return _loaded(array if bounds is None else array[bounds], entry, bounds)


def _loaded(array: Array, entry: Entry, bounds: Bounds | None) -> Loaded:
    return Loaded(array, entry.dtype, part_of((None,) * len(entry.shape), bounds))


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # a damaged directory ends in many kinds of error
        raise DataError(f"{path.name} is not an .npz file: {error}") from error


def _npz_entry(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    """The entry of a member; of dtype ``UNREADABLE``, with the reason in its note, where it is no array."""
    name = info.filename.removesuffix(_NPY)
    if info.filename == name:
        return Entry(name, (), UNREADABLE, info.file_size, "a member whose name does not end in .npy")
    if info.flag_bits & 0x1:
        return Entry(name, (), UNREADABLE, info.file_size, "it is encrypted")
    try:
        with archive.open(info) as file:
            entry = _header(file, name, path)
            _check_size(path, entry, info.file_size - file.tell())
    except DataError as error:
        return Entry(name, (), UNREADABLE, info.file_size, error.message)
    except Exception as error:  # damaged streams end in errors of zlib, lzma, zipfile and NumPy
        return Entry(name, (), UNREADABLE, info.file_size, f"its bytes are damaged ({error})")
    return entry


def _header(file: IO[bytes], name: str, path: Path) -> Entry:
    """The entry of an ``.npy`` header; NumPy parses it as a literal of at most 10,000 characters."""
    try:
        version = np.lib.format.read_magic(file)
        read = _READERS.get(version)
        if read is None:
            raise ValueError(f"version {version} of the format is unknown")
        shape, _order, dtype = read(file)
    except Exception as error:  # NumPy's parser lets errors of Python's tokenizer through
        raise DataError(f"{name} in {path.name} has no .npy header: {error}") from error
    if not all(type(size) is int and size >= 0 for size in shape):
        raise DataError(f"{name} in {path.name} has the shape {shape}, which is none")
    note = _VOID16 if dtype == np.dtype("V2") else ""
    return Entry(name, tuple(shape), _name(dtype), math.prod(shape) * dtype.itemsize, note)


def _header_3_0(file: IO[bytes]) -> tuple[Any, bool, np.dtype[Any]]:
    """A header in UTF-8, whose only use is names of fields; other characters than ASCII become ``?``."""
    length = file.read(4)
    text = file.read(int.from_bytes(length, "little") if len(length) == 4 else 0)
    plain = text.decode("utf-8").encode("ascii", "replace")
    return _READERS[2, 0](io.BytesIO(len(plain).to_bytes(4, "little") + plain))


def _name(dtype: np.dtype[Any]) -> str:
    return dtype.newbyteorder("=").name


def _check_size(path: Path, entry: Entry, there: int) -> None:
    if entry.dtype != "object" and (entry.bytes > there or entry.bytes > MAX_BYTES):
        raise DataError(
            f"{entry.name} in {path.name} claims {bytes_text(entry.bytes)} "
            f"(shape {entry.shape}, {entry.dtype}), {bytes_text(max(there, 0))} are there"
        )


_READERS: dict[tuple[int, int], Callable[[IO[bytes]], tuple[Any, bool, np.dtype[Any]]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): _header_3_0,
}
