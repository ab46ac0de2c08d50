"""Distances of decks: their directions, their pitches, and heads that are pulled out."""

from __future__ import annotations

from itertools import product
from math import ceil

import numpy as np

from matcube.layout.bounds import sheet_spacing
from matcube.layout.decks.sections import NoDeckError
from matcube.layout.frame import Frame, Volumes, add, axis_of, dot, grown, moved, scale, volumes
from matcube.layout.separation import Mover, least_push
from matcube.layout.splits import Spacing, Spread
from matcube.layout.tree import Branch, Plan
from matcube.layout.types import LayoutOptions
from matcube.wire import Vec3

_TO_EYE: Vec3 = (-0.52, 0.41, 0.75)  # of the default view, see docs/drawing.md


class DeckSolver:
    """Distances of decks, the base of the solver.

    Args:
        plan: the layout tree.
        options: distances and sheets.
        gap: cells from a face to its box.
        single: the solver of the same plan without the matrices that span all heads of a deck. It gives the
            pitches, and the distances within a head along a deck, which are then fixed.
    """

    def __init__(
        self, plan: Plan, options: LayoutOptions, gap: float, single: DeckSolver | None = None
    ) -> None:
        self.plan = plan
        self.options = options
        self.gap = gap
        self.single = single
        self.spacing: Spacing = Spacing(gap) if single is None else single.spacing
        self.along: dict[int, Vec3] = {}
        self.frames: list[Frame] = []
        self.aways: list[Vec3] = []
        self.offsets: list[Vec3] = [(0.0, 0.0, 0.0)] * len(plan.branches)
        self.own: dict[int, Volumes] = {}
        self.groups: dict[int, Volumes] = {}
        self.pushed: dict[int, tuple[float, float]] = {}

    def take_group(self, child: int) -> Volumes:
        """Remove and return the volumes of a child branch."""
        return self.groups.pop(child)

    def open_sheets(self, branch: Branch) -> int:
        """Number of sheets that are drawn; none of a repeated picture."""
        chosen = self.options.sheets
        first = self.plan.model(branch)
        is_open = first.owner and (chosen == "all" or first.face.node in chosen)
        return min(len(branch.stack), len(first.stack)) if is_open else 0

    def sheet_spacing(self, branch: Branch) -> float:
        """Cells from one sheet to the next."""
        return sheet_spacing(branch.face.rows, branch.face.cols, self.gap)

    def find_directions(self) -> None:
        """Set the direction of each deck: that of its joined matrix; whole matrices must agree."""
        for branch in self.plan.branches:
            if branch.heads:
                self.along[self.plan.branches[branch.heads[0]].decks[-1]] = self._direction(branch)
        for branch in self.plan.branches:
            if branch.whole >= 0:
                direction = self._direction(self.plan.branches[branch.whole])
                if self.along.setdefault(branch.decks[-1], direction) != direction:
                    raise NoDeckError(branch.decks[-1])
        for root in self.plan.roots:
            for deck in self.plan.branches[root].decks:
                self.along.setdefault(deck, self.frames[root].right)

    def _direction(self, branch: Branch) -> Vec3:
        """The direction of the heads on a face."""
        frame = self.frames[branch.id]
        return scale(frame.up, -1) if isinstance(branch.face.blocks[0], Spread) else frame.right

    def pitch(self, deck: int, heads: int) -> Vec3:
        """The offset of a number of heads."""
        return scale(self.along[deck], heads * self.spacing.pitches.get(deck, 0))

    def set_pitch(self, deck: int, head: Volumes) -> None:
        """Set the pitch of a deck from the thickness of a head, unless it is known from ``single``."""
        if self.single is not None:
            return
        axis = axis_of(self.along[deck])
        thick = float(head[:, axis + 3].max() - head[:, axis].min()) if len(head) else 0.0
        self.spacing.pitches[deck] = ceil(thick + self.gap)

    def in_all_heads(self, branch: Branch, own: Volumes) -> Volumes:
        """Volumes of a branch and of its counterparts in the other heads."""
        if self.single is None:
            return own
        pitches = [[self.pitch(deck, head) for head in range(self.plan.heads[deck])] for deck in branch.decks]
        return np.concatenate([moved(own, add(*offsets)) for offsets in product(*pitches)])

    def with_heads(self, branch: Branch, own: Volumes) -> Volumes:
        """Volumes of a joined matrix with its heads, which lie at its last sheet."""
        deck = self.plan.branches[branch.heads[0]].decks[-1]
        self.offsets[branch.heads[0]] = scale(
            self.aways[branch.id], self.open_sheets(branch) * self.sheet_spacing(branch)
        )
        head = moved(self.take_group(branch.heads[0]), self.offsets[branch.heads[0]])
        self.set_pitch(deck, head)
        if self.single is None:
            count = range(self.plan.heads[deck])
            return np.concatenate([own, *(moved(head, self.pitch(deck, item)) for item in count)])
        return np.concatenate([own, head])

    def is_fixed(self, branch: Branch, direction: Vec3) -> bool:
        """Whether distances in a direction are fixed, since they would change the thickness of a head."""
        return self.single is not None and any(
            axis_of(self.along[deck]) == axis_of(direction) for deck in branch.decks
        )

    def pull_heads(self, origins: list[Vec3]) -> list[Vec3]:
        """Slide heads out of their decks, past the end that is nearer to the eye of the default view."""
        result = list(origins)
        for deck, head in product(self.plan.heads, self.options.pull):
            branches = self.plan.branches
            own = [branch for branch in branches if branch.decks[-1:] == (deck,) and branch.place == head]
            if not own or any(deck in branch.decks[:-1] for branch in branches):
                continue
            inside = {branch.id for branch in own}
            others = [branch for branch in branches if branch.id not in inside]
            mine, rest = (self.bodies(group, result) for group in (own, others))
            sign = 1 if dot(self.along[deck], _TO_EYE) > 0 else -1
            left = self.plan.heads[deck] - 1 - head if sign > 0 else head
            mover = Mover(grown(mine, self.gap / 2), scale(self.along[deck], sign))
            least = (left + 1.5) * self.spacing.pitches[deck]
            far = least_push(mover, grown(rest, self.gap / 2), least)
            for branch in own:
                result[branch.id] = add(result[branch.id], scale(mover.direction, far))
        return result

    def bodies(self, branches: list[Branch], origins: list[Vec3]) -> Volumes:
        """Volumes of branches without their children, at their places."""
        result = [moved(self.own[self.plan.model(branch).id], origins[branch.id]) for branch in branches]
        return np.concatenate(result) if result else volumes([])


def every_of(whole: Branch) -> int:
    """Heads from one block of a whole to the next."""
    return next(block.every for block in whole.face.blocks if isinstance(block, Spread))
