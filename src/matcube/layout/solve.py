"""Distances from the leaves up: every branch becomes a rigid group, free of overlap within itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcube.layout.decks.parts import NoDeckError
from matcube.layout.decks.pitches import DeckSolver, every_of
from matcube.layout.frame import WORLD, Frame, Volumes, add, grown, moved, scale, spanned, volumes
from matcube.layout.separation import Mover, least_push, least_pushes
from matcube.layout.splits import Spacing
from matcube.layout.tree import Branch, Plan, Sheet
from matcube.layout.types import LayoutOptions
from matcube.wire import Vec3, extent
from matcube.wire.geometry import Splits

SHEET_SHARE = 0.25  # of the face's shorter side, from one sheet to the next


@dataclass(frozen=True)
class Solved:
    """A branch with its distances solved.

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
        self.corners: list[Vec3] = [(0.0, 0.0, 0.0)] * len(plan.branches)
        self.groups: dict[int, Volumes] = {}
        self.total = sum(plan.branches[root].held for root in plan.roots)

    def solve(self) -> tuple[Solved, ...]:
        """Frames, distances, positions: one ``Solved`` a branch."""
        self.measure()
        origins: list[Vec3] = []
        for branch in self.plan.branches:
            above = (0.0, 0.0, 0.0) if branch.parent is None else origins[branch.parent]
            origins.append(add(above, self.offsets[branch.id]))
        origins = self.pulled(origins)
        return tuple(
            Solved(
                frame=self.frames[branch.id],
                away=self.aways[branch.id],
                spacing=self.sheet_spacing(branch),
                sheets=self.open_sheets(branch),
                origin=origin,
                corner=add(origin, self.corners[branch.id]),
                splits=self._splits(branch),
            )
            for branch, origin in zip(self.plan.branches, origins, strict=True)
        )

    def measure(self) -> Solver:
        """Find all distances."""
        for branch in self.plan.branches:
            self._orient(branch)
        self.find_directions()
        for branch in reversed(self.plan.branches):
            if branch.model < 0:
                self.groups[branch.id] = self._group(branch)
        self._line_up()
        for branch in self.plan.branches:
            if branch.model >= 0:
                self.corners[branch.id] = self.corners[branch.model]
                on = (
                    self.pitch(branch.decks[-1], branch.place)
                    if branch.where in ("head", "root")
                    else (0.0, 0.0, 0.0)
                )
                self.offsets[branch.id] = add(self.offsets[branch.model], on)
        return self

    # --- one branch ----------------------------------------------------------------------------------

    def _orient(self, branch: Branch) -> None:
        """The branch's frame from its parent's, and on which side of its face it has its body."""
        if branch.parent is None:
            frame, out = WORLD, scale(WORLD.front, -1)
        else:
            above, outer = self.plan.branches[branch.parent], self.frames[branch.parent]
            code = above.arrangement
            if branch.where == "left":
                frame, out = outer.left_child(code), scale(outer.right, 1 if code.left_on_right else -1)
            elif branch.where == "right":
                frame, out = outer.right_child(code), scale(outer.up, -1 if code.right_on_bottom else 1)
            else:
                frame, out = outer, self.aways[branch.parent]
        if branch.product is not None:
            out = scale(frame.front, 1 if branch.arrangement.result_at_back else -1)
        self.frames.append(frame)
        self.aways.append(out)

    def _group(self, branch: Branch) -> Volumes:
        """All volumes of a branch relative to its face's origin; sets the offsets of what hangs on it."""
        frame, away = self.frames[branch.id], self.aways[branch.id]
        spacing = self.sheet_spacing(branch)
        step = scale(away, spacing)
        slabs = [
            self._slab(frame, scale(step, place), *self._extents(sheet))
            for place, sheet in enumerate((branch.face, *branch.stack)[: 1 + self.open_sheets(branch)])
        ]
        depth = self.open_sheets(branch) * spacing + self.gap
        if branch.product is None:
            self.own[branch.id] = volumes(slabs)
            group = self.in_all_heads(branch, self.own[branch.id])
        else:
            splits = self._splits(branch)
            rows, cols, deep = (extent(*item) for item in zip(branch.product.sizes, splits, strict=True))
            has_parts = splits[2] is not None and isinstance(branch.k_blocks, int)
            lead = (
                splits[2].gap if splits[2] is not None and has_parts else 0
            )  # for the first block's results
            first = scale(away, depth)
            start, depth = scale(away, depth + lead), depth + lead
            edges = (scale(frame.right, cols), scale(frame.up, -rows), scale(away, lead + deep))
            body = spanned(first, *edges)
            k_is_near = branch.arrangement.positive != branch.arrangement.result_at_back
            self.corners[branch.id] = start if k_is_near else add(start, scale(away, deep))
            self.own[branch.id] = volumes([*slabs, body])
            own = self.in_all_heads(branch, self.own[branch.id])
            group = self._with_arguments(branch, (rows, cols), own)
            depth += deep + self.gap
        if branch.heads:
            group = self.holds_heads(branch, group)
        if branch.whole >= 0:
            before = self.plan.branches[branch.whole].place * every_of(self.plan.branches[branch.whole])
            self.offsets[branch.whole] = self.pitch(branch.decks[-1], -before)
            whole = moved(self.taken(branch.whole), self.offsets[branch.whole])
            group = group if self.thin is None else np.concatenate([group, whole])
        return self._with_those_behind(branch, group, depth)

    def _with_those_behind(self, branch: Branch, group: Volumes, depth: float) -> Volumes:
        """Push parallel branches away from the face until each is clear."""
        away = self.aways[branch.id]
        for child in branch.behind:
            mover = Mover(self.taken(child), away)
            push = least_push(mover, grown(group, self.gap / 2), depth)
            self.offsets[child] = scale(away, push)
            if self.thin is not None and self.frozen(branch, away):
                self.offsets[child] = self.thin.offsets[child]
            group = np.concatenate([group, moved(mover.volumes, self.offsets[child])])
        return group

    def sheet_spacing(self, branch: Branch) -> float:
        """The distance between sheets: enough to see between them."""
        return max(1.0, self.gap, min(branch.face.rows, branch.face.cols) * SHEET_SHARE)

    def _splits(self, branch: Branch) -> Splits:
        """Blocks along i, j and k."""
        sizes = (branch.face.rows, branch.face.cols) if branch.product is None else branch.product.sizes
        blocks = (*branch.face.blocks, branch.k_blocks)
        result = [self.spacing.split(*pair) for pair in zip(sizes, blocks, strict=False)]
        return result[0], result[1], result[2] if len(result) == 3 else None

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

    def _with_arguments(self, branch: Branch, sizes: tuple[int, int], still: Volumes) -> Volumes:
        """Put the arguments beside the body, no nearer than the gap and pushed until nothing overlaps."""
        frame, code, corner = self.frames[branch.id], branch.arrangement, self.corners[branch.id]
        rows, cols = sizes
        left_out = scale(frame.right, 1 if code.left_on_right else -1)
        right_out = scale(frame.up, -1 if code.right_on_bottom else 1)
        left = add(
            corner,
            scale(frame.right, cols if code.left_on_right else 0),
            scale(left_out, self.gap + self._scatter(branch.left)),
        )
        right = add(
            corner,
            scale(frame.up, -rows if code.right_on_bottom else 0),
            scale(right_out, self.gap + self._scatter(branch.right)),
        )
        movers = (
            Mover(moved(self.taken(branch.left), left), left_out),
            Mover(moved(self.taken(branch.right), right), right_out),
        )
        a, b = self._pushes(branch, movers, still)
        self.pushed[branch.id] = (a, b)
        pushes = scale(left_out, a), scale(right_out, b)
        self.offsets[branch.left], self.offsets[branch.right] = add(left, pushes[0]), add(right, pushes[1])
        parts = [moved(mover.volumes, push) for mover, push in zip(movers, pushes, strict=True)]
        return np.concatenate([still, *parts])

    def _pushes(self, branch: Branch, movers: tuple[Mover, Mover], still: Volumes) -> tuple[float, float]:
        """How far left and right are pushed until nothing overlaps, then with some air."""
        for one, other in ((0, 1), (1, 0)):
            if self.frozen(branch, movers[one].direction):
                return self._pushes_of_one(branch, movers, still, one, other)
        a, b = least_pushes(*movers, still)
        if a or b:
            margin = self.gap / 4
            first, second = (Mover(grown(item.volumes, margin), item.direction) for item in movers)
            a, b = least_pushes(first, second, grown(still, margin))
        return a, b

    def _pushes_of_one(
        self, branch: Branch, movers: tuple[Mover, Mover], still: Volumes, fixed: int, free: int
    ) -> tuple[float, float]:
        """The same where one of them keeps the distance that it has within a head."""
        assert self.thin is not None
        pushes = [0.0, 0.0]
        pushes[fixed] = self.thin.pushed[branch.id][fixed]
        held = moved(movers[fixed].volumes, scale(movers[fixed].direction, pushes[fixed]))
        if least_push(Mover(held, movers[fixed].direction), still, 0.0) > 0:
            raise NoDeckError(branch.decks[-1])
        pushes[free] = least_push(movers[free], np.concatenate([still, held]), 0.0)
        if pushes[free]:
            apart = grown(np.concatenate([still, held]), self.gap / 4)
            pushes[free] = least_push(
                Mover(grown(movers[free].volumes, self.gap / 4), movers[free].direction), apart, 0.0
            )
        return pushes[0], pushes[1]

    def _scatter(self, child: int) -> float:
        """How far a child is pushed on purpose: those that hold at least ``molecule`` boxes only."""
        options, size = self.options, self.plan.branches[child].held
        if not options.scatter or size < options.molecule:
            return 0.0
        if options.blast >= 0:
            return float(options.scatter * size**options.blast)
        return float(options.scatter * (self.total - size) ** -options.blast)

    def taken(self, child: int) -> Volumes:
        """The group of a child, which its parent's group takes over."""
        return self.groups.pop(child)

    def open_sheets(self, branch: Branch) -> int:
        """How many sheets of a branch are drawn; a repeated picture draws none."""
        chosen = self.options.sheets
        first = branch if branch.model < 0 else self.plan.branches[branch.model]
        is_open = first.owner and (chosen == "all" or first.face.node in chosen)
        return min(len(branch.stack), len(first.stack)) if is_open else 0

    def _line_up(self) -> None:
        """Place outputs that the figure's root does not reach to its right, one beside the other."""
        edge = None
        for root in self.plan.roots:
            if self.plan.branches[root].model >= 0:
                continue
            group = self.groups[root]
            for deck in self.plan.branches[root].decks:
                self.measured(deck, group)
            low = float(group[:, 0].min()) if len(group) else 0.0
            high = float(group[:, 3].max()) if len(group) else 0.0
            shift = 0.0 if edge is None else edge + 4 * self.gap - low
            self.offsets[root] = (shift, 0.0, 0.0)
            edge = high + shift


def solve(plan: Plan, options: LayoutOptions, gap: float) -> tuple[tuple[Solved, ...], Spacing]:
    """Solve a plan: at once, or where there are decks first one head of each, then the whole.

    Raises:
        NoDeckError: heads of a deck cannot be placed side by side.
    """
    thin = Solver(plan, options, gap).measure() if plan.heads else None
    solver = Solver(plan, options, gap, thin)
    return solver.solve(), solver.spacing
