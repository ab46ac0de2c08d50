"""Fusion of sweeps: decided from the letters, never from the shape of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from msgspec.structs import replace

from matcube.timeline.dependencies import Way
from matcube.timeline.types import Fuse
from matcube.wire import Sweep
from matcube.wire.film import Letter

Ways = Mapping[int, Sequence[Way]]
_MANY = 6


class Groups:
    """Sweeps in groups that share one start; at first each is alone.

    Args:
        sweeps: by node, operands first.
        asked: for each sweep and each sweep it hangs on, its own letters along i and j there, by each way.
    """

    def __init__(self, sweeps: Mapping[int, Sweep], asked: Mapping[int, Ways]) -> None:
        self._sweeps, self._asked = sweeps, asked
        self._of = {node: node for node in sweeps}

    def join(self, one: int, other: int) -> None:
        """Let two sweeps run as one whatever their letters: their steps were made for each other."""
        if one in self._of and other in self._of:
            joined = {self._of[one], self._of[other]}
            self._of = {node: min(joined) if of in joined else of for node, of in self._of.items()}

    def fuse(self, how: Fuse) -> None:
        """Join each sweep with as many of its inputs as can run along with it, inputs first."""
        if how == "none":
            return
        for node in self._sweeps:
            for children in _choices([one for one in self._asked[node] if self._parallel(node, one)]):
                before, joined = self._of, {self._of[item] for item in (node, *children)}
                first = min(joined)
                self._of = {one: first if group in joined else group for one, group in before.items()}
                if self._is_sound(first, how):
                    break
                self._of = before

    def scheduled(self) -> Iterator[Sweep]:
        """Every sweep with its start, and its share of the step."""
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
        """Whether a step of the parent needs only what the child has laid down by its same step."""
        above, below = _line_of(self._sweeps[parent]), _line_of(self._sweeps[child])
        if above is None or below is None or below == "k":
            return False
        ways = [way["ij".index(below)] for way in self._asked[parent][child]]
        return all(self._keeps_step(parent, above, way, child, below) for way in ways)

    def _keeps_step(self, parent: int, above: Letter, way: Letter | None, child: int, below: Letter) -> bool:
        """Whether lines of the child, which lie along ``way`` in the parent, come as its steps want them.

        Either they are those of the step itself, in the same blocks, or under a limit all before it, too.
        """
        one, other = self._sweeps[parent], self._sweeps[child]
        if way == above:
            return _block(one, above) == _block(other, below)
        limit = one.limit
        if limit is None or (limit.a, limit.b) != (above, way) or limit.offset > 0:
            return False
        return _is_whole(one, above) and _is_whole(other, below)

    def _is_sound(self, group: int, how: Fuse) -> bool:
        members = self._members(group)
        inner = [(member, other) for member in members for other in self._asked[member] if other in members]
        starts = self._starts() if all(self._parallel(*pair) for pair in inner) else None
        if starts is None:
            return False
        return how != "sync" or self._start_together(members, starts)

    def _start_together(self, members: list[int], starts: Mapping[int, float]) -> bool:
        """Whether no member would wait for another's outside input."""
        own: dict[int, float] = {}
        for node in members:
            along = [own[item] for item in self._asked[node] if item in own]
            own[node] = max([self._ready(node, starts), *along])
        return len(set(own.values())) == 1

    def _starts(self) -> dict[int, float] | None:
        """When the last outside input of each group is there; None when two groups wait for each other."""
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
        """When all that a sweep needs from other groups is there."""
        others = (one for one in self._asked[node] if self._of[one] != self._of[node])
        return max((starts[self._of[item]] + self._sweeps[item].steps for item in others), default=0.0)

    def _outside(self, group: int) -> set[int]:
        result = {self._of[other] for member in self._members(group) for other in self._asked[member]}
        return result - {group}

    def _heights(self, group: int) -> dict[int, int]:
        """How many members each member waits for within a step, one after the other."""
        result: dict[int, int] = {}
        for node in self._members(group):
            inner = [result[item] for item in self._asked[node] if item in result]
            result[node] = max(inner, default=-1) + 1
        return result

    def _members(self, group: int) -> list[int]:
        return [node for node in self._sweeps if self._of[node] == group]


def _line_of(sweep: Sweep) -> Letter | None:
    """The one letter that moves by one index a step; None where it is otherwise."""
    (*outer, last) = sweep.loops
    return last.letter if not outer and last.size == 1 else None


def _block(sweep: Sweep, letter: Letter) -> int:
    return sweep.blocks["ijk".index(letter)]


def _is_whole(sweep: Sweep, letter: Letter) -> bool:
    return _block(sweep, letter) == sweep.sizes["ijk".index(letter)]


def _choices(children: list[int]) -> Iterator[tuple[int, ...]]:
    """All of them, then fewer; of very many only all and each alone."""
    sizes = range(len(children), 0, -1) if len(children) <= _MANY else (len(children), 1)
    for size in sizes:
        yield from combinations(children, size)
