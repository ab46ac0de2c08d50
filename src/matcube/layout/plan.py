"""The tree of stands: every face that is drawn, what stands behind it, and how it is arranged.

A stand is a face with its sheets, the box that makes it (if any) with a stand on its left and one on its
right, and parallel stands behind it. No coordinates yet: ``place`` gives them.
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
from matcube.layout.tree import Plan, Sheet, Stand, Wanted, Where, attach
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
    """Makes stands from a work list, so that a graph may be as deep as it likes."""

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
            roots.append(len(self.stands))
            while self.waiting:
                self._make(self.waiting.pop())
        self._mark_owners()
        joins = [(self._standing(node), stand) for node, stand in self.joins]
        found = [(start, stand) for start, stand in joins if start is not None]
        return Plan(tuple(self.stands), tuple(roots), tuple(found), self.heads_of())

    def _standing(self, node: int) -> int | None:
        """The stand that draws the node, or what its maps start from."""
        return next((self.shown_by[link] for link in self.own.chain(node) if link in self.shown_by), None)

    def _make(self, wanted: Wanted) -> None:
        """One stand; what hangs on it is put on the work list."""
        held = self.own.held[wanted.node] if wanted.draws else 0
        above = None if wanted.parent is None else self.stands[wanted.parent]
        stand = Stand(
            id=len(self.stands),
            face=self._sheet(wanted.node, wanted.show, wanted.blocks),
            where=wanted.where,
            parent=wanted.parent,
            arrangement=Arrangement(),
            held=held,
            owner=wanted.draws,
            chain=self.own.chain(wanted.node),
        )
        inherited = Arrangement() if above is None else above.arrangement
        stand.arrangement = self.choose(
            stand.chain[-1], inherited, wanted.where, above is not None and bool(above.decks)
        )
        self.stands.append(stand)
        if above is not None:
            attach(above, stand)
        self.enter(stand, above, wanted)
        children = self._follow(stand, wanted.draws)
        self.waiting.extend(reversed(children))

    def _follow(self, stand: Stand, draws: bool) -> list[Wanted]:
        """Walk down the chain: collect sheets and parallel stands, and the box at its end."""
        show, stack = stand.face.show, []
        behind: list[Wanted] = []
        reach = self.own.reach(stand.face.node) if draws else 0
        for step, node in enumerate(stand.chain):
            if 0 < step <= max(reach, 1):
                stack.append(self._sheet(node, show, stand.face.blocks))
            if step < reach:
                self.shown_by.setdefault(node, stand.id)
            if step < max(reach, 1):
                behind += self._others(stand, stack, node, show, step < reach)
            main = self.own.main[node]
            if main is not None:
                show = self._operand_show(node, main, show)
        stand.stack = tuple(stack)
        end = stand.chain[-1]
        if reach == len(stand.chain) and isinstance(self.graph[end].kind, Contraction):
            stand.product = product(self.graph, self.graph[end], self.own.operands[end], show)
            stand.made = self._sheet(end, show, stand.face.blocks)
            return [*self._arguments(stand, stand.product), *behind]
        return behind

    def _others(self, stand: Stand, stack: list[Sheet], node: int, show: Show, draws: bool) -> list[Wanted]:
        """The operands of a node of the chain that do not own the face."""
        if isinstance(self.graph[node].kind, Contraction):
            return []
        main, count = self.own.main[node], len(self.own.operands[node])
        if main is not None and count > 1 and draws and not self.own.owns(node, main):
            self._join(stand, self.own.operands[node][main].node)
        positions = [at for at in range(count) if at != main]
        found = [self._other(stand, stack, node, at, show, draws) for at in positions]
        return [wanted for wanted in found if wanted is not None]

    def _other(
        self, stand: Stand, stack: list[Sheet], node: int, position: int, show: Show, draws: bool
    ) -> Wanted | None:
        """An operand beside the chain: a parallel stand, or a line from where it stands, or sheets."""
        operand = self.own.operands[node][position].node
        shown = self._operand_show(node, position, show)
        first = draws and self.own.owns(node, position)
        blocks = self._beside(stand, node, position, shown)
        head = self.head(stand, node, position, shown) if draws else None
        whole = self.whole(stand, node, shown) if first else None
        if head is not None or whole is not None:
            return head or whole
        if stand.decks and stand.chain == (node,) and part(self.graph, self.graph[node]) is not None:
            if draws:
                self._join(stand, operand)
            return None
        if first and self.own.held[operand]:
            return Wanted(operand, shown, "behind", stand.id, True, self.spread(operand, shown, blocks))
        if draws:
            self._join(stand, operand)
        chain = self.own.chain(operand)
        for link in chain[:1] if self._is_made(operand) else chain:
            if len(self.graph[link].shape) <= 2:
                stack.append(self._sheet(link, shown, blocks))
            main = self.own.main[link]
            if main is not None:
                shown = self._operand_show(link, main, shown)
        return None

    def _join(self, stand: Stand, operand: int) -> None:
        """Ask for a line from where an operand stands, if it is made by a product."""
        if self._is_made(operand):
            self.joins.append((operand, stand.id))

    def _is_made(self, node: int) -> bool:
        return isinstance(self.graph[self.own.chain(node)[-1]].kind, Contraction)

    def _arguments(self, stand: Stand, box: Product) -> list[Wanted]:
        """The operands of a box, whose letters are split alike wherever they show in it."""
        pair = self.own.operands[box.node]
        of_left = self.wishes.of_use(box.node, box.left_at, pair[box.left_at], box.left)
        of_right = self.wishes.of_use(box.node, box.right_at, pair[box.right_at], box.right)
        of_left, of_right = (
            self.spread(pair[at].node, show, blocks, self.own.owns(box.node, at))
            for at, show, blocks in ((box.left_at, box.left, of_left), (box.right_at, box.right, of_right))
        )
        for one in (of_left[0], of_right[1]):
            if isinstance(one, Spread):
                raise NoDeckError(one.deck)
        (i, j), k = stand.face.blocks, more(of_left[1], of_right[0])
        stand.k_blocks = k

        def wanted(at: int, show: Show, where: Where, blocks: Blocks) -> Wanted:
            return Wanted(pair[at].node, show, where, stand.id, self.own.owns(box.node, at), blocks)

        return [
            wanted(box.left_at, box.left, "left", (i, k)),
            wanted(box.right_at, box.right, "right", (k, j)),
        ]

    def _beside(self, stand: Stand, node: int, position: int, show: Show) -> Blocks:
        """Blocks of an operand that lies behind a face: those of the face where it is as long."""
        operand, face = self.own.operands[node][position], stand.face
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
        seen = {stand.face.node for stand in self.stands if stand.owner}
        for stand in self.stands:
            if stand.face.node not in seen:
                seen.add(stand.face.node)
                stand.owner = True


def _chooser(options: LayoutOptions) -> Chooser:
    """How a stand over a product gets its arrangement from its parent's."""
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
