"""Changes of one node from the panel of the page: the program is written again with the change.

::

    View ──parse──> Graph ──replay with the change──> Graph ──to_program──> View

Names, leaves, hidden and pinned matrices, films and placements by name all follow their nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec

from matcube.engine.bindings import Bindings
from matcube.errors import MatcubeError, OptionError, ShapeError
from matcube.errors.words import suggest
from matcube.ir import Data, Graph, Leaf, LeafInput, Map, Node
from matcube.ir.expand_heads import Drawn
from matcube.ir.program import leaf_inputs, to_program
from matcube.ir.render import leaf_text
from matcube.ir.shapes import shape_text
from matcube.ops import MAPS, MapOp
from matcube.session.replay import Changes, replay
from matcube.session.resize import resized
from matcube.sources.operations import make_operation
from matcube.sources.program import check_name, parse_leaf
from matcube.wire import RewriteRequest, Selection, Stop, View

Read = Callable[[View], Graph]


def rewritten(request: RewriteRequest, bindings: Bindings, read: Read) -> View:
    """The view after a change of one node.

    Args:
        request: the view as it is, the node, and the change.
        bindings: the arrays that are bound to names.
        read: the graph of a view.

    Returns:
        The view with its new program; it reads, and gives the changed graph.

    Raises:
        OptionError: there is no such node, the name is taken, or the operation is none of one matrix.
        ShapeError: a size or an operation does not fit.
        DataError: the size of a bound array would change.
    """
    graph = read(request.view)
    if request.node >= len(graph.nodes):
        raise OptionError(f"there is no matrix {request.node} in this figure", hint="reload the page")
    changes = _CHANGES[request.change](_Asked(request, graph, bindings))
    problem: MatcubeError | None = None
    for keep_texts in (True, False):
        new, moved = replay(graph, changes, keep_texts=keep_texts)
        _check_size(request, new[moved[request.node]])
        view = _view(request.view, graph, new, moved, changes)
        try:
            if _same(read(view), new):
                return view
        except MatcubeError as error:
            problem = error
    if problem is not None:
        raise type(problem)(problem.message, hint=problem.hint)
    raise OptionError("the program cannot be written with this change", hint="write it into the program")


def own_request(request: RewriteRequest, drawn: Drawn) -> RewriteRequest:
    """A change of a drawn node as one of the program's own; selections, which count drawn nodes, are dropped.

    Raises:
        OptionError: the size of several letters at once.
    """
    copy = drawn.graph.copies.get(request.node)
    if copy is None:
        return request
    dim = request.dim
    if request.change == "size":
        if copy.cut is not None or dim >= len(copy.groups) or len(copy.groups[dim]) != 1:
            raise OptionError(
                "several letters lie side by side here, each with a size of its own",
                hint="write the sizes into the program",
            )
        dim = copy.groups[dim][0]
    none: dict[str, Any] = {"selection": Selection(), "hidden": (), "faded": (), "isolated": None}
    view = msgspec.structs.replace(request.view, **none)
    return msgspec.structs.replace(request, view=view, node=copy.of, dim=dim)


class _Asked(NamedTuple):
    """A request with its graph and bindings."""

    request: RewriteRequest
    graph: Graph
    bindings: Bindings


# --- the changes ----------------------------------------------------------------------------------


def _rename(asked: _Asked) -> Changes:
    request, graph, bindings = asked
    node, name = graph[request.node], request.text.strip()
    if name == node.name:
        return Changes()
    if node.data is not None:
        raise OptionError(f"{node.label} is an array bound by this name", hint="bind it by another name")
    if not name and not isinstance(node.kind, Leaf):
        return Changes(names={node.id: None})
    check_name(name)
    if name.startswith("_"):
        raise OptionError(f'"{name}" would not be shown: a name that starts with _ is hidden')
    taken = {other.name for other in graph.nodes} | set(graph.constants) | set(bindings.names)
    if name in taken | set(request.view.leaves) | set(request.view.constants):
        raise OptionError(f'the name "{name}" is taken', hint="give it another one")
    return Changes(names={node.id: name})


def _wrap(asked: _Asked) -> Changes:
    return Changes(wraps={asked.request.node: _operation(asked.request)})


def _replace(asked: _Asked) -> Changes:
    return Changes(ops={_epilogue(asked).id: _operation(asked.request)})


def _remove(asked: _Asked) -> Changes:
    return Changes(removed=frozenset([_epilogue(asked).id]))


def _leaf(asked: _Asked) -> Changes:
    request, graph = asked.request, asked.graph
    node = graph[request.node]
    if not isinstance(node.kind, Leaf):
        raise OptionError(f"{node.label} is computed, so nothing fills it", hint="choose one of its leaves")
    bound = parse_leaf(request.text)
    if len(bound.shape) != len(node.shape):
        raise ShapeError(f"{node.label} has {len(node.shape)} sizes, and this has {len(bound.shape)}")
    leaves = {node.id: bound}
    changed = replace(graph, nodes=tuple(_filled(other, leaves) for other in graph.nodes))
    for dim, size in enumerate(bound.shape):
        if size != node.shape[dim]:
            leaves = {**leaves, **resized(changed, node.id, dim, size, leaves=leaves)}
    if leaves[node.id].shape != bound.shape:
        raise ShapeError(f"{node.label} cannot be {shape_text(bound.shape)}: two of its sizes are one axis")
    return Changes(leaves=leaves)


def _size(asked: _Asked) -> Changes:
    request, graph = asked.request, asked.graph
    node = graph[request.node]
    if request.dim >= len(node.shape):
        raise ShapeError(f"{node.label} has {len(node.shape)} sizes")
    return Changes(leaves=resized(graph, node.id, request.dim, request.size))


def _check_size(request: RewriteRequest, node: Node) -> None:
    """A number in the program, such as parts=4, may keep a size as it is."""
    if request.change == "size" and node.shape[request.dim] != request.size:
        raise ShapeError(
            f"{node.label} stays {shape_text(node.shape)}: a number in the program says so",
            hint="change it there",
        )


def _filled(node: Node, leaves: dict[int, LeafInput]) -> Node:
    """A node with its new leaf, still of its old sizes: the new leaf of an array may have any."""
    return replace(node, kind=leaves[node.id].leaf) if node.id in leaves else node


def _epilogue(asked: _Asked) -> Node:
    node = asked.graph[asked.request.node]
    if not isinstance(node.kind, Map) or len(node.inputs) != 1:
        raise OptionError(
            f"{node.label} is not an operation on one matrix",
            hint="only such a one can be replaced or removed",
        )
    return node


def _operation(request: RewriteRequest) -> MapOp:
    name = request.text.strip()
    names = [key for key, op in MAPS.items() if op.arity == 1]
    if name not in names:
        raise OptionError(f'"{name}" is not an operation on one matrix{suggest(name, names)}')
    fields = {key: int(value) if value.is_integer() else value for key, value in request.parameters.items()}
    made: MapOp = make_operation(name, (), fields)
    return made


_CHANGES: dict[str, Callable[[_Asked], Changes]] = {
    "rename": _rename,
    "wrap": _wrap,
    "replace": _replace,
    "remove": _remove,
    "leaf": _leaf,
    "size": _size,
}


# --- the view -------------------------------------------------------------------------------------


def _view(view: View, old: Graph, new: Graph, moved: dict[int, int], changes: Changes) -> View:
    labels = {node.label: new[moved[node.id]].label for node in old.nodes}
    sizes = {key for leaf in changes.leaves for key in _label_keys(old[leaf], new[moved[leaf]])}
    own = {key: value for key, value in new.constants.items() if key not in view.constants}
    return msgspec.structs.replace(
        view,
        program=to_program(replace(new, constants=own)),
        leaves=_leaves(view, old, new),
        labels={_renamed(key, labels): names for key, names in view.labels.items() if key not in sizes},
        partition=_splits(view.partition, labels),
        layout=msgspec.structs.replace(view.layout, custom=_by_label(view.layout.custom, labels)),
        film=msgspec.structs.replace(view.film, each=_by_label(view.film.each, labels)),
        selection=_selection(view.selection, moved),
        hidden=_ids(view.hidden, moved),
        faded=_ids(view.faded, moved),
        isolated=None if view.isolated is None else moved.get(view.isolated),
        stops=tuple(_stop(stop, labels, moved) for stop in view.stops),
    )


def _splits(partition: dict[str, int], labels: dict[str, str]) -> dict[str, int]:
    return {_renamed(key, labels): blocks for key, blocks in partition.items()}


def _stop(stop: Stop, labels: dict[str, str], moved: dict[int, int]) -> Stop:
    seen = stop.view
    if seen is not None:
        seen = msgspec.structs.replace(
            seen,
            partition=None if seen.partition is None else _splits(seen.partition, labels),
            layout=msgspec.structs.replace(seen.layout, custom=_by_label(seen.layout.custom, labels)),
            film=msgspec.structs.replace(seen.film, each=_by_label(seen.film.each, labels)),
            hidden=_ids(seen.hidden, moved),
            faded=_ids(seen.faded, moved),
            isolated=None if seen.isolated is None else moved.get(seen.isolated),
        )
    return msgspec.structs.replace(stop, selection=_selection(stop.selection, moved), view=seen)


def _leaves(view: View, old: Graph, new: Graph) -> dict[str, str]:
    """The texts of the named leaves: unchanged leaves as they were written, removed ones left out."""
    before, after = leaf_inputs(old), leaf_inputs(new)
    texts = {name: text for name, text in view.leaves.items() if name not in before}
    for name, bound in after.items():
        if isinstance(bound.leaf.source, Data):
            continue
        plain = (bound.shape, bound.leaf.source)
        if name in view.leaves and name in before and plain == _plain(before[name]):
            texts[name] = view.leaves[name]
        else:
            hidden = ("seed",) if bound.unseeded else ()
            texts[name] = leaf_text(bound.leaf, bound.shape, leave_out=hidden).text
    return texts


def _plain(bound: LeafInput) -> tuple[Any, Any]:
    return bound.shape, bound.leaf.source


def _label_keys(old: Node, new: Node) -> list[str]:
    """Keys of the labels along resized dimensions, which are dropped."""
    sides = ("rows", "cols")[2 - min(2, len(old.shape)) :]
    sizes = zip(sides, old.shape[-2:], new.shape[-2:], strict=False)
    return [f"{old.name}.{side}" for side, before, after in sizes if before != after]


def _renamed(key: str, labels: dict[str, str]) -> str:
    """``Q.rows`` or ``attn.i`` under the new name of its matrix."""
    name, dot, side = key.rpartition(".")
    return f"{labels.get(name, name)}{dot}{side}"


def _by_label(entries: dict[str, str], labels: dict[str, str]) -> dict[str, str]:
    return {labels.get(name, name): value for name, value in entries.items()}


def _ids(nodes: Iterable[int], moved: dict[int, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(moved[node] for node in nodes if node in moved))


def _selection(selection: Selection, moved: dict[int, int]) -> Selection:
    pins = tuple(
        msgspec.structs.replace(pin, node=moved[pin.node]) for pin in selection.pins if pin.node in moved
    )
    node = None if selection.node is None else moved.get(selection.node)
    return Selection(node, pins)


def _same(graph: Graph, other: Graph) -> bool:
    """Whether two graphs compute the same, node by node; labels and texts do not count."""
    return [_essence(node) for node in graph.nodes] == [_essence(node) for node in other.nodes]


def _essence(node: Node) -> tuple[Any, ...]:
    kind = node.kind.source if isinstance(node.kind, Leaf) else node.kind
    return kind, node.inputs, node.spec, node.shape, node.name
