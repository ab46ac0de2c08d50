"""Roofline model: the rate and the time of each node on a machine of a given peak and bandwidth.

Source: Williams, Waterman, Patterson, "Roofline: an insightful visual performance model for multicore
architectures", Communications of the ACM 52 (4), 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matcube.cost.machines import Machine
from matcube.cost.text import table
from matcube.cost.types import Cost, NodeCost
from matcube.wire.text import html_table, short


@dataclass(frozen=True)
class Roof:
    """Bound of a node on a machine.

    Args:
        cost: the node's row of the cost table.
        bound: "compute" where its operations take longer than its bytes, else "memory".
        rate: attainable operations per second, ``min(peak, intensity · bandwidth)``.
        share: ``rate / peak``.
        seconds: the longer of ``flops / peak`` and ``bytes / bandwidth``.
    """

    cost: NodeCost
    bound: Literal["compute", "memory"]
    rate: float
    share: float
    seconds: float


@dataclass(frozen=True, repr=False)
class Roofline:
    """Roofs of the nodes that move bytes, one after the other; its text is a table.

    Args:
        machine: of all rows.
        rows: in the order of the program.
    """

    machine: Machine
    rows: tuple[Roof, ...]

    @property
    def seconds(self) -> float:
        """Time of all nodes (s)."""
        return sum(row.seconds for row in self.rows)

    @property
    def share(self) -> float:
        """Operations of all nodes over those of the peak in the same time."""
        flops = sum(row.cost.flops for row in self.rows)
        return flops / (self.machine.peak * self.seconds) if self.seconds else 0.0

    def __str__(self) -> str:
        return "\n".join([*table(_HEADINGS, self._table(), rule_before_last=True), "", self._note()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return html_table([_HEADINGS, *self._table()], right=range(1, 5), note=self._note())

    def _table(self) -> list[tuple[str, ...]]:
        cells: list[tuple[str, ...]] = [
            (
                row.cost.name,
                short(row.cost.intensity or 0),
                row.bound,
                _percent(row.share),
                _time(row.seconds),
            )
            for row in self.rows
        ]
        return [*cells, ("total", "", "", _percent(self.share), _time(self.seconds))]

    def _note(self) -> str:
        machine = self.machine
        about = f"{machine.name}: {short(machine.peak)}FLOP/s, {short(machine.bandwidth)}B/s"
        return f"{about}; the peak needs {short(machine.ridge)} FLOP/byte"


_HEADINGS = ("", "FLOP/byte", "bound by", "of the peak", "time")


def roofline(cost: Cost, machine: Machine) -> Roofline:
    """Rate and time of every node that moves bytes.

    Args:
        cost: of a graph.
        machine: its peak and bandwidth.
    """
    return Roofline(machine, tuple(_roof(row, machine) for row in cost.rows if row.bytes))


def _roof(row: NodeCost, machine: Machine) -> Roof:
    computing, moving = row.flops / machine.peak, row.bytes / machine.bandwidth
    rate = min(machine.peak, row.flops / row.bytes * machine.bandwidth)
    bound: Literal["compute", "memory"] = "compute" if computing >= moving else "memory"
    return Roof(row, bound, rate, rate / machine.peak, max(computing, moving))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _time(seconds: float) -> str:
    text = short(seconds, least=1)
    return f"{text}{'' if text[-1] in 'mµnpkMGTPE' else ' '}s"
