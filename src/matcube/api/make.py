"""Figures of a program text, a lazy matrix, or a graph with arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from matcube.api.figure import Figure
from matcube.engine import BoundArray, Engine, bind
from matcube.engine.bindings import FileArray
from matcube.errors import DataError, OptionError
from matcube.errors.values import bounded
from matcube.ir import Graph, Leaf
from matcube.ir.axes import axes
from matcube.sources.labelled import labels_of
from matcube.sources.lazy import Matrix
from matcube.sources.program import defined, words_of
from matcube.sources.table import GraphWithArrays, read
from matcube.sources.written import Written
from matcube.wire import DataRef, View

MOST_NAMES = 1 << 20  # labels along one side


def make(
    program: str | Matrix | GraphWithArrays,
    bindings: Mapping[str, object],
    *,
    labels: Mapping[str, Iterable[object]] | None = None,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
) -> Figure:
    """A figure of whatever a source takes; see ``matcube.figure`` and ``sources.table``.

    Args:
        program: program text, lazy matrix, or graph with its arrays.
        bindings: leaf texts, numbers, lazy matrices and arrays by name.
        labels: names along rows and columns, by ``"Q.rows"``.
        files: arrays in files by name, read when they are used.
    """
    _check_labels(labels)
    source = read(program)
    bindings = {**source.leaves, **_arrays(source), **bindings}
    labels = {**source.labels, **(labels or {})}
    plain: dict[str, object] = {}
    given = {key: bounded(names, MOST_NAMES, f"labels for {key}") for key, names in (labels or {}).items()}
    for name, value in bindings.items():
        plain[name] = _leaf_value(name, value, given) if isinstance(value, Matrix) else value
    bound = bind(plain, labels=given, files=files)
    view = View(program=source.program, leaves=bound.leaves, constants=bound.constants, labels=bound.labels)
    figure = Figure(view, Engine(bound.bindings))
    if isinstance(program, str):
        figure._program.graph  # noqa: B018  # errors of the program come first
        _refuse_defined(program, {**plain, **(files or {})})
    labelled = {name for name, value in plain.items() if labels_of(value)}
    if isinstance(program, Matrix):
        labelled |= {key.rpartition(".")[0] for key in source.labels}
    if len(labelled) > 1:
        check_shared_axes(figure._program.graph, labelled)
    return figure


def check_shared_axes(graph: Graph, labelled: Collection[str]) -> None:
    """Refuse labelled containers whose labels along one axis differ: their cells do not belong together.

    Args:
        graph: of the figure.
        labelled: leaves that were given as labelled containers, or as lazy matrices with labels.

    Raises:
        DataError: two of them differ; both are named, with the first place.
    """
    for axis in axes(graph):
        first: tuple[str, tuple[str, ...]] | None = None
        for node, dim in axis.members:
            kind = graph[node].kind
            own = kind.labels[dim] if isinstance(kind, Leaf) and kind.labels else None
            if graph[node].name not in labelled or own is None:
                continue
            where = f"{graph[node].name}.{_side(dim, len(graph[node].shape))}"
            first = first or (where, own)
            if own != first[1]:
                raise _other_labels(first, (where, own))


def _refuse_defined(program: str, given: Mapping[str, object]) -> None:
    """Refuse a value for a name that the program gives to another one before it reads it."""
    for name in defined(program, given):
        value = given[name]
        hint = f'leave {name} out; or show it by itself: mc.figure("{name}", {name}=array)'
        if isinstance(value, FileArray) and value.entry is not None:
            others = [
                each.option
                for key, each in given.items()
                if key != name and isinstance(each, FileArray) and each.path == value.path
                and key in words_of(program)
            ]  # fmt: skip
            hint = f"leave {name} out: {' '.join(others)}" if others else f"leave {name} out"
        raise OptionError(f"the program defines {name}, so nothing else can be bound to it", hint=hint)


def _side(dim: int, rank: int) -> str:
    return {rank - 1: "cols", rank - 2: "rows"}.get(dim, f"dim{dim}") if rank > 1 else "entries"


def _other_labels(first: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]) -> DataError:
    place, pair = next(
        (place, pair) for place, pair in enumerate(zip(first[1], other[1], strict=True)) if pair[0] != pair[1]
    )
    name, _, side = other[0].partition(".")
    reordered = f"{name}.loc[:, names]" if side == "cols" else f"{name}.loc[names]"
    same = f"put them into one order: {reordered}; or " if sorted(first[1]) == sorted(other[1]) else ""
    return DataError(
        f'{first[0]} and {other[0]} are one axis, and their labels differ: "{pair[0]}" and "{pair[1]}" at '
        f"place {place}",
        hint=f"{same}give the numbers alone: {name}.to_numpy()",
    )


def _arrays(source: Written) -> dict[str, BoundArray]:
    """The arrays of a source, with their references in links."""
    return {
        name: BoundArray(
            read.array,
            DataRef(read.array.shape, read.dtype, read.sha256),
            (None,) * read.array.ndim,
            read.titles,
        )
        for name, read in source.arrays.items()
    }


def _check_labels(labels: object) -> None:
    if labels is not None and not isinstance(labels, Mapping):
        raise OptionError(
            f"labels are names along rows and columns by matrix, not {type(labels).__name__}",
            hint='labels={"Q.rows": tokens}; a matrix cannot be named labels here: give it another name',
        )
    for key, names in (labels or {}).items():
        if not isinstance(names, Iterable):
            raise OptionError(f'labels for "{key}" are a list of names, not {names!r}')


def _leaf_value(name: str, value: Matrix, labels: dict[str, list[Any]]) -> object:
    """The text or array of a lazy matrix that is bound to a name: ``Q=mc.matrix(q, rows=tokens)``."""
    if value.leaf is None:
        raise OptionError(
            f"{name} is bound to an expression, {value!r}",
            hint="write it into the program, or use its .figure()",
        )
    source = read(value.named(name))
    for key, names in source.labels.items():
        labels.setdefault(key, list(names))
    return {**source.leaves, **_arrays(source)}[name]
