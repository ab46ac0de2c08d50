"""Bindings of a program's names: leaf texts, numbers, arrays, arrays in files.

Used by ``engine.engine`` to parse and evaluate, by ``session`` and ``api`` to check and to add.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from pathlib import Path
from typing import Any, NamedTuple

from matcube.errors import DataError, MatcubeError, OptionError, UnknownNameError
from matcube.errors.words import quoted
from matcube.ir import Data, Leaf, LeafInput
from matcube.ir.shapes import shape_text
from matcube.ops import Array
from matcube.sources import arrays as sources
from matcube.sources.entries import Labels, Loaded
from matcube.sources.labelled import Titles, labels_of
from matcube.sources.program import check_name, parse_binding
from matcube.wire import MAX_LABEL_CHARS, MAX_LABELS, DataRef, View

GivenLabels = Mapping[str, Sequence[str]]

LARGEST = 1 << 53  # whole numbers are exact up to here
MAX_LABELS_CHARS = 300_000  # of all labels in a view, which a page sends with every edit


class BoundArray(NamedTuple):
    """An array with its reference in links, the labels along its dimensions and the names of these."""

    array: Array
    ref: DataRef
    labels: Labels
    titles: Titles = ()


@dataclass(frozen=True, eq=False)
class Bindings:
    """Arrays and labels by name. An array in a file is read when a program first uses its name.

    Args:
        files: readers of the arrays.
        labels: names along dimensions that were given apart, by ``"Q.rows"`` and ``"Q.cols"``, and are too
            many to travel in a view; all others are in ``View.labels``.
    """

    files: Mapping[str, Callable[[], BoundArray]] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _cache: dict[str, BoundArray] = field(default_factory=dict)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with its arrays: those of files by their path, all others by their values."""
        files = {
            name: read if isinstance(read, FileArray) else ReadyArray(self.read(name))
            for name, read in self.files.items()
        }
        return Bindings, (files, dict(self.labels))

    @property
    def names(self) -> list[str]:
        """Names of all arrays, read or not."""
        return list(self.files)

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays that were read so far."""
        return {name: bound.array for name, bound in self._cache.items()}

    def read(self, name: str) -> BoundArray:
        """An array; it is read now if it was not before."""
        if name not in self._cache:
            self._cache[name] = self.files[name]()
        return self._cache[name]

    def leaf(self, name: str, labels: GivenLabels) -> LeafInput:
        """An array as the program's reader wants it, with the labels of a view."""
        array, ref, own, titles = self.read(name)
        leaf = Leaf(Data(name, ref.dtype, ref.sha256, _is_added_mask(array)), own, titles)
        bound = LeafInput(array.shape, leaf)
        return replace(bound, leaf=self.labelled(name, bound, labels))

    def labelled(self, name: str, bound: LeafInput, labels: GivenLabels) -> Leaf:
        """A leaf with the labels that were given apart.

        Args:
            name: name of the leaf.
            bound: its array and labels.
            labels: names along ``name.rows`` and ``name.cols``, from the caller.

        Raises:
            DataError: there are more or fewer labels than rows or columns.
        """
        rank = len(bound.shape)
        names = list(bound.leaf.labels or (None,) * rank)
        for side, dim in (("rows", rank - 2), ("cols", rank - 1)):
            given = labels.get(f"{name}.{side}", self.labels.get(f"{name}.{side}"))
            if given is None:
                continue
            if dim < 0 or len(given) != bound.shape[dim]:
                size = bound.shape[dim] if dim >= 0 else "no"
                word = {"rows": "row", "cols": "column"}[side] + ("" if size == 1 else "s")
                count = "1 label" if len(given) == 1 else f"{len(given)} labels"
                raise DataError(f"{name} has {size} {word}, and {count} for {'it' if size == 1 else 'them'}")
            names[dim] = tuple(given)
        if not any(names):
            return bound.leaf
        return replace(bound.leaf, labels=tuple(names))


class Bound(NamedTuple):
    """Bindings, sorted: texts, numbers and labels, which a link carries, and the arrays that it names."""

    leaves: dict[str, str]
    constants: dict[str, float]
    labels: dict[str, tuple[str, ...]]
    bindings: Bindings


def bind(
    bindings: Mapping[str, object],
    *,
    labels: Mapping[str, Iterable[object]] | None = None,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
) -> Bound:
    """Sort bindings by kind: texts, numbers, arrays and labels.

    Args:
        bindings: by name: a leaf text (``"gaussian(64, 16)"``), a number, or anything that holds numbers.
        labels: names along dimensions, by ``"Q.rows"`` and ``"Q.cols"``.
        files: arrays to be read when they are used.

    Raises:
        OptionError: a name that no program can hold.
        DataError: an object that holds no numbers.
        ProgramError: a leaf text that does not read.

    Example:
        >>> bind({"Q": "gaussian(4, 2)", "d": 2}).constants
        {'d': 2}
    """
    leaves: dict[str, str] = {}
    constants: dict[str, float] = {}
    arrays: dict[str, Callable[[], BoundArray]] = dict(files or {})
    for name, value in bindings.items():
        check_name(name)
        if isinstance(value, str):
            read = read_binding(name, value)
            arrays.pop(name, None)
            if isinstance(read, LeafInput):
                leaves[name] = value
            else:
                constants[name] = read
        elif _is_number(value):
            arrays.pop(name, None)
            constants[name] = number(name, value)
        else:
            arrays[name] = ReadyArray(bound_array(name, value))
    given = {key: tuple(map(str, names)) for key, names in (labels or {}).items()}
    _check_labels(given, [*leaves, *arrays])
    travelling = {key: names for key, names in given.items() if _can_travel(names)}
    if sum(len(name) for names in travelling.values() for name in names) > MAX_LABELS_CHARS:
        travelling = {}
    staying = {key: names for key, names in given.items() if key not in travelling}
    return Bound(leaves, constants, travelling, Bindings(arrays, staying))


def bound_array(name: str, value: object, *, file: str = "") -> BoundArray:
    """An array of any kind with its hash.

    Args:
        name: name in the program, for errors.
        value: anything array-like: NumPy, torch, JAX, lists.
        file: name of the file that it comes from, or empty.

    Raises:
        DataError: it holds no numbers.
    """
    if isinstance(value, BoundArray):
        return value
    if isinstance(value, Loaded):
        array, dtype, labels = value.array, value.dtype, value.labels
        return BoundArray(array, DataRef(array.shape, dtype, sources.digest_as(array, dtype), file), labels)
    read = sources.read_array(value, name)
    ref = DataRef(read.array.shape, read.dtype, read.sha256, file)
    return BoundArray(read.array, ref, labels_of(value) or (None,) * read.array.ndim, read.titles)


@dataclass(frozen=True)
class ReadyArray:
    """An array in memory."""

    bound: BoundArray

    def __call__(self) -> BoundArray:
        """The array."""
        return self.bound


@dataclass(frozen=True)
class FileArray:
    """An array of a file, read later; only the file's name, not its folder, goes into links.

    Args:
        path: the file.
        entry: name of the array in a file of several; None where it has one.
        name: name in the program, for errors.
    """

    path: Path
    entry: str | None
    name: str

    @property
    def option(self) -> str:
        """The option of the command line that reads it alone."""
        where = f"{self.path}:{self.entry}" if self.entry is not None else str(self.path)
        return f"--data {quoted(f'{self.name}={where}')}"

    def __call__(self) -> BoundArray:
        """Read it."""
        from matcube.sources import files

        return bound_array(self.name, files.read(self.path, self.entry), file=self.path.name)


@dataclass(frozen=True, eq=False)
class LazyArray:
    """A value of a mapping, looked up later."""

    data: Mapping[str, object]
    key: str
    name: str

    def __call__(self) -> BoundArray:
        """Look it up."""
        return bound_array(self.name, self.data[self.key])


def check_data(view: View, bindings: Bindings) -> None:
    """Refuse a view whose arrays are missing or different.

    Raises:
        DataError: which one, of which shape, and from which file.
    """
    for name, ref in view.data.items():
        if name in view.leaves or name in view.constants:
            continue
        what = f"{shape_text(tuple(ref.shape))} {ref.dtype}"
        origin = f" from {ref.file}" if ref.file else ""
        if name not in bindings.names:
            array = f"np.load({ref.file!r})" if ref.file.endswith(".npy") else "array"
            raise DataError(
                f"this figure needs the array {name}: {what}{origin}",
                hint=f'arrays do not travel in links: mc.open_figure(link, data={{"{name}": {array}}})',
            )
        here = bindings.read(name).ref
        if here.sha256 != ref.sha256 or here.shape != ref.shape:
            raise DataError(
                f"the array {name} here ({shape_text(tuple(here.shape))} {here.dtype}) has other values than "
                f"the one this figure was made with: {what}{origin}",
                hint="give the array that the link was made with",
            )


def read_binding(name: str, text: str) -> LeafInput | float:
    """The leaf or number of a text; errors name the binding."""
    try:
        return parse_binding(text)
    except MatcubeError as error:
        hint = error.hint
        if isinstance(error, UnknownNameError):
            hint = f"numbers only here; with names write it into the program: {name} = {text}; ..."
        message = f"{name}: {error.message}"
        raise type(error)(message, text=error.text, span=error.span, hint=hint) from None


def _is_number(value: object) -> bool:
    single = getattr(value, "shape", None) == () and hasattr(value, "item")  # of NumPy, torch, JAX
    return isinstance(value, Real) or single


def number(name: str, value: Any) -> float:
    """A single number of Python, NumPy or torch, whole where it is whole.

    Raises:
        DataError: it is not finite, or too large to be exact.
    """
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, int) and abs(plain) > LARGEST:
        raise DataError(f"{name} is too large a number; whole numbers go up to 2**53")
    result = float(plain) if isinstance(plain, Real) else math.nan
    if not math.isfinite(result):
        raise DataError(f"{name}={plain!r} is not a finite number")
    return int(result) if result.is_integer() else result


def _can_travel(names: Sequence[str]) -> bool:
    return len(names) <= MAX_LABELS and all(len(name) <= MAX_LABEL_CHARS for name in names)


def _check_labels(labels: GivenLabels, names: list[str]) -> None:
    for key in labels:
        name, dot, side = str(key).rpartition(".")
        if not dot or side not in ("rows", "cols"):
            raise OptionError(f'labels for "{key}": say which side', hint=f"{key}.rows or {key}.cols")
        if name not in names:
            raise OptionError(
                f'labels for "{key}": nothing is named "{name}"', hint="there are: " + ", ".join(names)
            )


def _is_added_mask(array: Array) -> bool:
    """Whether all cells are one number of at most -10 000: -inf, -1e9, the lowest of float16."""
    first = array.reshape(-1)[:1]
    return bool(first.size) and bool(first[0] <= -1e4) and bool((array == first[0]).all())
