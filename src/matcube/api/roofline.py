"""Rooflines as tables that draw themselves, and the machine of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matcube import cost as costs
from matcube.errors import OptionError, unknown
from matcube.outputs.files import write_whole

SIZE = (960, 600)


@dataclass(frozen=True, repr=False)
class RooflinePicture(costs.Roofline):
    """A roofline that can be printed, read as rows, and drawn."""

    title: str = ""

    def svg(self, *, theme: Literal["dark", "light"] = "dark", size: tuple[int, int] = SIZE) -> str:
        """The roofline as a drawing: both axes logarithmic, a dot for each node that computes.

        Args:
            theme: ``dark`` or ``light``.
            size: width and height in pixels.

        Raises:
            OptionError: another theme, or a size below 480 × 320.
        """
        from matcube.outputs import chart
        from matcube.scene import colour

        if theme not in ("dark", "light"):
            raise unknown(theme, ("dark", "light"), what="theme")
        width, height = size
        if not (480 <= width <= 10_000 and 320 <= height <= 10_000):
            raise OptionError(f"size={size!r} cannot be used", hint="from (480, 320) to (10000, 10000)")
        points = [
            chart.Point(row.cost.name, row.cost.flops / row.cost.bytes, row.rate, row.seconds)
            for row in self.rows
            if row.cost.flops
        ]
        machine = chart.Machine(self.machine.name, self.machine.peak, self.machine.bandwidth)
        look = next(row for row in colour.themes() if row.name == theme)
        return chart.roofline(points, machine, title=self.title, theme=look, size=(width, height))

    def save(
        self, path: str | Path, *, theme: Literal["dark", "light"] = "dark", size: tuple[int, int] = SIZE
    ) -> Path:
        """Save the drawing as an ``.svg``, which browsers and notebooks show.

        Args:
            path: ends in ``.svg``.
            theme: ``dark`` or ``light``.
            size: width and height in pixels.

        Raises:
            OptionError: another ending.
            DataError: the file cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise OptionError(f"a roofline is saved as .svg, not {path.name}")
        write_whole(path, self.svg(theme=theme, size=size).encode())
        return path

    def _repr_html_(self) -> str:
        """What a notebook shows: the drawing, and the table under it."""
        return self.svg() + super()._repr_html_()


def chosen_machine(
    name: str | None, *, peak: float | None = None, bandwidth: float | None = None
) -> costs.Machine:
    """A machine of the table, or one that peak (FLOP/s) and bandwidth (B/s) describe.

    Args:
        name: name of a machine of the table.
        peak: operations per second, in FLOP/s.
        bandwidth: memory bandwidth, in B/s.

    Raises:
        OptionError: an unknown machine, or a number that is not above 0.
    """
    if peak is None and bandwidth is None and name is not None:
        plain = name.strip().lower().replace(" ", "-").replace("_", "-")
        if plain not in costs.MACHINES:
            raise unknown(name, costs.MACHINES, what="machine")
        return costs.MACHINES[plain]
    if peak is None or bandwidth is None:
        raise OptionError(
            "a roofline needs a machine",
            hint=f'"h100" (there are {", ".join(costs.MACHINES)}), or peak=312e12, bandwidth=2e12',
        )
    for what, value in (("peak", peak), ("bandwidth", bandwidth)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise OptionError(f"{what}={value!r} cannot be used", hint="a number above 0")
    return costs.Machine(name or "the machine", float(peak), float(bandwidth))
