"""Distances from the leaves up: every stand becomes a rigid group, free of overlap within itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcube.layout.decks.parts import NoDeckError
from matcube.layout.decks.pitches import DeckSolver, every_of
from matcube.layout.frame import WORLD, Frame, Volumes, add, grown, moved, scale, spanned, volumes
from matcube.layout.separation import Mover, least_push, least_pushes
from matcube.layout.splits import Spacing
from matcube.layout.tree import Plan, Sheet, Stand
from matcube.layout.types import LayoutOptions
from matcube.wire import Vec3, extent
from matcube.wire.geometry import Splits

SHEET_SHARE = 0.25  # of the face's shorter side, from one sheet to the next


@dataclass(frozen=True)
class Solved:
    """What is known of a stand when all distances are.

    Args:
        frame: right, up, front of its face.
        away: unit step from the face towards its sheets and its body.
        spacing: distance from a sheet to the next.
        sheets: how many are open.
        corner: world position of the outer corner of its box's product (0, 0, 0), if it has a box.
        splits: blocks along i, j and k of its box; i and j hold for its face without a box as well.
        origin: world position of the outer corner of its displayed cell (0, 0).
    """

    frame: Frame
    away: Vec3
    spacing: float
    sheets: int
    origin: Vec3
    corner: Vec3
    splits: Splits


class Solver(DeckSolver):
    """One pass down for frames, one up for distances, one down for positions; see ``DeckSolver``."""

    def __init__(
        self, plan: Plan, options: LayoutOptions, gap: float, thin: DeckSolver | None = None
    ) -> None:
        super().__init__(plan, options, gap, thin)
        self.corners: list[Vec3] = [(0.0, 0.0, 0.0)] * len(plan.stands)
        self.groups: dict[int, Volumes] = {}
        self.total = sum(plan.stands[root].held for root in plan.roots)

    def solve(self) -> tuple[Solved, ...]:
        """Frames, distances, positions: one ``Solved`` a stand."""
        self.measure()
        origins: list[Vec3] = []
        for stand in self.plan.stands:
            above = (0.0, 0.0, 0.0) if stand.parent is None else origins[stand.parent]
            origins.append(add(above, self.offsets[stand.id]))
        origins = self.pulled(origins)
        return tuple(
            Solved(
                frame=self.frames[stand.id],
                away=self.aways[stand.id],
                spacing=self.sheet_spacing(stand),
                sheets=self.open_sheets(stand),
                origin=origin,
                corner=add(origin, self.corners[stand.id]),
                splits=self._splits(stand),
            )
            for stand, origin in zip(self.plan.stands, origins, strict=True)
        )

    def measure(self) -> Solver:
        """Find all distances."""
        for stand in self.plan.stands:
            self._orient(stand)
        self.find_directions()
        for stand in reversed(self.plan.stands):
            if stand.model < 0:
                self.groups[stand.id] = self._group(stand)
        self._line_up()
        for stand in self.plan.stands:
            if stand.model >= 0:
                self.corners[stand.id] = self.corners[stand.model]
                on = (
                    self.pitch(stand.decks[-1], stand.place)
                    if stand.where in ("head", "root")
                    else (0.0, 0.0, 0.0)
                )
                self.offsets[stand.id] = add(self.offsets[stand.model], on)
        return self

    # --- one stand ----------------------------------------------------------------------------------

    def _orient(self, stand: Stand) -> None:
        """The stand's frame from its parent's, and on which side of its face it has its body."""
        if stand.parent is None:
            frame, out = WORLD, scale(WORLD.front, -1)
        else:
            above, outer = self.plan.stands[stand.parent], self.frames[stand.parent]
            code = above.arrangement
            if stand.where == "left":
                frame, out = outer.left_child(code), scale(outer.right, 1 if code.left_on_right else -1)
            elif stand.where == "right":
                frame, out = outer.right_child(code), scale(outer.up, -1 if code.right_on_bottom else 1)
            else:
                frame, out = outer, self.aways[stand.parent]
        if stand.product is not None:
            out = scale(frame.front, 1 if stand.arrangement.result_at_back else -1)
        self.frames.append(frame)
        self.aways.append(out)

    def _group(self, stand: Stand) -> Volumes:
        """All volumes of a stand relative to its face's origin; sets the offsets of what hangs on it."""
        frame, away = self.frames[stand.id], self.aways[stand.id]
        spacing = self.sheet_spacing(stand)
        step = scale(away, spacing)
        slabs = [
            self._slab(frame, scale(step, place), *self._extents(sheet))
            for place, sheet in enumerate((stand.face, *stand.stack)[: 1 + self.open_sheets(stand)])
        ]
        depth = self.open_sheets(stand) * spacing + self.gap
        if stand.product is None:
            self.own[stand.id] = volumes(slabs)
            group = self.in_all_heads(stand, self.own[stand.id])
        else:
            splits = self._splits(stand)
            rows, cols, deep = (extent(*one) for one in zip(stand.product.sizes, splits, strict=True))
            has_parts = splits[2] is not None and isinstance(stand.k_blocks, int)
            lead = (
                splits[2].gap if splits[2] is not None and has_parts else 0
            )  # for the first block's results
            first = scale(away, depth)
            start, depth = scale(away, depth + lead), depth + lead
            edges = (scale(frame.right, cols), scale(frame.up, -rows), scale(away, lead + deep))
            body = spanned(first, *edges)
            k_is_near = stand.arrangement.positive != stand.arrangement.result_at_back
            self.corners[stand.id] = start if k_is_near else add(start, scale(away, deep))
            self.own[stand.id] = volumes([*slabs, body])
            own = self.in_all_heads(stand, self.own[stand.id])
            group = self._with_arguments(stand, (rows, cols), own)
            depth += deep + self.gap
        if stand.heads:
            group = self.holds_heads(stand, group)
        if stand.whole >= 0:
            before = self.plan.stands[stand.whole].place * every_of(self.plan.stands[stand.whole])
            self.offsets[stand.whole] = self.pitch(stand.decks[-1], -before)
            whole = moved(self.taken(stand.whole), self.offsets[stand.whole])
            group = group if self.thin is None else np.concatenate([group, whole])
        return self._with_those_behind(stand, group, depth)

    def _with_those_behind(self, stand: Stand, group: Volumes, depth: float) -> Volumes:
        """Push parallel stands away from the face until each is clear."""
        away = self.aways[stand.id]
        for child in stand.behind:
            mover = Mover(self.taken(child), away)
            push = least_push(mover, grown(group, self.gap / 2), depth)
            self.offsets[child] = scale(away, push)
            if self.thin is not None and self.frozen(stand, away):
                self.offsets[child] = self.thin.offsets[child]
            group = np.concatenate([group, moved(mover.volumes, self.offsets[child])])
        return group

    def sheet_spacing(self, stand: Stand) -> float:
        """Sheets stand as far apart as lets one see between them."""
        return max(1.0, self.gap, min(stand.face.rows, stand.face.cols) * SHEET_SHARE)

    def _splits(self, stand: Stand) -> Splits:
        """Blocks along i, j and k."""
        sizes = (stand.face.rows, stand.face.cols) if stand.product is None else stand.product.sizes
        blocks = (*stand.face.blocks, stand.k_blocks)
        found = [self.spacing.split(*pair) for pair in zip(sizes, blocks, strict=False)]
        return found[0], found[1], found[2] if len(found) == 3 else None

    def _extents(self, sheet: Sheet) -> tuple[int, int]:
        """Places of a face from top to bottom and from side to side."""
        rows, cols = (
            extent(size, self.spacing.split(size, blocks))
            for size, blocks in zip((sheet.rows, sheet.cols), sheet.blocks, strict=True)
        )
        return rows, cols

    def _slab(self, frame: Frame, offset: Vec3, rows: int, cols: int) -> list[float]:
        """A face as a volume: its cells are balls of at most one unit."""
        corner = add(offset, scale(frame.front, -0.5))
        return spanned(corner, scale(frame.right, cols), scale(frame.up, -rows), frame.front)

    def _with_arguments(self, stand: Stand, sizes: tuple[int, int], still: Volumes) -> Volumes:
        """Put the arguments beside the body, no nearer than the gap and pushed until nothing overlaps."""
        frame, code, corner = self.frames[stand.id], stand.arrangement, self.corners[stand.id]
        rows, cols = sizes
        left_out = scale(frame.right, 1 if code.left_on_right else -1)
        right_out = scale(frame.up, -1 if code.right_on_bottom else 1)
        left = add(
            corner,
            scale(frame.right, cols if code.left_on_right else 0),
            scale(left_out, self.gap + self._scatter(stand.left)),
        )
        right = add(
            corner,
            scale(frame.up, -rows if code.right_on_bottom else 0),
            scale(right_out, self.gap + self._scatter(stand.right)),
        )
        movers = (
            Mover(moved(self.taken(stand.left), left), left_out),
            Mover(moved(self.taken(stand.right), right), right_out),
        )
        a, b = self._pushes(stand, movers, still)
        self.pushed[stand.id] = (a, b)
        pushes = scale(left_out, a), scale(right_out, b)
        self.offsets[stand.left], self.offsets[stand.right] = add(left, pushes[0]), add(right, pushes[1])
        parts = [moved(mover.volumes, push) for mover, push in zip(movers, pushes, strict=True)]
        return np.concatenate([still, *parts])

    def _pushes(self, stand: Stand, movers: tuple[Mover, Mover], still: Volumes) -> tuple[float, float]:
        """How far left and right are pushed until nothing overlaps, then with some air."""
        for one, other in ((0, 1), (1, 0)):
            if self.frozen(stand, movers[one].direction):
                return self._pushes_of_one(stand, movers, still, one, other)
        a, b = least_pushes(*movers, still)
        if a or b:
            margin = self.gap / 4
            first, second = (Mover(grown(one.volumes, margin), one.direction) for one in movers)
            a, b = least_pushes(first, second, grown(still, margin))
        return a, b

    def _pushes_of_one(
        self, stand: Stand, movers: tuple[Mover, Mover], still: Volumes, fixed: int, free: int
    ) -> tuple[float, float]:
        """The same where one of them keeps the distance that it has within a head."""
        assert self.thin is not None
        pushes = [0.0, 0.0]
        pushes[fixed] = self.thin.pushed[stand.id][fixed]
        held = moved(movers[fixed].volumes, scale(movers[fixed].direction, pushes[fixed]))
        if least_push(Mover(held, movers[fixed].direction), still, 0.0) > 0:
            raise NoDeckError(stand.decks[-1])
        pushes[free] = least_push(movers[free], np.concatenate([still, held]), 0.0)
        if pushes[free]:
            apart = grown(np.concatenate([still, held]), self.gap / 4)
            pushes[free] = least_push(
                Mover(grown(movers[free].volumes, self.gap / 4), movers[free].direction), apart, 0.0
            )
        return pushes[0], pushes[1]

    def _scatter(self, child: int) -> float:
        """How far a child is pushed on purpose: those that hold at least ``molecule`` boxes only."""
        options, size = self.options, self.plan.stands[child].held
        if not options.scatter or size < options.molecule:
            return 0.0
        if options.blast >= 0:
            return float(options.scatter * size**options.blast)
        return float(options.scatter * (self.total - size) ** -options.blast)

    def taken(self, child: int) -> Volumes:
        """The group of a child, which its parent's group takes over."""
        return self.groups.pop(child)

    def open_sheets(self, stand: Stand) -> int:
        """How many sheets of a stand are drawn; a repeated picture draws none."""
        chosen = self.options.sheets
        first = stand if stand.model < 0 else self.plan.stands[stand.model]
        is_open = first.owner and (chosen == "all" or first.face.node in chosen)
        return min(len(stand.stack), len(first.stack)) if is_open else 0

    def _line_up(self) -> None:
        """Outputs that the figure's root does not reach stand to its right, each beside the last."""
        edge = None
        for root in self.plan.roots:
            if self.plan.stands[root].model >= 0:
                continue
            group = self.groups[root]
            for deck in self.plan.stands[root].decks:
                self.measured(deck, group)
            low = float(group[:, 0].min()) if len(group) else 0.0
            high = float(group[:, 3].max()) if len(group) else 0.0
            shift = 0.0 if edge is None else edge + 4 * self.gap - low
            self.offsets[root] = (shift, 0.0, 0.0)
            edge = high + shift


def solve(plan: Plan, options: LayoutOptions, gap: float) -> tuple[tuple[Solved, ...], Spacing]:
    """Solve a plan: at once, or where there are decks first one head of each, then the whole.

    Raises:
        NoDeckError: heads of a deck cannot stand side by side.
    """
    thin = Solver(plan, options, gap).measure() if plan.heads else None
    solver = Solver(plan, options, gap, thin)
    return solver.solve(), solver.spacing
