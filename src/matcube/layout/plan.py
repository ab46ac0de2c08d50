"""The tree of stands: every face that is drawn, what stands behind it, and how it is arranged.

A stand is a face with its sheets, the box that makes it (if any) with a stand on its left and one on its
right, and parallel stands behind it. No coordinates yet: ``place`` gives them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph
from matcube.layout.operands import Operand, Product, Show, flat_rank, operand_show, plain_show, product
from matcube.layout.ownership import Ownership, ownership
from matcube.layout.schemes import SCHEMES
from matcube.layout.splits import Blocks, Wishes
from matcube.layout.types import Arrangement, LayoutOptions

Where = Literal["root", "left", "right", "behind"]
Chooser = Callable[[int, Arrangement, Where], Arrangement]


@dataclass(frozen=True)
class Sheet:
    """A matrix behind a face: a node, how it is shown, and in how many blocks of rows and columns."""

    node: int
    show: Show
    rows: int
    cols: int
    blocks: Blocks = (1, 1)


@dataclass
class Stand:
    """A face and all that hangs on it.

    Args:
        id: its place in ``Plan.stands``; parents come before children.
        face: what the face shows.
        where: the root of a figure, left or right argument of the parent's box, or behind the parent's face.
        parent: the stand it belongs to, or None.
        arrangement: where the faces of its box lie.
        held: boxes drawn with it.
        owner: whether this is its node's own picture; else it repeats one.
        made: what its box makes, before any maps.
        k_blocks: blocks of the summed letter of its box.
    """

    id: int
    face: Sheet
    where: Where
    parent: int | None
    arrangement: Arrangement
    held: int
    owner: bool = True
    chain: tuple[int, ...] = ()
    stack: tuple[Sheet, ...] = ()
    product: Product | None = None
    made: Sheet | None = None
    k_blocks: int = 1
    left: int = -1
    right: int = -1
    behind: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """All stands, the roots among them, and joins from a face that shows a node to a stand's face."""

    stands: tuple[Stand, ...]
    roots: tuple[int, ...]
    joins: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Wanted:
    """A stand still to be made."""

    node: int
    show: Show
    where: Where
    parent: int | None
    draws: bool
    blocks: Blocks


def plan(graph: Graph, options: LayoutOptions) -> Plan:
    """Decide what is drawn.

    Args:
        graph: of vectors and matrices wherever something is drawn.
        options: the scheme, the root's arrangement and custom arrangements are read here.

    Returns:
        Stands in the order box, left, right, behind; so boxes are in reading order.

    Raises:
        ShapeError: a drawn node has more than two dimensions, or no two-operand product.
        OptionError: a scheme that nobody knows.
    """
    return _Planner(graph, options).run()


class _Planner:
    """Makes stands from a work list, so that a graph may be as deep as it likes."""

    def __init__(self, graph: Graph, options: LayoutOptions) -> None:
        self.graph = graph
        self.own: Ownership = ownership(graph)
        self.choose = _chooser(options)
        self.wishes = Wishes(graph, options)
        self.stands: list[Stand] = []
        self.shown_by: dict[int, int] = {}
        self.joins: list[tuple[int, int]] = []
        self.waiting: list[_Wanted] = []

    def run(self) -> Plan:
        roots = []
        for root in self.own.roots:
            roots.append(len(self.stands))
            show = plain_show(self.graph, root)
            blocks = self.wishes.of_node(root, show)
            self.waiting.append(_Wanted(root, show, "root", None, True, blocks))
            while self.waiting:
                self._make(self.waiting.pop())
        self._mark_owners()
        joins = [(self._standing(node), stand) for node, stand in self.joins]
        found = [(start, stand) for start, stand in joins if start is not None]
        return Plan(tuple(self.stands), tuple(roots), tuple(found))

    def _standing(self, node: int) -> int | None:
        """The stand that draws the node, or what its maps start from."""
        return next((self.shown_by[link] for link in self.own.chain(node) if link in self.shown_by), None)

    def _make(self, wanted: _Wanted) -> None:
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
        stand.arrangement = self.choose(stand.chain[-1], inherited, wanted.where)
        self.stands.append(stand)
        if above is not None:
            _attach(above, stand)
        children = self._follow(stand, wanted.draws)
        self.waiting.extend(reversed(children))

    def _follow(self, stand: Stand, draws: bool) -> list[_Wanted]:
        """Walk down the chain: collect sheets and parallel stands, and the box at its end."""
        show, stack = stand.face.show, []
        behind: list[_Wanted] = []
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

    def _others(self, stand: Stand, stack: list[Sheet], node: int, show: Show, draws: bool) -> list[_Wanted]:
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
    ) -> _Wanted | None:
        """An operand beside the chain: a parallel stand, or a line from where it stands, or sheets."""
        operand = self.own.operands[node][position].node
        shown = self._operand_show(node, position, show)
        first = draws and self.own.owns(node, position)
        blocks = self._beside(stand, node, position, shown)
        if first and self.own.held[operand]:
            return _Wanted(operand, shown, "behind", stand.id, True, blocks)
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

    def _arguments(self, stand: Stand, box: Product) -> list[_Wanted]:
        """The operands of a box, whose letters are split alike wherever they show in it."""
        pair = self.own.operands[box.node]
        of_left = self.wishes.of_use(box.node, box.left_at, pair[box.left_at], box.left)
        of_right = self.wishes.of_use(box.node, box.right_at, pair[box.right_at], box.right)
        (i, j), k = stand.face.blocks, max(of_left[1], of_right[0])
        stand.k_blocks = k

        def wanted(at: int, show: Show, where: Where, blocks: Blocks) -> _Wanted:
            return _Wanted(pair[at].node, show, where, stand.id, self.own.owns(box.node, at), blocks)

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

    def _operand_show(self, node: int, position: int, show: Show) -> Show:
        operand: Operand = self.own.operands[node][position]
        return operand_show(self.graph[node], operand, position, show, len(operand.dims))

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


def _attach(above: Stand, stand: Stand) -> None:
    if stand.where == "left":
        above.left = stand.id
    elif stand.where == "right":
        above.right = stand.id
    else:
        above.behind.append(stand.id)


def _chooser(options: LayoutOptions) -> Chooser:
    """How a stand over a product gets its arrangement from its parent's."""
    if options.scheme not in SCHEMES:
        raise OptionError(
            f'there is no layout scheme "{options.scheme}"', hint=f"schemes: {', '.join(SCHEMES)}"
        )
    scheme = SCHEMES[options.scheme]
    custom = dict(options.custom) if scheme.name == "custom" else {}

    def choose(node: int, parent: Arrangement, where: Where) -> Arrangement:
        if node in custom:
            return custom[node]
        if where == "root":
            return options.root
        if where == "behind":
            return parent
        return scheme.child(parent, where == "left")

    return choose
