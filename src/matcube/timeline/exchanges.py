"""Exchanges among devices in a film: what they wait for, what waits for them, which cells they hold back.

::

    partial sums ── all-reduce ──> result      blocks ── all-gather ──> users of the matrix

An exchange is scheduled as a sweep without loops, which fuses with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matcube.ir import Graph
from matcube.timeline.dependencies import Reach, Way
from matcube.timeline.types import Exchanged
from matcube.wire import FilmExchange, Sweep

LEAST_STEPS, SHARE = 4, 8  # of an exchange: steps, or this part of the longest sweep


class Exchanges:
    """The exchanges of a film.

    Args:
        graph: the drawn graph.
        rows: in the order of the program.
        sweeps: by node.
        reached: from ``dependencies.reaches``.
        streamed: nodes of streaming attention; what lies inside it waits for no exchange.
    """

    def __init__(
        self,
        graph: Graph,
        rows: Sequence[Exchanged],
        sweeps: Mapping[int, Sweep],
        reached: Mapping[int, Iterable[Reach]],
        streamed: frozenset[int],
    ) -> None:
        self._graph, self._sweeps, self._streamed = graph, sweeps, streamed
        self._rows = {len(graph.nodes) + number: row for number, row in enumerate(rows)}
        self._reached = {node: [reach.node for reach in of] for node, of in reached.items()}
        self._own: dict[int, list[int]] = {}
        for number, row in self._rows.items():
            for node in row.nodes:
                self._own.setdefault(node, []).append(number)
        self._steps = max([LEAST_STEPS, *(sweep.steps // SHARE for sweep in sweeps.values())])

    def sweeps(self) -> dict[int, Sweep]:
        """Each as a sweep without loops, by its number."""
        none = (0, 0, 0)
        return {number: Sweep(number, "", (), none, none, self._steps) for number in self._rows}

    def wait(self, awaited: dict[int, dict[int, list[Way]]]) -> None:
        """Add what exchanges wait for, and sweeps that wait for them, to the waits of sweeps."""
        users: dict[int, list[int]] = {}  # by node, exchanges that its users wait for
        for node in self._graph.nodes:
            own = self._own.get(node.id, [])
            before = list(dict.fromkeys(number for item in node.inputs for number in users[item]))
            if node.id in self._sweeps:
                inner = {number for number in before if self._is_inner(number, node.id)}
                awaited[node.id].update({number: [(None, None)] for number in before if number not in inner})
                before = []
            for at, number in enumerate(own):
                first = [*self._reached[node.id], *before, *own[:at]]
                awaited.setdefault(number, {}).update({item: [(None, None)] for item in first})
            users[node.id] = [*before, *own]

    def played(self, scheduled: Sequence[Sweep]) -> tuple[FilmExchange, ...]:
        """The exchanges at their times, with the nodes that they hold back.

        Args:
            scheduled: sweeps and exchanges with their start and lane.
        """
        times = {sweep.node: sweep for sweep in scheduled if sweep.node in self._rows}
        holds: dict[int, list[int]] = {number: [] for number in times}
        starts = {number: sweep.start for number, sweep in times.items()}
        for node, number in self._last_holds(starts).items():
            holds[number].append(node)
        return tuple(
            FilmExchange(
                self._rows[number].collective, self._rows[number].nodes[0],
                sweep.start, sweep.steps, sweep.lane, tuple(holds[number]),
            )
            for number, sweep in times.items()
        )  # fmt: skip

    def _last_holds(self, starts: Mapping[int, float]) -> dict[int, int]:
        """By node, the last exchange without which it has no cells."""
        shown: dict[int, list[int]] = {}  # by node, exchanges that hold it back
        users: dict[int, list[int]] = {}  # by node, exchanges that hold back what is formed of it
        for node in self._graph.nodes:
            own = self._own.get(node.id, [])
            sums = [number for number in own if self._rows[number].kind != "move"]
            is_swept = node.id in self._sweeps
            before = [] if is_swept else [number for item in node.inputs for number in users[item]]
            shown[node.id] = [*before, *sums]
            users[node.id] = [*before, *own]
            for number in own:
                if self._rows[number].kind == "sum":
                    for below in self._reached[node.id]:
                        if _is_summed(self._sweeps[below]):
                            shown[below].append(number)
        return {
            node: max(numbers, key=lambda number: starts[number])
            for node, numbers in shown.items()
            if numbers and self._reached[node] and node not in self._streamed
        }

    def _is_inner(self, number: int, node: int) -> bool:
        """Whether an exchange lies between two nodes of the same streaming attention."""
        return node in self._streamed and any(item in self._streamed for item in self._rows[number].nodes)


def _is_summed(sweep: Sweep) -> bool:
    """Whether every device has a partial sum."""
    return sweep.blocks[2] < sweep.sizes[2]
