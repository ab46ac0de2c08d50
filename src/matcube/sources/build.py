"""Construction of a graph: shape inference, canonical text, names, seeds.

Program text and lazy matrices build their graphs with ``Builder``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matcube.errors import ShapeError, Span
from matcube.errors.words import shorten
from matcube.ir.check import verify
from matcube.ir.graph import Contraction, Graph, Kind, Leaf, Map, Node, Reindex, Shape
from matcube.ir.program import seed_of
from matcube.ir.render import ATOM, PRODUCT, Rendered, infix, leaf_text, map_text, move_text, render
from matcube.ir.shapes import (
    broadcast_spec,
    first_conflict,
    leaf_spec,
    letters_of,
    matmul_spec,
    result_shape,
    same_spec,
    shape_text,
)
from matcube.ir.spec import IndexSpec
from matcube.ops import MapOp, ReindexOp
from matcube.sources.shape_errors import (
    Mismatch,
    Operand,
    broadcast_error,
    einsum_error,
    matmul_error,
)

MAX_RANK = 8
MAX_TEXT = 400
MAX_SIZE = 2**31 - 1


@dataclass(frozen=True)
class Where:
    """Spans of a node in the program: the whole, its operator, and each of its operands."""

    span: Span | None = None
    mark: Span | None = None
    operands: tuple[Span | None, ...] = ()

    def operand(self, place: int) -> Span | None:
        """The span of an operand if available, else of the whole."""
        return self.operands[place] if place < len(self.operands) else self.span


NOWHERE = Where()


class Builder:
    """Adds nodes in order, and returns the graph at the end.

    Args:
        text: the program text, for errors.

    Example:
        >>> from matcube.ir import Hollow, Leaf
        >>> build = Builder()
        >>> a = build.leaf((2, 3), Leaf(Hollow()), name="A")
        >>> b = build.leaf((3, 4), Leaf(Hollow()), name="B")
        >>> build.graph(build.matmul(a, b)).root.text
        'A @ B'
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._nodes: list[Node] = []
        self._rendered: list[Rendered] = []
        self._unseeded: list[int] = []

    def __getitem__(self, node_id: int) -> Node:
        return self._nodes[node_id]

    def __len__(self) -> int:
        return len(self._nodes)

    def leaf(
        self,
        shape: Shape,
        leaf: Leaf,
        *,
        name: str | None = None,
        unseeded: bool = False,
        where: Where = NOWHERE,
    ) -> int:
        """Add a leaf.

        Args:
            shape: its sizes.
            leaf: the source of its values, and its labels.
            name: its name, or None.
            unseeded: whether its seed is derived from its name, or its index among unnamed leaves.
            where: its spans in the program text, for errors.

        Returns:
            The node's id.
        """
        hidden = ("seed",) if unseeded else ()
        node = self._add(
            leaf, (), leaf_spec(len(shape)), shape, leaf_text(leaf, shape, leave_out=hidden), where
        )
        if unseeded:
            self._unseeded.append(node)
        if name is not None:
            self.name(node, name)
        return node

    def matmul(self, left: int, right: int, *, where: Where = NOWHERE) -> int:
        """Add ``left @ right``, by NumPy's rules for vectors, matrices and batches.

        ``C[h, i, j] = Σ_k A[h, i, k] · B[h, k, j]``; batch dimensions h broadcast.

        Args:
            left: id of A.
            right: id of B.
            where: its spans in the program text, for errors.

        Returns:
            The node's id.

        Raises:
            ShapeError: the sizes of k or h differ, or an operand is a single number.

        Example:
            >>> from matcube.ir import Hollow, Leaf
            >>> build = Builder()
            >>> a, b = (build.leaf(shape, Leaf(Hollow())) for shape in [(8, 2, 3), (3, 4)])
            >>> build[build.matmul(a, b)].shape
            (8, 2, 4)
        """
        a, b = self._operands((left, right))
        if not a.shape or not b.shape:
            single = a if not a.shape else b
            whole = shorten(infix("@", PRODUCT, a.rendered, b.rendered).text)
            raise self.shape_error(
                f'in "{whole}": {single.text} is a single number; write * for @', where.mark
            )
        spec = matmul_spec(a.shape, b.shape)
        if first_conflict(spec, (a.shape, b.shape)):
            raise self._placed(matmul_error(a, b, spec), where)
        return self.contract(spec, (left, right), where=where)

    def contract(self, spec: IndexSpec, operands: Sequence[int], *, where: Where = NOWHERE) -> int:
        """Add a sum of products by an index spec, ``h i d, h j d -> h i j``.

        Args:
            spec: letters of the operands and of the result; letters that the result lacks are summed.
            operands: ids, one for each group of letters.
            where: its spans in the program text, for errors.

        Returns:
            The node's id.

        Raises:
            ShapeError: a letter has two sizes.

        Example:
            >>> from matcube.ir import Hollow, Leaf
            >>> build = Builder()
            >>> q, k = (build.leaf((4, rows, 16), Leaf(Hollow())) for rows in (10, 9))
            >>> build[build.contract(IndexSpec.parse("h i d, h j d -> h i j"), (q, k))].shape
            (4, 10, 9)
        """
        shapes = [self[node].shape for node in operands]
        if first_conflict(spec, shapes):
            raise self._placed(einsum_error(self._operands(operands), spec), where)
        return self._make(Contraction(), operands, spec, result_shape(spec, shapes), where)

    def map(
        self, op: MapOp, operands: Sequence[int], *, text: Rendered | None = None, where: Where = NOWHERE
    ) -> int:
        """Add a pointwise operation.

        Args:
            op: the operation with its parameters.
            operands: ids; their shapes broadcast from the last dimension.
            text: its text in place of the canonical text (``S / sqrt(d)``).
            where: its spans in the program text, for errors.

        Returns:
            The node's id.

        Raises:
            ShapeError: the shapes do not broadcast, or the operation refuses them.

        Example:
            >>> from matcube.ir import Hollow, Leaf
            >>> from matcube.ops import MAPS
            >>> build = Builder()
            >>> a = build.leaf((4, 3), Leaf(Hollow()), name="A")
            >>> b = build.leaf((3,), Leaf(Hollow()), name="b")
            >>> build[build.map(MAPS["plus"](), (a, b))].text
            'A + b'
        """
        shapes = [self[node].shape for node in operands]
        self._check_map(op, operands, where)
        if len(operands) == 1:
            spec = same_spec(len(shapes[0]))
        else:
            spec = broadcast_spec(shapes)
            if first_conflict(spec, shapes):
                whole = map_text(op, [self._rendered[node] for node in operands]).text
                raise self._placed(broadcast_error(self._operands(operands), whole), where)
        letters = spec.inputs[0]
        kind = Map(op, tuple(letters[dim] for dim in op.mixes), tuple(letters[dim] for dim in op.reads))
        return self._make(kind, operands, spec, result_shape(spec, shapes), where, text)

    def reindex(self, op: ReindexOp, operands: Sequence[int], *, where: Where = NOWHERE) -> int:
        """Add a re-indexing: permute, split, merge, repeat, slice, concat, take.

        Args:
            op: the re-indexing with its parameters.
            operands: ids.
            where: its spans in the program text, for errors.

        Returns:
            The node's id.

        Raises:
            ShapeError: it does not fit the operands.

        Example:
            >>> from matcube.ir import Hollow, Leaf
            >>> from matcube.ops import REINDEXES
            >>> build = Builder()
            >>> q = build.leaf((10, 64), Leaf(Hollow()), name="Q")
            >>> heads = build[build.reindex(REINDEXES["split"](axis=1, parts=4), (q,))]
            >>> heads.text, str(heads.spec), heads.shape
            ('split(Q, axis=1, parts=4)', 'i (h j) -> i h j', (10, 4, 16))
        """
        shapes = [self[node].shape for node in operands]
        try:
            shape = op.result_shape(*shapes)
        except ShapeError as error:
            whole = move_text(op, [self._rendered[node] for node in operands]).text
            raise self._refused(op, whole, error, where.span) from None
        spec = IndexSpec(*op.letters(letters_of(len(shapes[0])), shapes))
        return self._make(Reindex(op), operands, spec, shape, where)

    def name(self, node: int, name: str) -> None:
        """Give a node a name, unless it has one (``B = A`` keeps A)."""
        if self[node].name is not None:
            return
        self._nodes[node] = replace(self[node], name=name)
        self._rendered[node] = Rendered(name, ATOM)
        if node in self._unseeded:
            self._unseeded.remove(node)
            earlier = sum(other.name == name for other in self._nodes[:node])
            self._seed(node, f"{name}#{earlier}" if earlier else name)

    def forget_spans(self, first: int) -> None:
        """Take the spans off the nodes from ``first``: they are of another text than the program's."""
        self._nodes[first:] = [replace(node, span=None) for node in self._nodes[first:]]

    def graph(self, last: int, *, program: str = "", constants: Mapping[str, float] | None = None) -> Graph:
        """The finished graph; its outputs are the unused nodes, the root last.

        Args:
            last: id of the root.
            program: the source text of the graph, if any.
            constants: named numbers of the program.

        Raises:
            GraphError: it breaks a rule of ``ir.check``.
        """
        for place, node in enumerate(self._unseeded):
            self._seed(node, f"#{place}")
        used = {operand for node in self._nodes for operand in node.inputs}
        loose = [node.id for node in self._nodes if node.id not in used and node.id != last]
        graph = Graph(tuple(self._nodes), (*loose, last), program, dict(constants or {}))
        verify(graph)
        return graph

    def shape_error(self, message: str, span: Span | None = None, hint: str | None = None) -> ShapeError:
        """A shape error about this program.

        Args:
            message: the shapes, and the remedy.
            span: the characters to mark.
            hint: a remedy on a line of its own.
        """
        return ShapeError(message, text=self.text or None, span=span, hint=hint)

    def rendered(self, node: int) -> Rendered:
        """A node's text as an operand: its name, or its expression."""
        return self._rendered[node]

    def _operands(self, nodes: Sequence[int]) -> tuple[Operand, ...]:
        return tuple(Operand(self._rendered[node], self[node].shape) for node in nodes)

    def _placed(self, mismatch: Mismatch, where: Where) -> ShapeError:
        marked = where.mark if mismatch.operand is None else where.operand(mismatch.operand)
        return self.shape_error(mismatch.message, marked or where.span, mismatch.hint)

    def _make(
        self,
        kind: Kind,
        operands: Sequence[int],
        spec: IndexSpec,
        shape: Shape,
        where: Where,
        text: Rendered | None = None,
    ) -> int:
        shapes = [self[node].shape for node in operands]
        rendered = text or render(kind, spec, shapes, shape, [self._rendered[node] for node in operands])
        return self._add(kind, tuple(operands), spec, shape, rendered, where)

    def _add(
        self, kind: Kind, inputs: tuple[int, ...], spec: IndexSpec, shape: Shape, text: Rendered, where: Where
    ) -> int:
        node_id = len(self._nodes)
        if len(shape) > MAX_RANK:
            raise self.shape_error(
                f'"{shorten(text.text)}" has {len(shape)} dimensions; the most are {MAX_RANK}', where.span
            )
        if any(size > MAX_SIZE or size < 0 for size in shape):
            raise self.shape_error(
                f'"{shorten(text.text)}" is {shape_text(shape)}; sizes are from 0 to {MAX_SIZE}', where.span
            )
        shortened = shorten(text.text, MAX_TEXT)  # values used twice without a name would double it each time
        self._nodes.append(Node(node_id, kind, inputs, spec, shape, None, shortened, where.span))
        self._rendered.append(Rendered(shortened, text.precedence))
        return node_id

    def _refused(self, op: MapOp | ReindexOp, whole: str, error: ShapeError, span: Span | None) -> ShapeError:
        """An operation's own shape error, preceded by the program text."""
        what = error.message.removeprefix(f"{op.name}: ")
        return self.shape_error(f'in "{shorten(whole)}": {what}', span, error.hint)

    def _check_map(self, op: MapOp, operands: Sequence[int], where: Where) -> None:
        shape, text = self[operands[0]].shape, shorten(self._rendered[operands[0]].text)
        needed = max((-dim for dim in (*op.mixes, *op.reads)), default=0)
        if len(shape) < needed:
            raise self.shape_error(
                f'in "{op.name}({text})": {op.name} needs a {"matrix" if needed == 2 else "row"},'
                f" but {text} is {shape_text(shape)}",
                where.operand(0),
                self._squared(operands[0]) if needed == 2 else None,
            )
        try:
            op.check(*(self[node].shape for node in operands))
        except ShapeError as error:
            whole = map_text(op, [self._rendered[node] for node in operands]).text
            raise self._refused(op, whole, error, where.operand(0)) from None

    def _squared(self, node: int) -> str | None:
        """The remedy for a leaf of one size where a matrix is needed: ``ones(3)``."""
        leaf, shape = self[node].kind, self[node].shape
        if self[node].name is not None or not isinstance(leaf, Leaf):
            return None
        hidden = ("seed",) if node in self._unseeded else ()
        return f"write {leaf_text(leaf, shape * 2, leave_out=hidden).text}"

    def _seed(self, node: int, key: str) -> None:
        leaf: Any = self[node].kind
        self._nodes[node] = replace(
            self[node], kind=replace(leaf, source=replace(leaf.source, seed=seed_of(key)))
        )
