"""Common types of file formats: entries of a file, loaded arrays with labels, slices of an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from matcube.errors import DataError
from matcube.errors.words import some_of
from matcube.ops import Array

Labels = tuple[tuple[str, ...] | None, ...]
Bounds = tuple[slice | int, ...]

MAX_BYTES = 1 << 36  # the most bytes that a header may claim for an array: 64 GiB


@dataclass(frozen=True)
class Entry:
    """An array of a file.

    Args:
        name: in the file.
        shape: of the array; ``()`` for what is none.
        dtype: ``"float16"``; ``"unreadable"`` for what is no array.
        bytes: in the file.
        note: for its reader; of an entry that is not read, the reason.
        remedy: what to do with an entry that is not read.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    note: str = ""
    remedy: str | None = None


@dataclass(frozen=True)
class Loaded:
    """An array read from a file.

    Args:
        array: its values.
        dtype: its dtype in the file; ``"bfloat16"`` also where ``array`` is float32.
        labels: for each dimension its labels, or None.
    """

    array: Array
    dtype: str
    labels: Labels


@dataclass(frozen=True)
class Format:
    """A file format: its kind in ``known_files``, a lister of entries, and a reader of one or its part."""

    help: str
    kind: str
    entries: Callable[[Path], tuple[Entry, ...]]
    read: Callable[[Path, str, Bounds | None], Loaded]


def parse_name(path: Path, text: str, entries: Mapping[str, Entry]) -> tuple[Entry, Bounds | None]:
    """The entry and bounds of ``name`` or ``name[0:10, :]``.

    Args:
        path: the file, for errors.
        text: a name, perhaps with bounds: ``a:b``, ``:`` or an index for each of the first dimensions.
        entries: the entries of the file, by name.

    Returns:
        The entry and its bounds, one for every dimension; None for all of it.

    Raises:
        DataError: an unknown name, or bounds outside its shape.

    Example:
        >>> parse_name(Path("f.npz"), "x[2:4]", {"x": Entry("x", (8, 3), "float32", 96)})[1]
        (slice(2, 4, None), slice(0, 3, None))
    """
    if text in entries:
        return entries[text], None
    name, bracket, rest = text.partition("[")
    if name not in entries:
        raise DataError(f"{path.name} has no array {name!r}", hint=f"it has: {some_of(entries)}")
    entry = entries[name]
    if not bracket or not rest.endswith("]"):
        raise DataError(f"{text!r} is not a name or a name with bounds", hint=_EXAMPLE)
    wanted = [part.strip() for part in rest[:-1].split(",")]
    if len(wanted) > len(entry.shape):
        raise DataError(f"{text}: {name} has {len(entry.shape)} dimensions (shape {entry.shape})")
    wanted += [":"] * (len(entry.shape) - len(wanted))
    return entry, tuple(_bound(text, part, size) for part, size in zip(wanted, entry.shape, strict=True))


def part_of(labels: Labels, bounds: Bounds | None) -> Labels:
    """The labels of a slice of an array; dimensions with a single index are dropped."""
    if bounds is None:
        return labels
    pairs = [(names, bound) for names, bound in zip(labels, bounds, strict=True) if isinstance(bound, slice)]
    return tuple(None if names is None else names[bound] for names, bound in pairs)


def _bound(text: str, part: str, size: int) -> slice | int:
    match = re.fullmatch(r"(-?\d{1,18})?\s*(:)?\s*(-?\d{1,18})?", part, re.ASCII)
    if match is None or not part or (match[2] is None and match[3] is not None):
        raise DataError(f"{text}: cannot read the bounds {part!r}", hint=_EXAMPLE)
    start = _place(match[1], 0, size)
    if match[2] is None:
        if not 0 <= start < size:
            raise DataError(f"{text}: there is no place {part} among {size}")
        return start
    stop = _place(match[3], size, size)
    if not 0 <= start <= stop <= size:
        raise DataError(f"{text}: {part} does not lie in 0:{size}")
    return slice(start, stop)


def _place(written: str | None, default: int, size: int) -> int:
    if written is None:
        return default
    return int(written) + size if written.startswith("-") else int(written)


_EXAMPLE = "write x, x[0:10, :] or x[3]"
