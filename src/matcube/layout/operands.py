"""Reading of a graph for layout: operands below transposes, every matrix as displayed rows and columns."""

from __future__ import annotations

from dataclasses import dataclass

from matcube.errors import ShapeError
from matcube.ir import Contraction, Graph, Node, Reindex


@dataclass(frozen=True)
class Show:
    """Dimensions of a node down and across its face; None: no dimension, size 1.

    ``Show(0, 1)`` is a matrix as it is, ``Show(1, 0)`` its transpose; ``Show(None, 0)`` is a vector as a
    row, ``Show(0, None)`` as a column.
    """

    row: int | None
    col: int | None

    def sizes(self, node: Node) -> tuple[int, int]:
        """Displayed rows and columns."""
        return _size(node, self.row), _size(node, self.col)

    @property
    def transposed(self) -> bool:
        """Whether displayed (r, c) is the node's own (c, r); a vector's own form is 1 x n."""
        return self.row == 1 or (self.row == 0 and self.col is None)

    def through(self, dims: tuple[int, ...]) -> Show:
        """The same picture in the dimensions ``dims`` of the node below transposes."""
        return Show(
            None if self.row is None else dims[self.row],
            None if self.col is None else dims[self.col],
        )


@dataclass(frozen=True)
class Operand:
    """An operand below transposes: its dimension d is dimension ``dims[d]`` of ``node``."""

    node: int
    dims: tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """A contraction as a box: displayed sizes (i, j, k), and how its left and right argument are shown.

    ``swapped``: the left argument is the second operand.
    """

    node: int
    swapped: bool
    sizes: tuple[int, int, int]
    left: Show
    right: Show

    @property
    def left_at(self) -> int:
        """Position of the left argument among the operands."""
        return int(self.swapped)

    @property
    def right_at(self) -> int:
        """Position of the right argument among the operands."""
        return 1 - self.left_at


def through_transposes(graph: Graph, node_id: int) -> Operand:
    """The node below transposes, whose buffer they show; double transposes cancel."""
    dims = tuple(range(len(graph[node_id].shape)))
    while (step := permutation(graph, graph[node_id])) is not None:
        node_id, dims = graph[node_id].inputs[0], tuple(step[dim] for dim in dims)
    return Operand(node_id, dims)


def operand_show(node: Node, operand: Operand, position: int, show: Show, rank: int) -> Show:
    """How an operand of a map or re-indexing is shown.

    Rows and columns follow the letters; a dimension that the operand lacks is None.

    Args:
        node: the map or re-indexing.
        operand: below transposes.
        position: of the operand.
        show: how the node is shown.
        rank: number of dimensions of the operand.
    """
    letters, output = node.spec.inputs[position], node.spec.output

    def follow(dim: int | None) -> int | None:
        if dim is None:
            return None
        if output[dim] in letters:
            return letters.index(output[dim])
        return dim if len(letters) == len(output) else None

    row, col = follow(show.row), follow(show.col)
    free = [dim for dim in range(rank) if dim not in (row, col)]
    if free and col is None:
        col = free.pop()
    if free and row is None:
        row = free.pop()
    return Show(row, col).through(operand.dims)


def product(graph: Graph, node: Node, operands: tuple[Operand, ...], show: Show) -> Product:
    """A contraction as a box: its letters as rows, columns and depth.

    ``i`` is the letter that the result has from the first operand, ``j`` from the second, ``k`` the summed
    letter; a missing letter has size 1. Shown with j down, the operands are swapped: (A @ B).T is the box
    B.T @ A.T.

    Args:
        graph: of the node.
        node: the contraction.
        operands: its operands, below transposes.
        show: how the result is shown.

    Raises:
        ShapeError: the spec is not a product of two matrices or vectors.
    """
    first, second, summed = _roles(node)
    down = None if show.row is None else node.spec.output[show.row]
    across = None if show.col is None else node.spec.output[show.col]
    swapped = (second is not None and down == second) or (first is not None and across == first)

    def shown(position: int, row: str | None, col: str | None) -> Show:
        letters = node.spec.inputs[position]
        result = Show(
            letters.index(row) if row in letters else None, letters.index(col) if col in letters else None
        )
        return result.through(operands[position].dims)

    if swapped:
        first, second = second, first
    left, right = shown(int(swapped), first, summed), shown(1 - int(swapped), summed, second)
    rows, depth = left.sizes(graph[operands[int(swapped)].node])
    cols = right.sizes(graph[operands[1 - int(swapped)].node])[1]
    return Product(node.id, swapped, (rows, cols, depth), left, right)


def plain_show(graph: Graph, node_id: int) -> Show:
    """How a node without a user is shown: as it is; ``A @ v`` as a column."""
    node = graph[node_id]
    rank = flat_rank(node)
    if rank == 2:
        return Show(0, 1)
    if rank == 0:
        return Show(None, None)
    if isinstance(node.kind, Contraction) and node.spec.output[0] in node.spec.inputs[0]:
        return Show(0, None)
    return Show(None, 0)


def flat_rank(node: Node) -> int:
    """The number of dimensions, at most 2.

    Raises:
        ShapeError: a node with more.
    """
    rank = len(node.shape)
    if rank > 2:
        size = "×".join(str(n) for n in node.shape)
        raise ShapeError(
            f'"{node.label}" has {rank} dimensions ({size}), and a face has two',
            span=node.span,
            hint="expand heads before a graph is laid out",
        )
    return rank


def _roles(node: Node) -> tuple[str | None, str | None, str | None]:
    """The letters that are i, j and k."""
    roles = node.spec.roles
    if roles is None or not roles.is_plain:
        raise ShapeError(
            f'"{node.label}" ({node.spec}) cannot be drawn as one box: a box has rows from one operand, '
            "columns from the other and one summed letter",
            span=node.span,
            hint='the spec of a box is like "i k, k j -> i j"; cell by cell write A * B',
        )
    first, second, summed = (next(iter(group), None) for group in (roles.rows, roles.cols, roles.summed))
    return first, second, summed


def permutation(graph: Graph, node: Node) -> tuple[int, ...] | None:
    """Of a transpose: the operand's dimension for each of its own; None for any other node."""
    if not isinstance(node.kind, Reindex) or len(node.inputs) != 1:
        return None
    before, after = node.spec.inputs[0], node.spec.output
    if before == after or sorted(before) != sorted(after) or len(set(after)) < len(after):
        return None
    dims = tuple(before.index(letter) for letter in after)
    source = graph[node.inputs[0]]
    return dims if node.shape == tuple(source.shape[dim] for dim in dims) else None


def _size(node: Node, dim: int | None) -> int:
    return 1 if dim is None else node.shape[dim]
