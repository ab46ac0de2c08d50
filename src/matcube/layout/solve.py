"""Layout tree to positions, from the leaves up: a solved branch is a rigid group without overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcube.layout.decks.pitches import DeckSolver, every_of
from matcube.layout.decks.sections import NoDeckError
from matcube.layout.frame import WORLD, Frame, Volumes, add, grown, moved, scale, spanned, volumes
from matcube.layout.separation import Mover, least_push, least_pushes
from matcube.layout.splits import Spacing
from matcube.layout.tree import Branch, Plan, Sheet
from matcube.layout.types import LayoutOptions
from matcube.wire import Vec3, extent
from matcube.wire.geometry import Splits


@dataclass(frozen=True)
class Solved:
    """Positions of a branch.

    Args:
        frame: of its face.
        away: unit step from the face towards its sheets and its body.
        spacing: distance from a sheet to the next.
        sheets: number of open sheets.
        corner: world position of the outer corner of its box's cell (0, 0, 0), if it has a box.
        splits: blocks along i, j and k of its box; without a box i and j of its face.
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
        self, plan: Plan, options: LayoutOptions, gap: float, single: DeckSolver | None = None
    ) -> None:
        super().__init__(plan, options, gap, single)
        self.corners: list[Vec3] = [(0.0, 0.0, 0.0)] * len(plan.branches)
        self.total = sum(plan.branches[root].box_count for root in plan.roots)

    def solve(self) -> tuple[Solved, ...]:
        """Positions of all branches."""
        self.measure()
        origins: list[Vec3] = []
        for branch in self.plan.branches:
            above = (0.0, 0.0, 0.0) if branch.parent is None else origins[branch.parent]
            origins.append(add(above, self.offsets[branch.id]))
        origins = self.pull_heads(origins)
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
        """Set all frames, offsets and pitches."""
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
                pitch = (
                    self.pitch(branch.decks[-1], branch.place)
                    if branch.where in ("head", "root")
                    else (0.0, 0.0, 0.0)
                )
                self.offsets[branch.id] = add(self.offsets[branch.model], pitch)
        return self

    def _orient(self, branch: Branch) -> None:
        """Set the frame of a branch, and the side of its face on which its body lies."""
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
        """Volumes of a branch and its children from its face's origin; sets the children's offsets."""
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
            has_sheets = isinstance(branch.k_blocks, int)  # of partial sums, the first before the first block
            lead = splits[2].gap if splits[2] is not None and has_sheets else 0
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
            group = self.with_heads(branch, group)
        if branch.whole >= 0:
            before = self.plan.branches[branch.whole].place * every_of(self.plan.branches[branch.whole])
            self.offsets[branch.whole] = self.pitch(branch.decks[-1], -before)
            whole = moved(self.take_group(branch.whole), self.offsets[branch.whole])
            group = group if self.single is None else np.concatenate([group, whole])
        return self._with_parallel(branch, group, depth)

    def _with_parallel(self, branch: Branch, group: Volumes, depth: float) -> Volumes:
        """Add parallel branches, each pushed away from the face until it is free."""
        away = self.aways[branch.id]
        for child in branch.behind:
            mover = Mover(self.take_group(child), away)
            push = least_push(mover, grown(group, self.gap / 2), depth)
            self.offsets[child] = scale(away, push)
            if self.single is not None and self.is_fixed(branch, away):
                self.offsets[child] = self.single.offsets[child]
            group = np.concatenate([group, moved(mover.volumes, self.offsets[child])])
        return group

    def _splits(self, branch: Branch) -> Splits:
        """Blocks along i, j and k."""
        sizes = (branch.face.rows, branch.face.cols) if branch.product is None else branch.product.sizes
        blocks = (*branch.face.blocks, branch.k_blocks)
        result = [self.spacing.split(*pair) for pair in zip(sizes, blocks, strict=False)]
        return result[0], result[1], result[2] if len(result) == 3 else None

    def _extents(self, sheet: Sheet) -> tuple[int, int]:
        """Cells of a face from top to bottom and from side to side, with the gaps of its splits."""
        rows, cols = (
            extent(size, self.spacing.split(size, blocks))
            for size, blocks in zip((sheet.rows, sheet.cols), sheet.blocks, strict=True)
        )
        return rows, cols

    def _slab(self, frame: Frame, offset: Vec3, rows: int, cols: int) -> list[float]:
        """A face as a volume; its cells are balls of at most one unit."""
        corner = add(offset, scale(frame.front, -0.5))
        return spanned(corner, scale(frame.right, cols), scale(frame.up, -rows), frame.front)

    def _with_arguments(self, branch: Branch, sizes: tuple[int, int], still: Volumes) -> Volumes:
        """Add the arguments beside the body, at least the gap away and pushed until nothing overlaps."""
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
            Mover(moved(self.take_group(branch.left), left), left_out),
            Mover(moved(self.take_group(branch.right), right), right_out),
        )
        a, b = self._pushes(branch, movers, still)
        self.pushed[branch.id] = (a, b)
        pushes = scale(left_out, a), scale(right_out, b)
        self.offsets[branch.left], self.offsets[branch.right] = add(left, pushes[0]), add(right, pushes[1])
        arguments = [moved(mover.volumes, push) for mover, push in zip(movers, pushes, strict=True)]
        return np.concatenate([still, *arguments])

    def _pushes(self, branch: Branch, movers: tuple[Mover, Mover], still: Volumes) -> tuple[float, float]:
        """Pushes of the left and right argument until nothing overlaps; then with a margin."""
        for fixed, free in ((0, 1), (1, 0)):
            if self.is_fixed(branch, movers[fixed].direction):
                return self._pushes_beside(branch, movers, still, fixed, free)
        a, b = least_pushes(*movers, still)
        if a or b:
            margin = self.gap / 4
            first, second = (Mover(grown(item.volumes, margin), item.direction) for item in movers)
            a, b = least_pushes(first, second, grown(still, margin))
        return a, b

    def _pushes_beside(
        self, branch: Branch, movers: tuple[Mover, Mover], still: Volumes, fixed: int, free: int
    ) -> tuple[float, float]:
        """The same where the distance of the argument ``fixed`` is given by ``single``."""
        assert self.single is not None
        pushes = [0.0, 0.0]
        pushes[fixed] = self.single.pushed[branch.id][fixed]
        placed = moved(movers[fixed].volumes, scale(movers[fixed].direction, pushes[fixed]))
        if least_push(Mover(placed, movers[fixed].direction), still, 0.0) > 0:
            raise NoDeckError(branch.decks[-1])
        obstacles = np.concatenate([still, placed])
        pushes[free] = least_push(movers[free], obstacles, 0.0)
        if pushes[free]:
            mover = Mover(grown(movers[free].volumes, self.gap / 4), movers[free].direction)
            pushes[free] = least_push(mover, grown(obstacles, self.gap / 4), 0.0)
        return pushes[0], pushes[1]

    def _scatter(self, child: int) -> float:
        """The push of a child from the options scatter, blast and molecule."""
        options, size = self.options, self.plan.branches[child].box_count
        if not options.scatter or size < options.molecule:
            return 0.0
        if options.blast >= 0:
            return float(options.scatter * size**options.blast)
        return float(options.scatter * (self.total - size) ** -options.blast)

    def _line_up(self) -> None:
        """Place further outputs to the right of the figure's root, side by side."""
        edge = None
        for root in self.plan.roots:
            if self.plan.branches[root].model >= 0:
                continue
            group = self.groups[root]
            for deck in self.plan.branches[root].decks:
                self.set_pitch(deck, group)
            low = float(group[:, 0].min()) if len(group) else 0.0
            high = float(group[:, 3].max()) if len(group) else 0.0
            shift = 0.0 if edge is None else edge + 4 * self.gap - low
            self.offsets[root] = (shift, 0.0, 0.0)
            edge = high + shift


def solve(plan: Plan, options: LayoutOptions, gap: float) -> tuple[tuple[Solved, ...], Spacing]:
    """Positions of all branches; of a plan with decks first those of a single head.

    Args:
        plan: the layout tree.
        options: distances, sheets and pulled heads are read here.
        gap: cells from a face to its box.

    Raises:
        NoDeckError: heads of a deck cannot be placed side by side.
    """
    single = Solver(plan, options, gap).measure() if plan.heads else None
    solver = Solver(plan, options, gap, single)
    return solver.solve(), solver.spacing
