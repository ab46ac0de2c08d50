"""Arrays from files: one row of ``FORMATS`` for each file name ending.

Listing a file reads headers and no values; reading an array, or a slice ``x[0:10, :]`` of it, reads nothing
else. Files are never executed: pickled objects are refused.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path

from matcube import limits
from matcube.errors import DataError
from matcube.errors.words import some_of
from matcube.sources.arrays import SMALL_TYPES
from matcube.sources.entries import Bounds, Entry, Format, Labels, Loaded, parse_name
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
    with _guarded(file):
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
    with _guarded(file):
        form = _format(file)
        entries = {entry.name: entry for entry in form.entries(file)}
        if name is None:
            if len(entries) != 1:
                hint = f"it has: {some_of(entries)}"
                raise DataError(f"{file.name} holds {len(entries)} arrays: say which", hint=hint)
            name = next(iter(entries))
        entry, bounds = parse_name(file, name, entries)
        if not is_numeric(entry):
            raise DataError(f"{entry.name} in {file.name} {refusal(entry)}", hint=entry.remedy)
        check_memory(_bytes_of(entry, bounds), entry.name, file)
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
    with _guarded(file):
        form = _format(file)
        wanted = [entry for entry in form.entries(file) if is_numeric(entry) and entry.shape]
        check_memory(sum(_bytes_of(entry, None) for entry in wanted), "what it holds", file)
        return {entry.name: form.read(file, entry.name, None) for entry in wanted}


def check_memory(needed: int, what: str, path: Path) -> None:
    """Refuse an array of a file that takes more memory than matcube may, before it is read.

    Args:
        needed: bytes in memory.
        what: the array.
        path: the file.

    Raises:
        LimitError: with both numbers, as for a figure.
    """
    more = f"or set MATCUBE_MEMORY={-(-needed // 10**9)}G"
    limits.check_memory(needed, f"{what} in {path.name}", instead=_PART, allow=more)


def refusal(entry: Entry) -> str:
    """Why an entry cannot be shown, after its name: "holds str32, not numbers".

    Example:
        >>> refusal(Entry("x", (2,), "complex64", 16, "give its real part"))
        'holds complex64, not numbers: give its real part'
    """
    return f"holds {entry.dtype}, not numbers{f': {entry.note}' if entry.note else ''}"


def ending_of(path: Path) -> str | None:
    """The row of ``FORMATS`` for a file's name, the longest that fits.

    Example:
        >>> ending_of(Path("model.safetensors.index.json")), ending_of(Path("a.pt"))
        ('.safetensors.index.json', None)
    """
    name = path.name.lower()
    return max((ending for ending in FORMATS if name.endswith(ending)), key=len, default=None)


def _format(path: Path) -> Format:
    """The format of a file, whose bytes must be what its name says."""
    ending = ending_of(path)
    if path.is_dir():
        raise unread(path) or DataError(f"{path} is a folder", hint="give a file in it")
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    problem = mistaken(path, FORMATS[ending].kind) if ending is not None else unread(path)
    if problem is not None:
        raise problem
    if ending is None:
        raise DataError(f"{path.name} has no known ending", hint="known: " + ", ".join(FORMATS))
    return FORMATS[ending]


@contextlib.contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Errors of the system and of memory as errors about a file."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    except MemoryError as error:
        raise DataError(f"{path.name} needs more memory than there is", hint=_PART) from error


def _bytes_of(entry: Entry, bounds: Bounds | None) -> int:
    """Bytes of an entry, or of a slice of it, in memory."""
    cell_bytes: int = (
        1 if entry.dtype == "float4_e2m1fn" else -(-entry.bytes // max(1, math.prod(entry.shape)))
    )
    if bounds is None:
        return cell_bytes * math.prod(entry.shape)
    sizes: list[int] = [part.stop - part.start for part in bounds if isinstance(part, slice)]
    return cell_bytes * math.prod(sizes)


def is_numeric(entry: Entry) -> bool:
    """Whether an entry holds numbers that can be shown."""
    return entry.dtype in SMALL_TYPES or entry.dtype.rstrip("0123456789") in _NUMBERS


_PART = "read a part: --data 'NAME=FILE:ENTRY[0:1000]'"

FORMATS: dict[str, Format] = {
    ".npy": Format("one NumPy array", "npy", npy_entries, read_npy),
    ".npz": Format("several NumPy arrays", "npz", npz_entries, read_npz),
    ".csv": Format("a table of numbers as text, perhaps with names", "text", csv_entries, read_csv),
    ".safetensors": Format("tensors of a model", "safetensors", safetensors_entries, read_safetensors),
    INDEX: Format("tensors of a model in several files", "json", index_entries, read_shard),
}
