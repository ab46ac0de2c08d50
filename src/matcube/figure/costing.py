"""What a figure costs, and what a machine makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matcube import cost as costs
from matcube.cost.count import known
from matcube.errors import DataError, OptionError

if TYPE_CHECKING:
    from matcube.figure.compute import Program

SIZE = (960, 600)


@dataclass(frozen=True)
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

        known(theme, ("dark", "light"), what="theme")
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

        Raises:
            OptionError: another ending.
            DataError: the file cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise OptionError(f"a roofline is saved as .svg, not {path.name}")
        try:
            path.write_text(self.svg(theme=theme, size=size), encoding="utf-8")
        except OSError as error:
            raise DataError(f"{path} cannot be written: {error.strerror or error}") from None
        return path

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.svg()


class Costed:
    """The part of a figure that counts; see ``Figure``."""

    if TYPE_CHECKING:

        @property
        def program(self) -> Program: ...

        @property
        def title(self) -> str: ...

    def cost(
        self,
        *,
        parameters: Sequence[str] | None = None,
        model: str = "multiply_add",
        dtype: str = "float32",
    ) -> costs.Cost:
        """FLOPs, bytes moved, FLOPs per byte and parameters, for each node and in all.

        No value is computed: leaves that are shapes alone will do.

        Args:
            parameters: names or patterns (``"W*"``) of the leaves that are parameters; None takes those whose
                names begin with w or W, and b, b1, bQ, bias…, gamma…, beta….
            model: ``multiply_add`` (2 for each product, as torch counts), ``multiply`` (1), or
                ``each_operation`` (maps cost too).
            dtype: of every cell: ``float64``, ``float32``, ``bfloat16``, ``float16``, ``float8``, ``int8``
                or ``int4``.

        Returns:
            A table when printed; ``rows`` and ``total`` as data.

        Raises:
            OptionError: a model or dtype that nobody knows, or a pattern that fits no leaf.

        Example:
            >>> import matcube as mc
            >>> cost = mc.figure("relu(x @ W + b)", x="shape(8, 64)", W="shape(64, 32)", b="shape(32)").cost()
            >>> cost.total.flops, cost.total.parameters
            (32768, 2080)
        """
        names = None if parameters is None else ((parameters,) if isinstance(parameters, str) else parameters)
        options = costs.CostOptions(None if names is None else tuple(names), model, dtype)
        return costs.count(self.program.graph, options)

    def roofline(
        self,
        machine: str | None = None,
        *,
        peak: float | None = None,
        bandwidth: float | None = None,
        dtype: str = "bfloat16",
        model: str = "multiply_add",
    ) -> RooflinePicture:
        """What bounds each node on a machine, the share of its peak that it can reach, and its time.

        Args:
            machine: a row of the table of machines (``a100``, ``h100``, ``tpu-v5e``, …), or any name for the
                one that ``peak`` and ``bandwidth`` describe.
            peak: operations per second (FLOP/s), such as ``312e12``.
            bandwidth: bytes per second from memory (B/s), such as ``2e12``.
            dtype: of every cell; the machines' peaks are those of 16 bits.
            model: what counts as an operation; see ``cost``.

        Returns:
            A table when printed; ``rows`` as data, ``svg()`` and ``save("roofline.svg")`` as a drawing.

        Raises:
            OptionError: a machine that nobody knows, or a figure that is not above 0.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B", A="shape(4096, 4096)", B="shape(4096, 4096)")
            >>> fig.roofline("h100").rows[0].bound, fig.roofline(peak=1e12, bandwidth=1e8).rows[0].bound
            ('compute', 'memory')
        """
        found = costs.roofline(self.cost(dtype=dtype, model=model), _machine(machine, peak, bandwidth))
        return RooflinePicture(found.machine, found.rows, self.title)


def _machine(name: str | None, peak: float | None, bandwidth: float | None) -> costs.Machine:
    if peak is None and bandwidth is None and name is not None:
        return costs.MACHINES[known(name, costs.MACHINES, what="machine")]
    if peak is None or bandwidth is None:
        raise OptionError(
            "a roofline needs a machine",
            hint=f'"h100" (there are {", ".join(costs.MACHINES)}), or peak=…FLOP/s and bandwidth=…B/s',
        )
    for what, value in (("peak", peak), ("bandwidth", bandwidth)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise OptionError(f"{what}={value!r} cannot be used", hint="a number above 0")
    return costs.Machine(name or "the machine", float(peak), float(bandwidth))
