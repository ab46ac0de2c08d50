"""NumPy's file formats, ``.npy`` and ``.npz``; pickled objects are never loaded."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from matcube.errors import DataError
from matcube.errors.words import quoted, some_of
from matcube.ops import Array
from matcube.sources.entries import MAX_BYTES, Bounds, Entry, Loaded, part_of
from matcube.wire.text import bytes_text

UNREADABLE = "unreadable"  # the dtype of a member of an archive that is no array
_NPY = ".npy"
_BLOCK = 1 << 20  # bytes skipped at a time
# What NumPy saves without its type, by the bytes of a cell.
_LIKELY = {
    1: ("float8_e4m3fn", "bytes without a type, as NumPy saves float8 and int4; if they are float8_e4m3fn"),
    2: ("bfloat16", "16 bits without a type, as NumPy saves bfloat16"),
}


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
        members = _members(archive)
        entries = [_npz_entry(path, archive, info, name) for name, info in members.items()]
        lost = sum(not _is_folder(info) for info in archive.infolist()) - len(members)
    if entries and all(entry.dtype == UNREADABLE for entry in entries):
        first = entries[0]
        what = f"{path.name} holds no NumPy arrays: {first.name}: {first.note}"
        raise DataError(what, hint=first.remedy)
    if lost:
        many = (
            "1 member of the same name as another is"
            if lost == 1
            else f"{lost} members of the same names are"
        )
        note = f"{many} left out: the last of a name is read"
        entries[0] = replace(entries[0], note="; ".join(filter(None, [entries[0].note, note])))
    return tuple(entries)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Members by the names of their arrays: without ``.npy``, unless another one is named so."""
    files = {info.filename: info for info in archive.infolist() if not _is_folder(info)}
    return {
        name if plain == name or plain in files else plain: info
        for name, info in files.items()
        for plain in [name.removesuffix(_NPY)]
    }


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
        info = _members(archive)[name]
        entry = _npz_entry(path, archive, info, name)
        if entry.dtype == UNREADABLE:
            raise DataError(f"{name} in {path.name} cannot be read: {entry.note}", hint=entry.remedy)
        try:
            with archive.open(info) as file:
                array = _array(file) if bounds is None else _part(file, bounds)
        except Exception as error:  # damaged streams end in errors of zlib, lzma, zipfile and NumPy
            raise DataError(f"{name} in {path.name} cannot be read: {error}") from error
    return _loaded(array, entry, bounds)


def _array(file: IO[bytes]) -> Array:
    array: Array = np.lib.format.read_array(file, allow_pickle=False)
    return array


def _part(file: IO[bytes], bounds: Bounds) -> Array:
    """A slice of an array in a stream: what is before it is skipped, what is after it is not read."""
    shape, is_fortran, dtype = _READERS[np.lib.format.read_magic(file)](file)
    outer = bounds[-1 if is_fortran else 0]
    first, last = (outer.start, outer.stop) if isinstance(outer, slice) else (outer, outer + 1)
    rest = shape[:-1] if is_fortran else shape[1:]
    row_bytes = math.prod(rest) * dtype.itemsize
    for skipped in range(0, first * row_bytes, _BLOCK):
        file.read(min(_BLOCK, first * row_bytes - skipped))
    flat: Array = np.frombuffer(_exactly(file, (last - first) * row_bytes), dtype)
    rows = flat.reshape((last - first, *rest[::-1])).T if is_fortran else flat.reshape((last - first, *rest))
    inner = slice(None) if isinstance(outer, slice) else 0
    part: Array = rows[(*bounds[:-1], inner) if is_fortran else (inner, *bounds[1:])]
    return part.copy()


def _exactly(file: IO[bytes], size: int) -> bytes:
    text = file.read(size)
    if len(text) < size:
        raise ValueError(f"{bytes_text(len(text))} of {bytes_text(size)} are there")
    return text


def _loaded(array: Array, entry: Entry, bounds: Bounds | None) -> Loaded:
    return Loaded(array, entry.dtype, part_of((None,) * len(entry.shape), bounds))


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # a damaged directory ends in many kinds of error
        raise DataError(f"{path.name} is not an .npz file: {error}") from error


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith("/")  # is_dir() fails for an empty name


def _npz_entry(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Entry:
    """The entry of a member; of dtype ``UNREADABLE``, with the reason in its note, where it is no array."""
    unreadable = Entry(name, (), UNREADABLE, info.file_size)
    if info.flag_bits & 0x1:
        return replace(unreadable, note="it is encrypted", remedy=f"python -c {quoted(_unlocked(path))}")
    try:
        with archive.open(info) as file:
            if not info.filename.endswith(_NPY) and not _has_magic(archive, info):
                return replace(unreadable, note="no NumPy array")
            entry = _header(file, name, path)
            _check_size(path, entry, info.file_size - file.tell())
    except DataError as error:
        return replace(unreadable, note=error.message)
    except Exception as error:  # damaged streams end in errors of zlib, lzma, zipfile and NumPy
        return replace(unreadable, note=f"its bytes are damaged ({error})")
    return entry


def _unlocked(path: Path) -> str:
    """Python that unpacks an encrypted archive into this folder, in place of PASSWORD."""
    return f'import zipfile; zipfile.ZipFile({json.dumps(str(path))}).extractall(pwd=b"PASSWORD")'


def _has_magic(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    magic = np.lib.format.MAGIC_PREFIX
    with archive.open(info) as file:
        return file.read(len(magic)) == magic


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
    note, remedy = _without_type(dtype, path, name)
    return Entry(name, tuple(shape), _name(dtype), math.prod(shape) * dtype.itemsize, note, remedy)


def _without_type(dtype: np.dtype[Any], path: Path, name: str) -> tuple[str, str | None]:
    """What cells without a type may be, or a record's fields; and the line that saves them as numbers."""
    if dtype.kind != "V" or dtype.names == ():
        return "", None
    item = f"[{json.dumps(name)}]" if path.suffix.lower() != _NPY else ""
    load = f"np.load({json.dumps(str(path))}){item}"
    new = json.dumps(f"{path.with_suffix('')}_numbers.npy")
    if dtype.names is not None:
        field = dtype.names[0]
        code = f"import numpy as np; np.save({new}, {load}[{json.dumps(field)}])"
        return f"records of {some_of(dtype.names)}", f"take a field: python -c {quoted(code)}"
    likely, note = _LIKELY.get(dtype.itemsize, (None, f"cells of {dtype.itemsize} bytes without a type"))
    if likely is None:
        return note, None
    code = f'import numpy as np, ml_dtypes; np.save({new}, {load}.view(ml_dtypes.{likely}).astype("f4"))'
    return note, f"python -c {quoted(code)}"


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
