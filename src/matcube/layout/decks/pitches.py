"""Decks among branches: in which direction they go, how far from head to head, and what is pulled out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import product
from math import ceil

import numpy as np

from matcube.layout.decks.parts import NoDeckError
from matcube.layout.frame import Frame, Volumes, add, grown, moved, scale, volumes
from matcube.layout.separation import Mover, least_push
from matcube.layout.splits import Spacing, Spread
from matcube.layout.tree import Branch, Plan
from matcube.layout.types import LayoutOptions
from matcube.wire import Vec3

_TO_THE_EYE: Vec3 = (-0.52, 0.41, 0.75)  # of the default view, see docs/drawing.md


class DeckSolver(ABC):
    """What distances need to know of decks.

    Args:
        plan: the branches.
        options: distances and sheets.
        gap: cells from a face to its box.
        thin: what the same plan came to without the matrices that go through all heads of a deck: from one
            head to the next it is so far, and along that direction nothing within a head is pushed again.
    """

    def __init__(
        self, plan: Plan, options: LayoutOptions, gap: float, thin: DeckSolver | None = None
    ) -> None:
        self.plan = plan
        self.options = options
        self.gap = gap
        self.thin = thin
        self.spacing: Spacing = Spacing(gap) if thin is None else thin.spacing
        self.along: dict[int, Vec3] = {}
        self.frames: list[Frame] = []
        self.aways: list[Vec3] = []
        self.offsets: list[Vec3] = [(0.0, 0.0, 0.0)] * len(plan.branches)
        self.own: dict[int, Volumes] = {}
        self.pushed: dict[int, tuple[float, float]] = {}

    @abstractmethod
    def taken(self, child: int) -> Volumes:
        """The group of a child."""

    @abstractmethod
    def open_sheets(self, branch: Branch) -> int:
        """How many sheets of a branch are drawn."""

    @abstractmethod
    def sheet_spacing(self, branch: Branch) -> float:
        """From one sheet to the next."""

    def find_directions(self) -> None:
        """Where each deck goes: as its joined matrix does; all parts of wholes must agree."""
        for branch in self.plan.branches:
            if branch.heads:
                self.along[self.plan.branches[branch.heads[0]].decks[-1]] = self._way(branch)
        for branch in self.plan.branches:
            if branch.whole >= 0:
                way = self._way(self.plan.branches[branch.whole])
                if self.along.setdefault(branch.decks[-1], way) != way:
                    raise NoDeckError(branch.decks[-1])
        for root in self.plan.roots:
            for deck in self.plan.branches[root].decks:
                self.along.setdefault(deck, self.frames[root].right)

    def _way(self, branch: Branch) -> Vec3:
        """The direction in which a face is spread."""
        frame = self.frames[branch.id]
        return scale(frame.up, -1) if isinstance(branch.face.blocks[0], Spread) else frame.right

    def pitch(self, deck: int, heads: int) -> Vec3:
        return scale(self.along[deck], heads * self.spacing.pitches.get(deck, 0))

    def measured(self, deck: int, head: Volumes) -> None:
        """Note how far from one head to the next, of the thickness of one."""
        if self.thin is not None:
            return
        axis = axis_of(self.along[deck])
        thick = float(head[:, axis + 3].max() - head[:, axis].min()) if len(head) else 0.0
        self.spacing.pitches[deck] = ceil(thick + self.gap)

    def in_all_heads(self, branch: Branch, own: Volumes) -> Volumes:
        """Volumes of a branch and of those that are like it in the other heads."""
        if self.thin is None:
            return own
        ways = [[self.pitch(deck, head) for head in range(self.plan.heads[deck])] for deck in branch.decks]
        return np.concatenate([moved(own, add(*way)) for way in product(*ways)])

    def holds_heads(self, branch: Branch, own: Volumes) -> Volumes:
        """A joined matrix with its heads, at the place of its last sheet."""
        deck = self.plan.branches[branch.heads[0]].decks[-1]
        self.offsets[branch.heads[0]] = scale(
            self.aways[branch.id], self.open_sheets(branch) * self.sheet_spacing(branch)
        )
        head = moved(self.taken(branch.heads[0]), self.offsets[branch.heads[0]])
        self.measured(deck, head)
        if self.thin is None:
            count = range(self.plan.heads[deck])
            return np.concatenate([own, *(moved(head, self.pitch(deck, item)) for item in count)])
        return np.concatenate([own, head])

    def frozen(self, branch: Branch, direction: Vec3) -> bool:
        """Whether a push would change the thickness of a head, which is known."""
        return self.thin is not None and any(
            axis_of(self.along[deck]) == axis_of(direction) for deck in branch.decks
        )

    def pulled(self, origins: list[Vec3]) -> list[Vec3]:
        """Slide heads out of their decks, past the end that is nearer to the eye of the default view."""
        result = list(origins)
        for deck, head in product(self.plan.heads, self.options.pull):
            own = [one for one in self.plan.branches if one.decks[-1:] == (deck,) and one.place == head]
            if not own or any(deck in branch.decks[:-1] for branch in self.plan.branches):
                continue
            inside = {item.id for item in own}
            others = [one for one in self.plan.branches if one.id not in inside]
            mine, rest = (self.bodies(branches, result) for branches in (own, others))
            sign = 1 if _dot(self.along[deck], _TO_THE_EYE) > 0 else -1
            left = self.plan.heads[deck] - 1 - head if sign > 0 else head
            mover = Mover(grown(mine, self.gap / 2), scale(self.along[deck], sign))
            least = (left + 1.5) * self.spacing.pitches[deck]
            far = least_push(mover, grown(rest, self.gap / 2), least)
            for one in own:
                result[one.id] = add(result[one.id], scale(mover.direction, far))
        return result

    def bodies(self, branches: list[Branch], origins: list[Vec3]) -> Volumes:
        """The volumes of branches themselves, at their places."""
        result = [
            moved(self.own[branch.id if branch.model < 0 else branch.model], origins[branch.id])
            for branch in branches
        ]
        return np.concatenate(result) if result else volumes([])


def every_of(whole: Branch) -> int:
    """Heads from one block of a whole to the next."""
    return next(block.every for block in whole.face.blocks if isinstance(block, Spread))


def _dot(a: Vec3, b: Vec3) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def axis_of(direction: Vec3) -> int:
    """The world axis of a direction."""
    return next(axis for axis in range(3) if direction[axis])
