"""Boxes that lie in the body of another: the same cube read along other axes.

``dA = dC @ B.T`` sums the products dC[i, j] · B[k, j], which lie at (i, j, k) in the cube of ``C = A @ B``.
Such a box takes over the host's corner and steps, letters exchanged. An operand that lies at a face of
the host already is covered by it; any other face is placed beside the host's, further out along its normal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal

from msgspec.structs import replace as changed

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph, Node
from matcube.layout.bounds import body_of, box_corners, slab_of
from matcube.layout.frame import add, cross, grown, scale, volumes
from matcube.layout.operands import Product, Show, looked_through, plain_show, product
from matcube.layout.separation import Mover, least_push
from matcube.layout.solve import SHEET_SHARE
from matcube.wire import Box, Face, Layout, Vec3

Pairs = Sequence[tuple[int, int]]
Letters = tuple[str, str]
Cells = tuple[int, Letters]

_SIDES: tuple[Letters, ...] = (("i", "k"), ("k", "j"), ("i", "j"))


def outside(graph: Graph, pairs: Pairs) -> Graph:
    """The graph without the outputs that lie in other boxes; what is left is laid out as ever.

    Raises:
        OptionError: a node cannot lie in another: it is used further on, or one of the two is no product.
    """
    if not pairs:
        return graph
    inner = {node for node, _ in pairs}
    for node, host in pairs:
        _check(graph, graph[node], graph[host], inner)
    outputs = tuple(output for output in graph.outputs if looked_through(graph, output).node not in inner)
    reached = _reached(graph, outputs)
    hosts = tuple(dict.fromkeys(host for _, host in pairs if host not in reached))
    return replace(graph, outputs=(*hosts, *outputs))


def _check(graph: Graph, node: Node, host: Node, inner: set[int]) -> None:
    for item in (node, host):
        if not isinstance(item.kind, Contraction):
            raise OptionError(
                f"{item.label} is no product, so it has no box to lie in another or to hold one"
            )
    if host.id in inner:
        raise OptionError(
            f"{node.label} cannot lie in {host.label}, which lies in another box itself",
            hint=f"let both lie in the same box, or {host.label} stand on its own",
        )
    users = [graph[use].label for use in graph.uses(node.id)]
    if users:
        raise OptionError(
            f"{node.label} cannot lie in the box of {host.label}: {users[0]} uses it, and is drawn from it",
            hint=f"take it out of inside, or leave out {users[0]}",
        )


def _reached(graph: Graph, outputs: Iterable[int]) -> set[int]:
    result, waiting = set(outputs), list(outputs)
    while waiting:
        for operand in graph[waiting.pop()].inputs:
            if operand not in result:
                result.add(operand)
                waiting.append(operand)
    return result


@dataclass(frozen=True)
class _Part:
    """A face of the inner box: which matrix, how it is shown, and the letters of its rows and columns."""

    role: Literal["left", "right", "result"]
    node: int
    show: Show
    letters: Letters

    def at(self, roles: Mapping[str, str]) -> Letters:
        """The host's letters of its rows and columns."""
        return roles[self.letters[0]], roles[self.letters[1]]

    def cells(self, roles: Mapping[str, str]) -> Cells:
        """The matrix, and the host's letters of its own rows and columns: equal where the same cells lie."""
        return self.node, _own(self.at(roles), self.show.transposed)


def attach(layout: Layout, graph: Graph, pairs: Pairs) -> Layout:
    """A layout with further boxes in the bodies of those that it has.

    Args:
        layout: of ``outside(graph, pairs)``.
        graph: the program.
        pairs: node of a product, and of the product in whose box it lies.

    Raises:
        OptionError: the two boxes do not fit, letter by letter.
    """
    for node, host in pairs:
        box = next((item for item in layout.boxes if item.node == host), None)
        if box is None:
            raise OptionError(f"{graph[host].label} draws no box, so nothing can lie in it")
        layout = _attached(layout, graph, graph[node], box)
    return layout


def _attached(layout: Layout, graph: Graph, node: Node, host: Box) -> Layout:
    operands = tuple(looked_through(graph, operand) for operand in node.inputs)
    inner = product(graph, node, operands, plain_show(graph, node.id))
    parts = (
        _Part("left", operands[inner.left_at].node, inner.left, ("i", "k")),
        _Part("right", operands[inner.right_at].node, inner.right, ("k", "j")),
        _Part("result", node.id, plain_show(graph, node.id), ("i", "j")),
    )
    roles = _roles(parts, inner.sizes, _cells_at(layout, host), host)
    if roles is None:
        raise _misfit(graph, node, inner, host)
    box_id, ids = len(layout.boxes), []
    for part in parts:
        face = _face(layout, graph, part, host, roles)
        ids.append(face.id)
        layout = changed(layout, faces=(*layout.faces, changed(face, box=box_id)))
    steps = dict(zip("ijk", (host.i_step, host.j_step, host.k_step), strict=True))
    splits = dict(zip("ijk", host.splits, strict=True))
    box = Box(
        id=box_id, node=node.id, transposed=inner.swapped, left=ids[0], right=ids[1], result=ids[2],
        corner=host.corner, i_step=steps[roles["i"]], j_step=steps[roles["j"]], k_step=steps[roles["k"]],
        sizes=inner.sizes, arrangement=host.arrangement, parent=None,
        splits=(splits[roles["i"]], splits[roles["j"]], splits[roles["k"]]),
    )  # fmt: skip
    return changed(layout, boxes=(*layout.boxes, box))


def _cells_at(layout: Layout, host: Box) -> dict[Cells, Face]:
    """The faces that lie at a host already, those of other boxes in it too, by their cells."""
    result: dict[Cells, Face] = {}
    for box in layout.boxes:
        if box.corner != host.corner or box_corners(box)[-1] != box_corners(host)[-1]:
            continue
        letter_of = {step: letter for letter, step in zip("ijk", _steps(host), strict=True)}
        of = {own: letter_of[step] for own, step in zip("ijk", _steps(box), strict=True)}
        for face_id, (row, col) in ((box.left, "ik"), (box.right, "kj"), (box.result, "ij")):
            face = layout.faces[face_id]
            if face.cover is None:
                result.setdefault((face.node, _own((of[row], of[col]), face.transposed)), face)
    return result


def _roles(
    parts: Sequence[_Part], sizes: Sequence[int], known: Mapping[Cells, Face], host: Box
) -> dict[str, str] | None:
    """The host's letter for each letter of the inner box; None where they do not fit.

    Sizes must be equal, and an operand must lie at a face of the host already. Of several ways that takes
    the most such operands, then rows and columns in the host's own order.
    """
    host_size, best, most = dict(zip("ijk", host.sizes, strict=True)), None, (0, 0)
    for letters in permutations("ijk"):
        roles = dict(zip("ijk", letters, strict=True))
        if any(host_size[roles[item]] != size for item, size in zip("ijk", sizes, strict=True)):
            continue
        cells = [part.cells(roles) for part in parts]
        result = sum(cell in known for cell in cells[:2]), sum(own in _SIDES for _, own in cells)
        if result[0] and result > most:
            best, most = roles, result
    return best


def _face(layout: Layout, graph: Graph, part: _Part, host: Box, roles: Mapping[str, str]) -> Face:
    """A face of the inner box: under the face that shows its cells, or beside the host's."""
    row, col = part.at(roles)
    sides = dict(zip(map(frozenset, _SIDES), (host.left, host.right, host.result), strict=True))
    beside = layout.faces[sides[frozenset((row, col))]]
    cover = _cells_at(layout, host).get(part.cells(roles))
    steps = dict(zip("ijk", _steps(host), strict=True))
    splits = dict(zip("ijk", host.splits, strict=True))
    rows, cols = part.show.sizes(graph[part.node])
    face = Face(
        id=len(layout.faces), node=part.node, chain=(part.node,), transposed=part.show.transposed,
        origin=beside.origin, across=steps[col], down=steps[row], rows=rows, cols=cols, role=part.role,
        box=None, row_letter=part.letters[0], col_letter=part.letters[1],
        row_split=splits[row], col_split=splits[col],
    )  # fmt: skip
    if cover is not None:
        owner = cover.id if cover.alias_of is None else cover.alias_of
        return changed(face, origin=cover.origin, cover=cover.id, alias_of=owner)
    _check_drawn(graph, part, host)
    shown = next((item.id for item in layout.faces if item.node == part.node), None)
    return changed(face, origin=_beside(layout, face, beside, host), alias_of=shown)


def _check_drawn(graph: Graph, part: _Part, host: Box) -> None:
    """Refuse an operand that is a product itself: its box has no place beside the host's face."""
    node = graph[part.node]
    if part.role != "result" and isinstance(node.kind, Contraction) and node.id != host.node:
        raise OptionError(
            f"{node.label} is a product of its own, and its box has no place at "
            f"that of {graph[host.node].label}",
            hint=f"give {node.label} as values, or take it out of inside",
        )


def _beside(layout: Layout, face: Face, beside: Face, host: Box) -> Vec3:
    """Further out than a face of the host, where nothing lies."""
    normal = cross(beside.across, beside.down)
    middle = add(*(scale(corner, 1 / 8) for corner in box_corners(host)))
    offset = add(beside.origin, scale(middle, -1))
    is_out = sum(a * b for a, b in zip(offset, normal, strict=True)) > 0
    out = normal if is_out else scale(normal, -1)
    spacing = max(1.0, layout.gap, min(face.rows, face.cols) * SHEET_SHARE)
    drawn = [item for item in layout.faces if item.cover is None]
    still = volumes([*map(slab_of, drawn), *map(body_of, layout.boxes)])
    margin = max(layout.gap / 2, 0.75 * (spacing - 1))  # it fits between no two sheets
    away = least_push(Mover(volumes([slab_of(face)]), out), grown(still, margin), spacing)
    return add(face.origin, scale(out, away))


def _steps(box: Box) -> tuple[Vec3, Vec3, Vec3]:
    return box.i_step, box.j_step, box.k_step


def _own(letters: Letters, transposed: bool) -> Letters:
    """The letters of a matrix's own rows and columns."""
    return (letters[1], letters[0]) if transposed else letters


def _misfit(graph: Graph, node: Node, inner: Product, host: Box) -> OptionError:
    other = graph[host.node]
    sizes = [f"{i} × {k} by {k} × {j}" for i, j, k in (inner.sizes, host.sizes)]
    return OptionError(
        f"{node.label} ({sizes[0]}) does not lie in the box of {other.label} ({sizes[1]}): its operands "
        "and its result must be the faces of that box, letter by letter",
        hint="C = A @ B holds dA = dC @ B.T and dB = A.T @ dC, with dC as large as C",
    )
