"""Figures of a program text, a lazy matrix, or a graph with arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from matcube.api.figure import Figure
from matcube.engine import BoundArray, Engine, bind
from matcube.errors import OptionError
from matcube.sources.lazy import Matrix
from matcube.sources.table import GraphWithArrays, read
from matcube.sources.written import Written
from matcube.wire import DataRef, View


def make(
    program: str | Matrix | GraphWithArrays,
    bindings: Mapping[str, object],
    *,
    labels: Mapping[str, Iterable[object]] | None = None,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
) -> Figure:
    """A figure of whatever a source takes; see ``matcube.figure`` and ``sources.table``."""
    _check_labels(labels)
    found = read(program)
    bindings = {**found.leaves, **_arrays(found), **bindings}
    labels = {**found.labels, **(labels or {})}
    plain: dict[str, object] = {}
    given = {key: list(names) for key, names in (labels or {}).items()}
    for name, value in bindings.items():
        plain[name] = _leaf_value(name, value, given) if isinstance(value, Matrix) else value
    bound = bind(plain, labels=given, files=files)
    view = View(program=found.program, leaves=bound.leaves, constants=bound.constants, labels=bound.labels)
    return Figure(view, Engine(bound.bindings))


def _arrays(found: Written) -> dict[str, BoundArray]:
    """The arrays of a source, with what a link says of them."""
    return {
        name: BoundArray(one.array, DataRef(one.array.shape, one.dtype, one.sha256), (None,) * one.array.ndim)
        for name, one in found.arrays.items()
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
    """What a lazy matrix that is bound to a name holds: ``Q=mc.matrix(q, rows=tokens)``."""
    if value.leaf is None:
        raise OptionError(
            f"{name} is bound to an expression, {value!r}",
            hint="write it into the program, or use its .figure()",
        )
    found = read(value.named(name))
    for key, names in found.labels.items():
        labels.setdefault(key, list(names))
    return {**found.leaves, **_arrays(found)}[name]
