"""Graph to layout tree: faces that are drawn, their sheets, boxes and arrangements; no coordinates.

A branch is a face with its sheets; the box of which it is the result, if any, with branches on its left and
right; and parallel branches behind it.
"""

from __future__ import annotations

from collections.abc import Callable

from matcube.errors import unknown
from matcube.ir import Contraction, Graph
from matcube.layout.decks.heads import Heads, joint_blocks
from matcube.layout.decks.sections import NoDeckError, section_of
from matcube.layout.operands import Product, Show, flat_rank, plain_show, product
from matcube.layout.schemes import SCHEMES
from matcube.layout.splits import Blocks, RequestedBlocks, Spread
from matcube.layout.tree import Branch, Pending, Plan, Sheet, Where, attach
from matcube.layout.types import Arrangement, LayoutOptions

Chooser = Callable[[int, Arrangement, Where, bool], Arrangement]


def plan(graph: Graph, options: LayoutOptions, without: frozenset[int] = frozenset()) -> Plan:
    """The layout tree of a graph.

    Args:
        graph: drawn nodes have at most two dimensions.
        options: scheme, arrangements and splits are read here.
        without: decks that are laid out head by head.

    Returns:
        Branches in the order box, left, right, behind, so boxes are in reading order.

    Raises:
        ShapeError: a drawn node has more than two dimensions, or no two-operand product.
        OptionError: an unknown scheme.
        NoDeckError: heads of a deck have different branches.
    """
    return _Planner(graph, options, without).run()


class _Planner(Heads):
    """Makes branches from a work list, without recursion, so that a graph may be of any depth."""

    def __init__(self, graph: Graph, options: LayoutOptions, without: frozenset[int]) -> None:
        super().__init__(graph, without)
        self.choose = _chooser(options)
        self.requested = RequestedBlocks(graph, options)
        self.shown_by: dict[int, int] = {}
        self.joins: list[tuple[int, int]] = []
        self.waiting: list[Pending] = []

    def run(self) -> Plan:
        roots: list[int] = []
        for root in self.own.roots:
            show = plain_show(self.graph, root)
            blocks = self.spread(root, show, self.requested.of_node(root, show))
            deck, place = self.root_deck(root)
            self.waiting.append(Pending(root, show, "root", None, True, blocks, deck, place))
            roots.append(len(self.branches))
            while self.waiting:
                self._make(self.waiting.pop())
        self._mark_owners()
        joins = [(self._branch_of(node), branch) for node, branch in self.joins]
        result = [(start, branch) for start, branch in joins if start is not None]
        return Plan(tuple(self.branches), tuple(roots), tuple(result), self.head_counts())

    def _branch_of(self, node: int) -> int | None:
        """The branch that draws the node, or else the node below its maps."""
        return next((self.shown_by[link] for link in self.own.chain(node) if link in self.shown_by), None)

    def _make(self, pending: Pending) -> None:
        """Make a branch, and add its children to the work list."""
        box_count = self.own.box_count[pending.node] if pending.draws else 0
        above = None if pending.parent is None else self.branches[pending.parent]
        branch = Branch(
            id=len(self.branches),
            face=self._sheet(pending.node, pending.show, pending.blocks),
            where=pending.where,
            parent=pending.parent,
            arrangement=Arrangement(),
            box_count=box_count,
            owner=pending.draws,
            chain=self.own.chain(pending.node),
        )
        inherited = Arrangement() if above is None else above.arrangement
        branch.arrangement = self.choose(
            branch.chain[-1], inherited, pending.where, above is not None and bool(above.decks)
        )
        self.branches.append(branch)
        if above is not None:
            attach(above, branch)
        self.join_deck(branch, above, pending)
        children = self._follow(branch, pending.draws)
        self.waiting.extend(reversed(children))

    def _follow(self, branch: Branch, draws: bool) -> list[Pending]:
        """Set the sheets of a branch and the box at the end of its chain; returns its children."""
        show, stack = branch.face.show, []
        behind: list[Pending] = []
        reach = self.own.reach(branch.face.node) if draws else 0
        for step, node in enumerate(branch.chain):
            if 0 < step <= max(reach, 1):
                stack.append(self._sheet(node, show, branch.face.blocks))
            if step < reach:
                self.shown_by.setdefault(node, branch.id)
            if step < max(reach, 1):
                behind += self._others(branch, stack, node, show, step < reach)
            main = self.own.main[node]
            if main is not None:
                show = self._operand_show(node, main, show)
        branch.stack = tuple(stack)
        end = branch.chain[-1]
        if reach == len(branch.chain) and isinstance(self.graph[end].kind, Contraction):
            branch.product = product(self.graph, self.graph[end], self.own.operands[end], show)
            branch.made = self._sheet(end, show, branch.face.blocks)
            return [*self._arguments(branch, branch.product), *behind]
        return behind

    def _others(
        self, branch: Branch, stack: list[Sheet], node: int, show: Show, draws: bool
    ) -> list[Pending]:
        """Children for the operands of a node of the chain, except the operand in the chain."""
        if isinstance(self.graph[node].kind, Contraction):
            return []
        main, count = self.own.main[node], len(self.own.operands[node])
        if main is not None and count > 1 and draws and not self.own.owns(node, main):
            self._join(branch, self.own.operands[node][main].node)
        positions = [at for at in range(count) if at != main]
        result = [self._other(branch, stack, node, at, show, draws) for at in positions]
        return [pending for pending in result if pending is not None]

    def _other(
        self, branch: Branch, stack: list[Sheet], node: int, position: int, show: Show, draws: bool
    ) -> Pending | None:
        """The child for an operand; without one it is shown by a line from its place, and by sheets."""
        operand = self.own.operands[node][position].node
        shown = self._operand_show(node, position, show)
        first = draws and self.own.owns(node, position)
        blocks = self._beside(branch, node, position, shown)
        head = self.head(branch, node, position, shown) if draws else None
        whole = self.whole(branch, node, shown) if first else None
        if head is not None or whole is not None:
            return head or whole
        if branch.decks and branch.chain == (node,) and section_of(self.graph, self.graph[node]):
            if draws:
                self._join(branch, operand)
            return None
        if first and self.own.box_count[operand]:
            return Pending(operand, shown, "behind", branch.id, True, self.spread(operand, shown, blocks))
        if draws:
            self._join(branch, operand)
        chain = self.own.chain(operand)
        for link in chain[:1] if self._has_box(operand) else chain:
            if len(self.graph[link].shape) <= 2:
                stack.append(self._sheet(link, shown, blocks))
            main = self.own.main[link]
            if main is not None:
                shown = self._operand_show(link, main, shown)
        return None

    def _join(self, branch: Branch, operand: int) -> None:
        """Add a line from the place of an operand that is the result of a product."""
        if self._has_box(operand):
            self.joins.append((operand, branch.id))

    def _has_box(self, node: int) -> bool:
        return isinstance(self.graph[self.own.chain(node)[-1]].kind, Contraction)

    def _arguments(self, branch: Branch, box: Product) -> list[Pending]:
        """Children for the operands of a box; a letter has the same blocks on all its faces."""
        pair = self.own.operands[box.node]
        of_left = self.requested.of_use(box.node, box.left_at, pair[box.left_at], box.left)
        of_right = self.requested.of_use(box.node, box.right_at, pair[box.right_at], box.right)
        of_left, of_right = (
            self.spread(pair[at].node, show, blocks, self.own.owns(box.node, at))
            for at, show, blocks in ((box.left_at, box.left, of_left), (box.right_at, box.right, of_right))
        )
        for item in (of_left[0], of_right[1]):
            if isinstance(item, Spread):
                raise NoDeckError(item.deck)
        (i, j), k = branch.face.blocks, joint_blocks(of_left[1], of_right[0])
        branch.k_blocks = k

        def argument(at: int, show: Show, where: Where, blocks: Blocks) -> Pending:
            return Pending(pair[at].node, show, where, branch.id, self.own.owns(box.node, at), blocks)

        return [
            argument(box.left_at, box.left, "left", (i, k)),
            argument(box.right_at, box.right, "right", (k, j)),
        ]

    def _beside(self, branch: Branch, node: int, position: int, show: Show) -> Blocks:
        """Blocks of an operand behind a face: those of the face along a side of equal size."""
        operand, face = self.own.operands[node][position], branch.face
        own = self.requested.of_use(node, position, operand, show)
        rows, cols = show.sizes(self.graph[operand.node])
        return (
            face.blocks[0] if rows == face.rows else own[0],
            face.blocks[1] if cols == face.cols else own[1],
        )

    def _sheet(self, node: int, show: Show, blocks: Blocks) -> Sheet:
        flat_rank(self.graph[node])
        return Sheet(node, show, *show.sizes(self.graph[node]), blocks)

    def _mark_owners(self) -> None:
        """Let the first face that shows a node own it, where its first use draws no face."""
        seen = {branch.face.node for branch in self.branches if branch.owner}
        for branch in self.branches:
            if branch.face.node not in seen:
                seen.add(branch.face.node)
                branch.owner = True


def _chooser(options: LayoutOptions) -> Chooser:
    """The function that chooses the arrangement of a branch, given its parent's."""
    if options.scheme not in SCHEMES:
        raise unknown(options.scheme, SCHEMES, what="layout scheme")
    scheme = SCHEMES[options.scheme]
    custom = dict(options.custom) if scheme.name == "custom" else {}

    def choose(node: int, parent: Arrangement, where: Where, in_deck: bool) -> Arrangement:
        if node in custom:
            return custom[node]
        if where == "root":
            return options.root
        if where not in ("left", "right"):
            return parent
        child = SCHEMES["blocks"].child if in_deck and scheme.name == "wheel" else scheme.child
        return child(parent, where == "left")

    return choose
