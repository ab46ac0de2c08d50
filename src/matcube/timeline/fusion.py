"""Fusion of sweeps that run step by step together, decided from their letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from msgspec.structs import replace

from matcube.timeline.dependencies import Way
from matcube.timeline.types import Fuse
from matcube.wire import Sweep
from matcube.wire.film import Letter

Ways = Mapping[int, Sequence[Way]]
_MANY = 6  # inputs of a sweep; of more, not every combination is tried


class Groups:
    """Groups of sweeps with a common start; at first a group for each sweep.

    Args:
        sweeps: by node, operands first.
        waits: for each sweep, from ``dependencies.waits``.
    """

    def __init__(self, sweeps: Mapping[int, Sweep], waits: Mapping[int, Ways]) -> None:
        self._sweeps, self._waits = sweeps, waits
        self._of = {node: node for node in sweeps}

    def join(self, first: int, second: int) -> bool:
        """Join the groups of two sweeps without a check of their letters; other nodes are ignored.

        Returns:
            Whether the film can still be played: no group waits for itself.
        """
        if first in self._of and second in self._of:
            self._merge({self._of[first], self._of[second]})
        return self._starts() is not None

    def _merge(self, groups: set[int]) -> int:
        """Join groups to one; returns it."""
        merged = min(groups)
        self._of = {node: merged if group in groups else group for node, group in self._of.items()}
        return merged

    def fuse(self, how: Fuse) -> None:
        """Join each sweep with as many of its inputs as can run in step with it, inputs first."""
        if how == "none":
            return
        for node in self._sweeps:
            for children in _choices([child for child in self._waits[node] if self._parallel(node, child)]):
                before = self._of
                if self._is_sound(self._merge({before[item] for item in (node, *children)}), how):
                    break
                self._of = before

    def scheduled(self) -> Iterator[Sweep]:
        """Every sweep with its start, its group and its share of a step."""
        starts = self._starts()
        assert starts is not None
        for node, sweep in self._sweeps.items():
            group = self._of[node]
            heights = self._heights(group)
            height, depth = heights[node], max(heights.values()) + 1
            yield replace(
                sweep, start=starts[group], begin=height / depth, phase=(height + 1) / depth, group=group
            )

    def _parallel(self, parent: int, child: int) -> bool:
        """Whether each step of the parent needs only cells that the child has formed by its same step."""
        above, below = _line_of(self._sweeps[parent]), _line_of(self._sweeps[child])
        if above is None or below is None or below == "k":
            return False
        ways = [way["ij".index(below)] for way in self._waits[parent][child]]
        return all(self._keeps_step(parent, above, way, child, below) for way in ways)

    def _keeps_step(self, parent: int, above: Letter, way: Letter | None, child: int, below: Letter) -> bool:
        """Whether lines of the child along the letter ``way`` of the parent are formed in time for its steps.

        A step needs either its own line, in the same blocks, or under a limit all lines up to its own.
        """
        first, second = self._sweeps[parent], self._sweeps[child]
        if way == above:
            return _block(first, above) == _block(second, below)
        limit = first.limit
        if limit is None or (limit.a, limit.b) != (above, way) or limit.offset > 0:
            return False
        return _is_whole(first, above) and _is_whole(second, below)

    def _is_sound(self, group: int, how: Fuse) -> bool:
        members = self._members(group)
        inner = [(member, other) for member in members for other in self._waits[member] if other in members]
        starts = self._starts() if all(self._parallel(*pair) for pair in inner) else None
        if starts is None:
            return False
        return how != "sync" or self._start_together(members, starts)

    def _start_together(self, members: list[int], starts: Mapping[int, float]) -> bool:
        """Whether no member waits for an outside input of another."""
        own: dict[int, float] = {}
        for node in members:
            along = [own[item] for item in self._waits[node] if item in own]
            own[node] = max([self._ready(node, starts), *along])
        return len(set(own.values())) == 1

    def _starts(self) -> dict[int, float] | None:
        """Time of each group's last outside input; None where groups wait for each other."""
        waits = {group: self._outside(group) for group in dict.fromkeys(self._of.values())}
        starts: dict[int, float] = {}
        while len(starts) < len(waits):
            ready = [group for group in waits if group not in starts and waits[group] <= starts.keys()]
            if not ready:
                return None
            for group in ready:
                starts[group] = max(
                    (self._ready(member, starts) for member in self._members(group)), default=0.0
                )
        return starts

    def _ready(self, node: int, starts: Mapping[int, float]) -> float:
        """Time of a sweep's last input from other groups."""
        others = (item for item in self._waits[node] if self._of[item] != self._of[node])
        return max((starts[self._of[item]] + self._sweeps[item].steps for item in others), default=0.0)

    def _outside(self, group: int) -> set[int]:
        result = {self._of[other] for member in self._members(group) for other in self._waits[member]}
        return result - {group}

    def _heights(self, group: int) -> dict[int, int]:
        """By member, the length of the longest chain of members that it waits for within a step."""
        result: dict[int, int] = {}
        for node in self._members(group):
            inner = [result[item] for item in self._waits[node] if item in result]
            result[node] = max(inner, default=-1) + 1
        return result

    def _members(self, group: int) -> list[int]:
        return [node for node in self._sweeps if self._of[node] == group]


def _line_of(sweep: Sweep) -> Letter | None:
    """The only letter of the loops, if it moves by one index a step; else None."""
    if not sweep.loops:  # an exchange
        return None
    (*outer, last) = sweep.loops
    return last.letter if not outer and last.size == 1 else None


def _block(sweep: Sweep, letter: Letter) -> int:
    return sweep.blocks["ijk".index(letter)]


def _is_whole(sweep: Sweep, letter: Letter) -> bool:
    return _block(sweep, letter) == sweep.sizes["ijk".index(letter)]


def _choices(children: list[int]) -> Iterator[tuple[int, ...]]:
    """All children, then fewer; of more than ``_MANY`` only all and each alone."""
    sizes = range(len(children), 0, -1) if len(children) <= _MANY else (len(children), 1)
    for size in sizes:
        yield from combinations(children, size)
