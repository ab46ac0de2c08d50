"""What a placement must fulfil, judged from its faces and boxes alone; every function asserts."""

from __future__ import annotations

import numpy as np

from matcube.ir import Contraction, Graph, Leaf
from matcube.layout import Arrangement, LayoutOptions, box_corners, face_corners
from matcube.ops import Cells
from matcube.wire import Box, Face, Layout, Split, Vec3

EPS = 1e-6


def volume_of(
    corners: tuple[Vec3 | np.ndarray, ...], thickness: tuple[float, ...] | None = None
) -> np.ndarray:
    points = np.array(corners)
    pad = np.zeros(3) if thickness is None else np.abs(np.array(thickness)) / 2
    return np.concatenate([points.min(axis=0) - pad, points.max(axis=0) + pad])


def named_volumes(placement: Layout) -> list[tuple[str, np.ndarray]]:
    """Boxes' bodies, and faces as slabs of one unit (a cell is a ball of at most one unit)."""
    result = [body for box in placement.boxes for body in bodies(box)]
    for face in placement.faces:
        normal = tuple(float(v) for v in np.cross(face.across, face.down))
        result.append((f"face {face.id} ({face.role})", volume_of(face_corners(face), normal)))
    return [(name, volume) for name, volume in result if np.all(volume[:3] < volume[3:] - EPS)]


def bodies(box: Box) -> list[tuple[str, np.ndarray]]:
    """The whole body of a box, or a body to each block of k, between which its sheets of partial sums lie."""
    i, j, _ = box.extents
    split, result = box.splits[2], []
    length = max(1, box.sizes[2]) if split is None else split.length
    for start in range(0, box.sizes[2], length):
        stop = min(box.sizes[2], start + length)
        low, high = (start, stop) if split is None else (split.place(start), split.place(stop - 1) + 1)
        corner, steps = np.array(box.corner), [np.array(v) for v in (box.i_step, box.j_step, box.k_step)]
        ends = (corner + steps[2] * low, corner + steps[0] * i + steps[1] * j + steps[2] * high)
        result.append((f"box {box.id} from k = {start}", volume_of(ends)))
    return result


def placed(index: int, split: Split | None) -> int:
    """The place of a cell, counted gap by gap."""
    return (
        index + sum(split.gap for cell in range(1, index + 1) if cell % split.length == 0) if split else index
    )


def overlaps(placement: Layout) -> list[tuple[str, str]]:
    named = named_volumes(placement)
    if not named:
        return []
    table = np.array([volume for _, volume in named])
    low, high = table[:, :3], table[:, 3:]
    meet = np.all((low[:, None] < high[None] - EPS) & (low[None] < high[:, None] - EPS), axis=-1)
    return [(named[a][0], named[b][0]) for a, b in np.argwhere(np.triu(meet, 1))]


def assert_free_of_overlap(placement: Layout) -> None:
    assert overlaps(placement) == []


def cell_centre(face: Face, row: int, col: int) -> np.ndarray:
    origin, across, down = (np.array(v) for v in (face.origin, face.across, face.down))
    return origin + across * (placed(col, face.col_split) + 0.5) + down * (placed(row, face.row_split) + 0.5)


def product_centre(box: Box, i: int, j: int, k: int) -> np.ndarray:
    steps = [np.array(v) for v in (box.i_step, box.j_step, box.k_step)]
    places = [placed(n, split) for n, split in zip((i, j, k), box.splits, strict=True)]
    return np.array(box.corner) + sum(step * (n + 0.5) for step, n in zip(steps, places, strict=True))


def assert_on_normal(face: Face, row: int, col: int, point: np.ndarray) -> None:
    """The line through a cell along its face's normal passes through the point."""
    away = point - cell_centre(face, row, col)
    assert abs(away @ np.array(face.across)) < EPS
    assert abs(away @ np.array(face.down)) < EPS


def assert_products_project(placement: Layout) -> None:
    """Product (i, j, k) projects to result (i, j), left (i, k) and right (k, j), and lies off all three."""
    for box in placement.boxes:
        left, right, result = (placement.faces[face] for face in (box.left, box.right, box.result))
        rows, cols, depth = box.sizes
        assert (result.rows, result.cols) == (rows, cols)
        assert (left.rows, left.cols) == (rows, depth)
        assert (right.rows, right.cols) == (depth, cols)
        places = [(0, 0, 0), (rows - 1, cols - 1, depth - 1), (rows - 1, 0, depth // 2), (0, cols // 2, 0)]
        for i, j, k in places:
            if min(i, j, k) < 0:
                continue
            point = product_centre(box, i, j, k)
            assert_on_normal(result, i, j, point)
            assert_on_normal(left, i, k, point)
            assert_on_normal(right, k, j, point)


def assert_arranged(placement: Layout) -> None:
    """Every face lies on the side that its box's arrangement says, at least a gap away from the body.

    Right, up and front of a box are read from its result face: columns go right, rows go down.
    """
    for box in placement.boxes:
        result = placement.faces[box.result]
        right, up = np.array(result.across), -np.array(result.down)
        front = np.cross(right, up)
        body = np.array(box_corners(box))
        code = Arrangement.parse(box.arrangement)
        sides = [
            (placement.faces[box.left], right if code.left_on_right else -right),
            (placement.faces[box.right], -up if code.right_on_bottom else up),
            (result, -front if code.result_at_back else front),
        ]
        for face, out in sides:
            assert np.allclose(np.abs(np.cross(face.across, face.down)), np.abs(out))
            distance = np.array(face.origin) @ out - (body @ out).max()
            assert distance >= placement.gap - EPS
        assert np.allclose(box.k_step, -front if code.positive else front)
        for face, outward in ((sides[0][0], -right), (sides[1][0], up)):
            looks = np.cross(face.across, -np.array(face.down))
            assert np.allclose(looks, -outward if code.positive else outward)


def assert_consistent(graph: Graph, placement: Layout) -> None:
    """Ids are places, shapes are the graph's, chains begin with the node, boxes do not outnumber products."""
    for place, face in enumerate(placement.faces):
        assert face.id == place
        shape = graph[face.node].shape
        own = (1,) * (2 - len(shape)) + shape
        assert (face.cols, face.rows) == own if face.transposed else (face.rows, face.cols) == own
        assert face.chain[0] == face.node
        if face.alias_of is not None:
            owner = placement.faces[face.alias_of]
            assert owner.node == face.node
            assert owner.alias_of is None
    owners = [face.node for face in placement.faces if face.alias_of is None and face.part is None]
    assert len(owners) == len(set(owners))
    for place, box in enumerate(placement.boxes):
        assert box.id == place
        assert placement.faces[box.result].role == "result"
        assert placement.faces[box.result].chain[-1] == box.node
        assert box.parent is None or box.parent < box.id
    nodes = [box.node for box in placement.boxes]
    assert len(nodes) == len(set(nodes))


def assert_sound(graph: Graph, placement: Layout, most: int = LayoutOptions.parts) -> None:
    assert_consistent(graph, placement)
    assert_products_project(placement)
    assert_arranged(placement)
    assert_free_of_overlap(placement)
    assert_parts(placement, most)


def assert_parts(placement: Layout, most: int) -> None:
    """A sheet to each block of k, beside it on the result's side, its cells in line with the result's."""
    for box in placement.boxes:
        parts = [face for face in placement.faces if face.part is not None and face.box == box.id]
        split = box.splits[2]
        blocks = 0 if split is None else -(-box.sizes[2] // split.length)
        blocks = blocks if blocks <= most else 0
        assert [face.part for face in parts] == list(range(blocks))
        result = placement.faces[box.result]
        out = np.cross(result.across, result.down)
        for face in parts:
            assert split is not None
            assert face.part is not None
            assert (face.node, face.role, face.alias_of) == (box.node, "sheet", None)
            first = face.part * split.length
            last = min(box.sizes[2], first + split.length) - 1
            for i, j in ((0, 0), (box.sizes[0] - 1, box.sizes[1] - 1)):
                if min(i, j) < 0:
                    continue
                assert np.allclose((cell_centre(face, i, j) - cell_centre(result, i, j)) @ face.across, 0)
                assert np.allclose((cell_centre(face, i, j) - cell_centre(result, i, j)) @ face.down, 0)
                ends = [product_centre(box, i, j, k) for k in (first, last)]
                away = [abs((end - cell_centre(result, i, j)) @ out) for end in ends]
                own = abs((cell_centre(face, i, j) - cell_centre(result, i, j)) @ out)
                assert abs(min(away) - own - 0.5 - split.gap / 2) < EPS


def values_of(graph: Graph, seed: int = 0) -> list[np.ndarray]:
    """Every node's values over random leaves, by einsum and the operations themselves."""
    rng = np.random.default_rng(seed)
    result: list[np.ndarray] = []
    for node in graph.nodes:
        operands = [result[operand] for operand in node.inputs]
        if isinstance(node.kind, Leaf):
            result.append(rng.standard_normal(node.shape))
        elif isinstance(node.kind, Contraction):
            numbers = {letter: n for n, letter in enumerate(sorted({*sum(node.spec.inputs, ())}))}
            groups = [[numbers[letter] for letter in letters] for letters in node.spec.inputs]
            pairs = [item for pair in zip(operands, groups, strict=True) for item in pair]
            result.append(np.einsum(*pairs, [numbers[letter] for letter in node.spec.output]))
        else:
            result.append(node.kind.op(*(Cells(values) for values in operands)).values)
        assert result[-1].shape == node.shape
    return result


def displayed(face: Face, values: list[np.ndarray]) -> np.ndarray:
    """The matrix that a face shows, in displayed rows and columns."""
    shown = np.atleast_2d(values[face.node])
    return shown.T if face.transposed else shown


def assert_faces_multiply(graph: Graph, placement: Layout) -> None:
    """Left @ right as displayed is the box's node, either way round, and so its raw sheet says."""
    values = values_of(graph)
    for box in placement.boxes:
        left, right = (displayed(placement.faces[face], values) for face in (box.left, box.right))
        made, whole = left @ right, np.atleast_2d(values[box.node])
        assert any(made.shape == own.shape and np.allclose(made, own) for own in (whole, whole.T))
        for face in placement.faces:
            if face.box == box.id and face.node == box.node and face.role in ("result", "sheet"):
                assert np.allclose(displayed(face, values), made)
