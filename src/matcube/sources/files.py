"""Arrays from files: one row of ``FORMATS`` for each file name ending.

Listing a file reads headers and no values; reading an array, or a slice ``x[0:10, :]`` of it, reads nothing
else. Files are never executed: pickled objects are refused.
"""

from __future__ import annotations

from pathlib import Path

from matcube.errors import DataError
from matcube.errors.words import some_of
from matcube.sources.arrays import SMALL_TYPES
from matcube.sources.entries import Entry, Format, Labels, Loaded, parse_name
from matcube.sources.known_files import mistaken, unread
from matcube.sources.read_csv import csv_entries, read_csv
from matcube.sources.read_numpy import npy_entries, npz_entries, read_npy, read_npz
from matcube.sources.read_safetensors import read_safetensors, safetensors_entries
from matcube.sources.read_shards import INDEX, index_entries, read_shard

__all__ = ["FORMATS", "Entry", "Format", "Labels", "Loaded", "is_numeric", "list_file", "read", "read_all"]

_NUMBERS = ("float", "int", "uint", "bool")


def list_file(path: str | Path) -> tuple[Entry, ...]:
    """The entries of a file, from its headers alone.

    Args:
        path: a file of one of ``FORMATS``.

    Returns:
        One entry for each array: name, shape, dtype, bytes.

    Raises:
        DataError: the file is missing, has another ending, or is damaged.
    """
    file = Path(path)
    return _format(file).entries(file)


def read(path: str | Path, name: str | None = None) -> Loaded:
    """One array of a file.

    Args:
        path: a file of one of ``FORMATS``.
        name: the array, perhaps with bounds: ``x``, ``x[0:10, :]``, ``x[3]``; None for the only array.

    Returns:
        The array, its dtype in the file, and its labels.

    Raises:
        DataError: the file cannot be read, has no such array, or the array holds no numbers.
    """
    file = Path(path)
    form = _format(file)
    entries = {entry.name: entry for entry in form.entries(file)}
    if name is None:
        if len(entries) != 1:
            hint = f"it has: {some_of(entries)}"
            raise DataError(f"{file.name} holds {len(entries)} arrays: say which", hint=hint)
        name = next(iter(entries))
    entry, bounds = parse_name(file, name, entries)
    if not is_numeric(entry):
        why = f": {entry.note}" if entry.note else ""
        raise DataError(f"{entry.name} in {file.name} holds {entry.dtype}, not numbers{why}")
    return form.read(file, entry.name, bounds)


def read_all(path: str | Path) -> dict[str, Loaded]:
    """Every array of numbers with at least one dimension of a file; other entries are ignored.

    Args:
        path: a file of one of ``FORMATS``.

    Returns:
        Arrays by name, in the file's order.

    Raises:
        DataError: the file cannot be read.
    """
    file = Path(path)
    form = _format(file)
    wanted = [entry.name for entry in form.entries(file) if is_numeric(entry) and entry.shape]
    return {name: form.read(file, name, None) for name in wanted}


def _format(path: Path) -> Format:
    ending = INDEX if path.name.endswith(INDEX) else path.suffix.lower()
    form = FORMATS.get(ending)
    if path.is_dir():
        raise unread(path) or DataError(f"{path} is a folder", hint="give a file in it")
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    try:
        problem = mistaken(path, form.kind) if form is not None else unread(path)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from None
    if problem is not None:
        raise problem
    if form is None:
        raise DataError(f"{path.name} has no known ending", hint="known: " + ", ".join(FORMATS))
    return form


def is_numeric(entry: Entry) -> bool:
    """Whether an entry holds numbers that can be shown."""
    return entry.dtype in SMALL_TYPES or entry.dtype.rstrip("0123456789") in _NUMBERS


FORMATS: dict[str, Format] = {
    ".npy": Format("one NumPy array", "npy", npy_entries, read_npy),
    ".npz": Format("several NumPy arrays", "npz", npz_entries, read_npz),
    ".csv": Format("a table of numbers as text, perhaps with names", "text", csv_entries, read_csv),
    ".safetensors": Format("tensors of a model", "safetensors", safetensors_entries, read_safetensors),
    INDEX: Format("tensors of a model in several files", "json", index_entries, read_shard),
}
