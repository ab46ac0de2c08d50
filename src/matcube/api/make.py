"""Figures of a program text, or of a lazy matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from matcube.api.figure import Figure
from matcube.engine import BoundArray, Engine, bind
from matcube.engine.bindings import bound_array, check_name
from matcube.errors import DataError, OptionError
from matcube.ir import Data, Graph
from matcube.ir.program import leaf_inputs, to_program
from matcube.ir.render import leaf_text
from matcube.sources.lazy import Matrix
from matcube.wire import DataRef, View


def make(
    program: str | Matrix,
    bindings: Mapping[str, object],
    *,
    labels: Mapping[str, Iterable[object]] | None = None,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
) -> Figure:
    """A figure of a program text or a lazy matrix; see ``matcube.figure``."""
    if isinstance(program, Matrix):
        _check_labels(labels)
        program, own, own_labels = _unfolded(program)
        bindings, labels = {**own, **bindings}, {**own_labels, **(labels or {})}
    if not isinstance(program, str):
        raise OptionError(
            f"a program is text or a lazy matrix, not {type(program).__name__}",
            hint='mc.figure("A @ B", A=a, B=b), or (mc.matrix(a) @ mc.matrix(b)).figure()',
        )
    plain: dict[str, object] = {}
    _check_labels(labels)
    given = {key: list(names) for key, names in (labels or {}).items()}
    for name, value in bindings.items():
        plain[name] = _leaf_value(name, value, given) if isinstance(value, Matrix) else value
    bound = bind(plain, labels=given, files=files)
    view = View(program=program, leaves=bound.leaves, constants=bound.constants, labels=bound.labels)
    return Figure(view, Engine(bound.bindings))


def from_graph(graph: Graph, arrays: Mapping[str, object]) -> Figure:
    """The figure of a graph and the arrays that its leaves name; see ``matcube.from_graph``."""
    program, bindings, labels = _written(graph, {name: bound_array(name, arrays[name]) for name in arrays})
    return make(program, bindings, labels=labels)


def _unfolded(root: Matrix) -> tuple[str, dict[str, object], dict[str, Iterable[object]]]:
    """A lazy matrix as program text, bindings and labels."""
    graph, arrays = root.to_graph()
    bound: dict[str, BoundArray] = {}
    for name, leaf in leaf_inputs(graph).items():
        source = leaf.leaf.source
        if isinstance(source, Data):
            ref = DataRef(leaf.shape, source.dtype, source.sha256)
            bound[name] = BoundArray(arrays[name], ref, (None,) * len(leaf.shape))
    return _written(graph, bound)


def _written(
    graph: Graph, arrays: Mapping[str, BoundArray]
) -> tuple[str, dict[str, object], dict[str, Iterable[object]]]:
    """A graph as program text, bindings and labels."""
    bindings: dict[str, object] = {}
    labels: dict[str, Iterable[object]] = {}
    for name, bound in leaf_inputs(graph).items():
        check_name(name)
        if not isinstance(bound.leaf.source, Data):
            hidden = ("seed",) if bound.unseeded else ()
            bindings[name] = leaf_text(bound.leaf, bound.shape, leave_out=hidden).text
        elif name in arrays:
            bindings[name] = arrays[name]
        else:
            raise DataError(
                f"the graph names an array {name} that was not given", hint=f'{{"{name}": array}}'
            )
        sides = ("rows", "cols")[2 - min(2, len(bound.shape)) :]
        for side, names in zip(sides, bound.leaf.labels[-2:], strict=False):
            if names is not None:
                labels[f"{name}.{side}"] = names
    return to_program(graph), bindings, labels


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
    _, bindings, own_labels = _unfolded(value.named(name))
    for key, names in own_labels.items():
        labels.setdefault(key, list(names))
    return bindings[name]
