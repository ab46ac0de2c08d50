"""Boxes in the body of another: the same cube read along other axes (option ``inside``).

``dA = dC @ B.T`` sums the products dC[i, j] · B[k, j], which lie at (i, j, k) in the cube of ``C = A @ B``.
Such a box has the host's corner and steps, with the letters exchanged. A face with the cells of a face of the
host is covered by it; any other is placed beside the host's face, further out along its normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal

from msgspec.structs import replace as changed

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph, Node
from matcube.layout.bounds import body_of, box_corners, sheet_spacing, slab_of
from matcube.layout.frame import add, cross, grown, scale, volumes
from matcube.layout.operands import Product, Show, plain_show, product, through_transposes
from matcube.layout.separation import Mover, least_push
from matcube.wire import Box, Face, Layout, Vec3

Pairs = Sequence[tuple[int, int]]
Letters = tuple[str, str]
Cells = tuple[int, Letters]  # a node, and the host's letters of its own rows and columns

_SIDES: tuple[Letters, ...] = (("i", "k"), ("k", "j"), ("i", "j"))


def outside(graph: Graph, pairs: Pairs) -> Graph:
    """The graph without the outputs that lie in other boxes; the rest is laid out unchanged.

    Raises:
        OptionError: a nested node has users, a host is nested itself, or one of the two is no product.
    """
    if not pairs:
        return graph
    inner = {node for node, _ in pairs}
    for node, host in pairs:
        _check(graph, graph[node], graph[host], inner)
    outputs = tuple(output for output in graph.outputs if through_transposes(graph, output).node not in inner)
    reached = graph.ancestors(*outputs)
    hosts = tuple(dict.fromkeys(host for _, host in pairs if host not in reached))
    return replace(graph, outputs=(*hosts, *outputs))


def _check(graph: Graph, node: Node, host: Node, inner: set[int]) -> None:
    for item in (node, host):
        if not isinstance(item.kind, Contraction):
            raise OptionError(
                f"{item.label} is no product, so it has no box to lie in another or to contain one"
            )
    if host.id in inner:
        raise OptionError(
            f"{node.label} cannot lie in {host.label}, which lies in another box itself",
            hint=f"put both in the same box, or take {host.label} out of inside",
        )
    users = [graph[use].label for use in graph.uses(node.id)]
    if users:
        raise OptionError(
            f"{node.label} cannot lie in the box of {host.label}: {users[0]} uses it",
            hint=f"take it out of inside, or leave out {users[0]}",
        )


@dataclass(frozen=True)
class _InnerFace:
    """A face of the inner box: its matrix, how it is shown, and the letters of its rows and columns."""

    role: Literal["left", "right", "result"]
    node: int
    show: Show
    letters: Letters

    def at(self, roles: Mapping[str, str]) -> Letters:
        """The host's letters of the displayed rows and columns."""
        return roles[self.letters[0]], roles[self.letters[1]]

    def cells(self, roles: Mapping[str, str]) -> Cells:
        """A key of its cells, equal for faces that coincide."""
        return self.node, _own(self.at(roles), self.show.transposed)


def attach(layout: Layout, graph: Graph, pairs: Pairs) -> Layout:
    """A layout with further boxes in the bodies of its boxes.

    Args:
        layout: of ``outside(graph, pairs)``.
        graph: the program.
        pairs: a product, and the product in whose box it lies; node ids.

    Raises:
        OptionError: the two boxes do not fit, letter by letter, or the host draws no box.
    """
    for node, host in pairs:
        box = next((item for item in layout.boxes if item.node == host), None)
        if box is None:
            raise OptionError(f"{graph[host].label} draws no box, so nothing can lie in it")
        layout = _attached(layout, graph, graph[node], box)
    return layout


def _attached(layout: Layout, graph: Graph, node: Node, host: Box) -> Layout:
    operands = tuple(through_transposes(graph, operand) for operand in node.inputs)
    inner = product(graph, node, operands, plain_show(graph, node.id))
    faces = (
        _InnerFace("left", operands[inner.left_at].node, inner.left, ("i", "k")),
        _InnerFace("right", operands[inner.right_at].node, inner.right, ("k", "j")),
        _InnerFace("result", node.id, plain_show(graph, node.id), ("i", "j")),
    )
    roles = _roles(faces, inner.sizes, _cells_at(layout, host), host)
    if roles is None:
        raise _misfit(graph, node, inner, host)
    box_id, ids = len(layout.boxes), []
    for inner_face in faces:
        face = _face(layout, graph, inner_face, host, roles)
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
    """Faces at a host, those of other boxes in it too, by their cells."""
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
    faces: Sequence[_InnerFace], sizes: Sequence[int], present: Mapping[Cells, Face], host: Box
) -> dict[str, str] | None:
    """The host's letter for each letter of the inner box; None where the boxes do not fit.

    Sizes must be equal, and an operand must coincide with a face of the host. The solution with the most such
    operands is taken, then with the most faces whose rows and columns have the host's order.
    """
    host_size, best, most = dict(zip("ijk", host.sizes, strict=True)), None, (0, 0)
    for letters in permutations("ijk"):
        roles = dict(zip("ijk", letters, strict=True))
        if any(host_size[roles[item]] != size for item, size in zip("ijk", sizes, strict=True)):
            continue
        cells = [face.cells(roles) for face in faces]
        score = sum(key in present for key in cells[:2]), sum(own in _SIDES for _, own in cells)
        if score[0] and score > most:
            best, most = roles, score
    return best


def _face(layout: Layout, graph: Graph, inner: _InnerFace, host: Box, roles: Mapping[str, str]) -> Face:
    """A face of the inner box: covered by the face with the same cells, or beside the host's."""
    row, col = inner.at(roles)
    sides = dict(zip(map(frozenset, _SIDES), (host.left, host.right, host.result), strict=True))
    beside = layout.faces[sides[frozenset((row, col))]]
    cover = _cells_at(layout, host).get(inner.cells(roles))
    steps = dict(zip("ijk", _steps(host), strict=True))
    splits = dict(zip("ijk", host.splits, strict=True))
    rows, cols = inner.show.sizes(graph[inner.node])
    face = Face(
        id=len(layout.faces), node=inner.node, chain=(inner.node,), transposed=inner.show.transposed,
        origin=beside.origin, across=steps[col], down=steps[row], rows=rows, cols=cols, role=inner.role,
        box=None, row_letter=inner.letters[0], col_letter=inner.letters[1],
        row_split=splits[row], col_split=splits[col],
    )  # fmt: skip
    if cover is not None:
        owner = cover.id if cover.alias_of is None else cover.alias_of
        return changed(face, origin=cover.origin, cover=cover.id, alias_of=owner)
    _check_drawn(graph, inner, host)
    shown = next((item.id for item in layout.faces if item.node == inner.node), None)
    return changed(face, origin=_beside(layout, face, beside, host), alias_of=shown)


def _check_drawn(graph: Graph, face: _InnerFace, host: Box) -> None:
    """Refuse an operand that is a product itself; its box has no place beside the host's face."""
    node = graph[face.node]
    if face.role != "result" and isinstance(node.kind, Contraction) and node.id != host.node:
        raise OptionError(
            f"{node.label} is itself a product, and its box has no place beside "
            f"that of {graph[host.node].label}",
            hint=f"give {node.label} as values, or take it out of inside",
        )


def _beside(layout: Layout, face: Face, beside: Face, host: Box) -> Vec3:
    """The origin of a face in free space, further out than a face of the host."""
    normal = cross(beside.across, beside.down)
    middle = add(*(scale(corner, 1 / 8) for corner in box_corners(host)))
    offset = add(beside.origin, scale(middle, -1))
    is_out = sum(a * b for a, b in zip(offset, normal, strict=True)) > 0
    out = normal if is_out else scale(normal, -1)
    spacing = sheet_spacing(face.rows, face.cols, layout.gap)
    drawn = [item for item in layout.faces if item.cover is None]
    still = volumes([*map(slab_of, drawn), *map(body_of, layout.boxes)])
    margin = max(layout.gap / 2, 0.75 * (spacing - 1))  # wider than the space between two sheets
    away = least_push(Mover(volumes([slab_of(face)]), out), grown(still, margin), spacing)
    return add(face.origin, scale(out, away))


def _steps(box: Box) -> tuple[Vec3, Vec3, Vec3]:
    return box.i_step, box.j_step, box.k_step


def _own(letters: Letters, transposed: bool) -> Letters:
    """Letters of a matrix's own rows and columns, from those displayed."""
    return (letters[1], letters[0]) if transposed else letters


def _misfit(graph: Graph, node: Node, inner: Product, host: Box) -> OptionError:
    other = graph[host.node]
    sizes = [f"{i} × {k} by {k} × {j}" for i, j, k in (inner.sizes, host.sizes)]
    return OptionError(
        f"{node.label} ({sizes[0]}) does not lie in the box of {other.label} ({sizes[1]}): its operands "
        "and its result must be the faces of that box, letter by letter",
        hint="C = A @ B contains dA = dC @ B.T and dB = A.T @ dC, where dC has the size of C",
    )
