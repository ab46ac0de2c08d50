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
from matcube.layout.decks import NoDeck, joined, part
from matcube.layout.splits import Amount, Blocks, Spread, Wishes
from matcube.layout.types import Arrangement, LayoutOptions

Where = Literal["root", "left", "right", "behind", "head", "whole"]
Chooser = Callable[[int, Arrangement, Where, bool], Arrangement]


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
        where: the root of a figure, left or right argument of the parent's box, or behind the parent's face;
            a head of the matrix that the parent shows, or the whole that the parent is a part of.
        parent: the stand it belongs to, or None.
        arrangement: where the faces of its box lie.
        held: boxes drawn with it.
        owner: whether this is its node's own picture; else it repeats one.
        made: what its box makes, before any maps.
        k_blocks: blocks of the summed letter of its box.
        decks: the decks it is in, the outermost first; by the node that joins the heads.
        place: which head it is of the innermost deck; of a whole, which of its blocks head 0 has.
        model: the stand of head 0 whose place it has, pitches further; -1: it is of head 0 itself, or of none.
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
    k_blocks: Amount = 1
    left: int = -1
    right: int = -1
    behind: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    whole: int = -1
    decks: tuple[int, ...] = ()
    place: int = 0
    model: int = -1


@dataclass(frozen=True)
class Plan:
    """All stands, the roots among them, and joins from a face that shows a node to a stand's face.

    ``heads`` says how many heads each deck has.
    """

    stands: tuple[Stand, ...]
    roots: tuple[int, ...]
    joins: tuple[tuple[int, int], ...]
    heads: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wanted:
    """A stand still to be made."""

    node: int
    show: Show
    where: Where
    parent: int | None
    draws: bool
    blocks: Blocks
    deck: int | None = None
    place: int = 0


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
        NoDeck: heads differ in what hangs on them.
    """
    return _Planner(graph, options, without).run()


class _Planner:
    """Makes stands from a work list, so that a graph may be as deep as it likes."""

    def __init__(self, graph: Graph, options: LayoutOptions, without: frozenset[int]) -> None:
        self.graph = graph
        self.without = without
        self.own: Ownership = ownership(graph)
        self.choose = _chooser(options)
        self.wishes = Wishes(graph, options)
        self.stands: list[Stand] = []
        self.shown_by: dict[int, int] = {}
        self.joins: list[tuple[int, int]] = []
        self.root_heads: dict[int, list[int]] = {}
        self.waiting: list[_Wanted] = []

    def run(self) -> Plan:
        roots: list[int] = []
        for root in self.own.roots:
            show = plain_show(self.graph, root)
            blocks = self._spread(root, show, self.wishes.of_node(root, show))
            deck, place = self._root_deck(root)
            self.waiting.append(_Wanted(root, show, "root", None, True, blocks, deck, place))
            roots.append(len(self.stands))
            while self.waiting:
                self._make(self.waiting.pop())
        self._mark_owners()
        joins = [(self._standing(node), stand) for node, stand in self.joins]
        found = [(start, stand) for start, stand in joins if start is not None]
        heads = {self.stands[one.heads[0]].decks[-1]: len(one.heads) for one in self.stands if one.heads}
        heads |= {deck: len(found) for deck, found in self.root_heads.items()}
        return Plan(tuple(self.stands), tuple(roots), tuple(found), heads)

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
        stand.arrangement = self.choose(
            stand.chain[-1], inherited, wanted.where, above is not None and bool(above.decks)
        )
        self.stands.append(stand)
        if above is not None:
            _attach(above, stand)
        self._enter(stand, above, wanted)
        children = self._follow(stand, wanted.draws)
        self.waiting.extend(reversed(children))

    def _enter(self, stand: Stand, above: Stand | None, wanted: _Wanted) -> None:
        """Which head of which deck the stand is of, and which stand of head 0 it is like."""
        if wanted.deck is not None:
            stand.decks = (*(() if above is None else above.decks), wanted.deck)
            stand.place = wanted.place
            heads = self.root_heads.setdefault(wanted.deck, []) if above is None else above.heads
            if above is None:
                heads.append(stand.id)
            first = heads[0] if above is None or above.model < 0 else self.stands[above.model].heads[0]
            stand.model = -1 if first == stand.id else first
        elif wanted.where == "whole":
            stand.place = wanted.place
        elif above is not None:
            stand.decks, stand.place = above.decks, above.place
            if above.model >= 0:
                stand.model = self._like(stand, self.stands[above.model])
        if wanted.where == "whole" and above is not None and above.model >= 0:
            raise NoDeck(above.decks[-1])
        self._check_part(stand)

    def _like(self, stand: Stand, above: Stand) -> int:
        """The stand of head 0 that has the same place below another one."""
        if stand.where == "behind":
            of = self.graph.copies[stand.face.node].of
            found = [one for one in above.behind if self.graph.copies[self.stands[one].face.node].of == of]
        else:
            found = [above.left if stand.where == "left" else above.right]
        model = next(iter(found), -1)
        if model < 0 or (self.stands[model].face.rows, self.stands[model].face.cols) != (
            stand.face.rows,
            stand.face.cols,
        ):
            raise NoDeck(stand.decks[-1])
        return model

    def _check_part(self, stand: Stand) -> None:
        """Where head 0 shows a part of a whole, the others show the parts that stand at their places."""
        first = None if stand.model < 0 else self.stands[stand.model]
        if first is None or first.whole < 0:
            return
        own, zero = (part(self.graph, self.graph[one.face.node]) for one in (stand, first))
        spread = next(one for one in self.stands[first.whole].face.blocks if isinstance(one, Spread))
        if (
            own is None
            or zero is None
            or own.whole != zero.whole
            or own.place != zero.place + stand.place // spread.every
        ):
            raise NoDeck(stand.decks[-1])

    def _root_deck(self, root: int) -> tuple[int | None, int]:
        """The deck of roots that are heads of one node, and which head this one is."""
        copy = self.graph.copies.get(root)
        if copy is None or copy.count < 2 or -1 - copy.of in self.without:
            return None, 0
        alike = [one for one in self.own.roots if self.graph.copies[one].of == copy.of]
        return (-1 - copy.of, copy.index) if len(alike) == copy.count else (None, 0)

    def _deck_of(self, node: int, draws: bool) -> tuple[int, int] | None:
        """The deck at the end of a node's chain, and its dimension that is the heads side by side."""
        end = self.own.chain(node)[-1]
        dim = joined(self.graph, self.graph[end])
        if (
            dim is None
            or not draws
            or end in self.without
            or self.own.reach(node) < len(self.own.chain(node))
        ):
            return None
        owned = all(self.own.owns(end, at) for at in range(len(self.own.operands[end])))
        return (end, dim) if owned else None

    def _spread(self, node: int, show: Show, blocks: Blocks, draws: bool = True) -> Blocks:
        """Blocks as far apart as heads where a face is heads side by side."""
        deck = self._deck_of(node, draws)
        if deck is None:
            return blocks
        chain = self.own.chain(node)
        for link in chain[:-1]:
            main = self.own.main[link]
            assert main is not None
            show = self._operand_show(link, main, show)
        end, dim = deck
        length = self.graph[self.graph[end].inputs[0]].shape[dim]
        return (Spread(end, length), blocks[1]) if show.row == dim else (blocks[0], Spread(end, length))

    def _head(self, stand: Stand, node: int, position: int, shown: Show) -> _Wanted | None:
        """A head of the matrix that the stand shows, if they stand side by side."""
        if self._deck_of(stand.face.node, stand.owner) is None or node != stand.chain[-1]:
            return None
        if not any(isinstance(one, Spread) and one.deck == node for one in stand.face.blocks):
            return None
        rows, cols = (1 if isinstance(one, Spread) and one.deck == node else one for one in stand.face.blocks)
        operand = self.own.operands[node][position].node
        blocks = self._spread(operand, shown, (rows, cols))
        return _Wanted(operand, shown, "head", stand.id, True, blocks, node, position)

    def _whole(self, stand: Stand, node: int, shown: Show) -> _Wanted | None:
        """The matrix of which a head shows a part."""
        found = part(self.graph, self.graph[node])
        if found is None or not stand.decks or stand.chain != (node,):
            return None
        deck, operand = stand.decks[-1], self.own.operands[node][0]
        if self._deck_of(operand.node, True) is not None:
            return None
        heads = self.graph[deck].inputs if deck >= 0 else self.own.roots
        count = (
            len(heads)
            if deck >= 0
            else self.graph.copies[self.stands[self.root_heads[deck][0]].face.node].count
        )
        blocks = self.graph[found.whole].shape[found.dim] // found.length
        spread = Spread(deck, found.length, max(1, count // blocks))
        along_rows = shown.row == operand.dims[found.dim]
        rows, cols = stand.face.blocks
        own = (spread, cols) if along_rows else (rows, spread)
        return _Wanted(operand.node, shown, "whole", stand.id, True, own, place=found.place)

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
        head = self._head(stand, node, position, shown) if draws else None
        whole = self._whole(stand, node, shown) if first else None
        if head is not None or whole is not None:
            return head or whole
        if stand.decks and stand.chain == (node,) and part(self.graph, self.graph[node]) is not None:
            if draws:
                self._join(stand, operand)
            return None
        if first and self.own.held[operand]:
            return _Wanted(operand, shown, "behind", stand.id, True, self._spread(operand, shown, blocks))
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
        of_left, of_right = (
            self._spread(pair[at].node, show, blocks, self.own.owns(box.node, at))
            for at, show, blocks in ((box.left_at, box.left, of_left), (box.right_at, box.right, of_right))
        )
        for one in (of_left[0], of_right[1]):
            if isinstance(one, Spread):
                raise NoDeck(one.deck)
        (i, j), k = stand.face.blocks, _more(of_left[1], of_right[0])
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
    elif stand.where == "head":
        above.heads.append(stand.id)
    elif stand.where == "whole":
        above.whole = stand.id
    else:
        above.behind.append(stand.id)


def _more(left: Amount, right: Amount) -> Amount:
    """Blocks of a letter that two operands carry: those of a deck, else the more."""
    spreads = [one for one in (left, right) if isinstance(one, Spread)]
    if len(spreads) == 2 and spreads[0] != spreads[1]:
        raise NoDeck(spreads[1].deck)
    return spreads[0] if spreads else max(one for one in (left, right) if isinstance(one, int))


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
