"""NumPy's file formats, ``.npy`` and ``.npz``; pickled objects are never loaded."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from matcube.errors import DataError
from matcube.ops import Array
from matcube.sources.entries import MAX_BYTES, Bounds, Entry, Loaded, part_of

_NPY = ".npy"


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
    """The arrays of an ``.npz`` file, from their headers."""
    with _zip(path) as archive:
        return tuple(_npz_entry(path, archive, info) for info in archive.infolist() if _is_array(info))


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


def _is_array(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(_NPY)


def _npz_entry(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    if info.flag_bits & 0x1:
        raise DataError(f"{path.name} is encrypted")
    try:
        with archive.open(info) as file:
            entry = _header(file, info.filename.removesuffix(_NPY), path)
            _check_size(path, entry, info.file_size - file.tell())
    except DataError:
        raise
    except Exception as error:  # as above
        raise DataError(f"{info.filename} in {path.name} cannot be read: {error}") from error
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
    return Entry(name, tuple(shape), _name(dtype), math.prod(shape) * dtype.itemsize)


def _name(dtype: np.dtype[Any]) -> str:
    return dtype.newbyteorder("=").name


def _check_size(path: Path, entry: Entry, there: int) -> None:
    if entry.dtype != "object" and (entry.bytes > there or entry.bytes > MAX_BYTES):
        raise DataError(
            f"{entry.name} in {path.name} claims {entry.bytes} bytes (shape {entry.shape}, {entry.dtype}), "
            f"{max(there, 0)} are there"
        )


_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
