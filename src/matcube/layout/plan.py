"""The plan of a layout tree: every face that is drawn, what is behind it, and how it is arranged.

A branch is a face with its sheets, the box that makes it (if any) with a branch on its left and one on its
right, and parallel branches behind it. No coordinates yet: ``place`` gives them.
"""

from __future__ import annotations

from collections.abc import Callable

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph
from matcube.layout.decks.heads import Heads, more
from matcube.layout.decks.parts import NoDeckError, part
from matcube.layout.operands import Product, Show, flat_rank, plain_show, product
from matcube.layout.schemes import SCHEMES
from matcube.layout.splits import Blocks, Spread, Wishes
from matcube.layout.tree import Branch, Plan, Sheet, Wanted, Where, attach
from matcube.layout.types import Arrangement, LayoutOptions

Chooser = Callable[[int, Arrangement, Where, bool], Arrangement]


def plan(graph: Graph, options: LayoutOptions, without: frozenset[int] = frozenset()) -> Plan:
    """Decide what is drawn.

    Args:
        graph: of vectors and matrices wherever something is drawn.
        options: the scheme, the root's arrangement and custom arrangements are read here.
        without: decks that are laid out head by head.

    Returns:
        Stands in the order box, left, right, behind; so boxes are in reading order.

    Raises:
        ShapeError: a drawn node has more than two dimensions, or no two-operand product.
        OptionError: a scheme that nobody knows.
        NoDeckError: heads differ in what hangs on them.
    """
    return _Planner(graph, options, without).run()


class _Planner(Heads):
    """Makes branches from a work list, so that a graph may be as deep as it likes."""

    def __init__(self, graph: Graph, options: LayoutOptions, without: frozenset[int]) -> None:
        super().__init__(graph, without)
        self.choose = _chooser(options)
        self.wishes = Wishes(graph, options)
        self.shown_by: dict[int, int] = {}
        self.joins: list[tuple[int, int]] = []
        self.waiting: list[Wanted] = []

    def run(self) -> Plan:
        roots: list[int] = []
        for root in self.own.roots:
            show = plain_show(self.graph, root)
            blocks = self.spread(root, show, self.wishes.of_node(root, show))
            deck, place = self.root_deck(root)
            self.waiting.append(Wanted(root, show, "root", None, True, blocks, deck, place))
            roots.append(len(self.branches))
            while self.waiting:
                self._make(self.waiting.pop())
        self._mark_owners()
        joins = [(self._standing(node), branch) for node, branch in self.joins]
        result = [(start, branch) for start, branch in joins if start is not None]
        return Plan(tuple(self.branches), tuple(roots), tuple(result), self.heads_of())

    def _standing(self, node: int) -> int | None:
        """The branch that draws the node, or what its maps start from."""
        return next((self.shown_by[link] for link in self.own.chain(node) if link in self.shown_by), None)

    def _make(self, wanted: Wanted) -> None:
        """One branch; what hangs on it is put on the work list."""
        held = self.own.held[wanted.node] if wanted.draws else 0
        above = None if wanted.parent is None else self.branches[wanted.parent]
        branch = Branch(
            id=len(self.branches),
            face=self._sheet(wanted.node, wanted.show, wanted.blocks),
            where=wanted.where,
            parent=wanted.parent,
            arrangement=Arrangement(),
            held=held,
            owner=wanted.draws,
            chain=self.own.chain(wanted.node),
        )
        inherited = Arrangement() if above is None else above.arrangement
        branch.arrangement = self.choose(
            branch.chain[-1], inherited, wanted.where, above is not None and bool(above.decks)
        )
        self.branches.append(branch)
        if above is not None:
            attach(above, branch)
        self.enter(branch, above, wanted)
        children = self._follow(branch, wanted.draws)
        self.waiting.extend(reversed(children))

    def _follow(self, branch: Branch, draws: bool) -> list[Wanted]:
        """Walk down the chain: collect sheets and parallel branches, and the box at its end."""
        show, stack = branch.face.show, []
        behind: list[Wanted] = []
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

    def _others(self, branch: Branch, stack: list[Sheet], node: int, show: Show, draws: bool) -> list[Wanted]:
        """The operands of a node of the chain that do not own the face."""
        if isinstance(self.graph[node].kind, Contraction):
            return []
        main, count = self.own.main[node], len(self.own.operands[node])
        if main is not None and count > 1 and draws and not self.own.owns(node, main):
            self._join(branch, self.own.operands[node][main].node)
        positions = [at for at in range(count) if at != main]
        result = [self._other(branch, stack, node, at, show, draws) for at in positions]
        return [wanted for wanted in result if wanted is not None]

    def _other(
        self, branch: Branch, stack: list[Sheet], node: int, position: int, show: Show, draws: bool
    ) -> Wanted | None:
        """An operand beside the chain: a parallel branch, or a line from its place, or sheets."""
        operand = self.own.operands[node][position].node
        shown = self._operand_show(node, position, show)
        first = draws and self.own.owns(node, position)
        blocks = self._beside(branch, node, position, shown)
        head = self.head(branch, node, position, shown) if draws else None
        whole = self.whole(branch, node, shown) if first else None
        if head is not None or whole is not None:
            return head or whole
        if branch.decks and branch.chain == (node,) and part(self.graph, self.graph[node]) is not None:
            if draws:
                self._join(branch, operand)
            return None
        if first and self.own.held[operand]:
            return Wanted(operand, shown, "behind", branch.id, True, self.spread(operand, shown, blocks))
        if draws:
            self._join(branch, operand)
        chain = self.own.chain(operand)
        for link in chain[:1] if self._is_made(operand) else chain:
            if len(self.graph[link].shape) <= 2:
                stack.append(self._sheet(link, shown, blocks))
            main = self.own.main[link]
            if main is not None:
                shown = self._operand_show(link, main, shown)
        return None

    def _join(self, branch: Branch, operand: int) -> None:
        """Ask for a line from the place of an operand that a product makes."""
        if self._is_made(operand):
            self.joins.append((operand, branch.id))

    def _is_made(self, node: int) -> bool:
        return isinstance(self.graph[self.own.chain(node)[-1]].kind, Contraction)

    def _arguments(self, branch: Branch, box: Product) -> list[Wanted]:
        """The operands of a box, whose letters are split alike wherever they show in it."""
        pair = self.own.operands[box.node]
        of_left = self.wishes.of_use(box.node, box.left_at, pair[box.left_at], box.left)
        of_right = self.wishes.of_use(box.node, box.right_at, pair[box.right_at], box.right)
        of_left, of_right = (
            self.spread(pair[at].node, show, blocks, self.own.owns(box.node, at))
            for at, show, blocks in ((box.left_at, box.left, of_left), (box.right_at, box.right, of_right))
        )
        for item in (of_left[0], of_right[1]):
            if isinstance(item, Spread):
                raise NoDeckError(item.deck)
        (i, j), k = branch.face.blocks, more(of_left[1], of_right[0])
        branch.k_blocks = k

        def wanted(at: int, show: Show, where: Where, blocks: Blocks) -> Wanted:
            return Wanted(pair[at].node, show, where, branch.id, self.own.owns(box.node, at), blocks)

        return [
            wanted(box.left_at, box.left, "left", (i, k)),
            wanted(box.right_at, box.right, "right", (k, j)),
        ]

    def _beside(self, branch: Branch, node: int, position: int, show: Show) -> Blocks:
        """Blocks of an operand that lies behind a face: those of the face where it is as long."""
        operand, face = self.own.operands[node][position], branch.face
        own = self.wishes.of_use(node, position, operand, show)
        rows, cols = show.sizes(self.graph[operand.node])
        return (
            face.blocks[0] if rows == face.rows else own[0],
            face.blocks[1] if cols == face.cols else own[1],
        )

    def _sheet(self, node: int, show: Show, blocks: Blocks) -> Sheet:
        flat_rank(self.graph[node])
        return Sheet(node, show, *show.sizes(self.graph[node]), blocks)

    def _mark_owners(self) -> None:
        """A node whose first use draws no face of its own is owned by the first face that shows it."""
        seen = {branch.face.node for branch in self.branches if branch.owner}
        for branch in self.branches:
            if branch.face.node not in seen:
                seen.add(branch.face.node)
                branch.owner = True


def _chooser(options: LayoutOptions) -> Chooser:
    """How a branch over a product gets its arrangement from its parent's."""
    if options.scheme not in SCHEMES:
        raise OptionError(
            f'there is no layout scheme "{options.scheme}"', hint=f"schemes: {', '.join(SCHEMES)}"
        )
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
