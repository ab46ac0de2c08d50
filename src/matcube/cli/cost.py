"""``matcube cost``: operations, bytes and rooflines of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import as_json as json_option
from matcube.cli.options import inputs, talk
from matcube.cli.setting import Setting
from matcube.cli.types import Name

if TYPE_CHECKING:
    from matcube.cost import Cost, NodeCost, Roofline


@click.command(cls=Command)
@inputs
@click.option(
    "--dtype",
    cls=Setting,
    type=Name("dtype", is_open=True),
    help="Of every cell; float32 when left out.",
)
@click.option(
    "--count",
    cls=Setting,
    type=Name("count"),
    default="multiply_add",
    show_default=True,
    help="What counts as an operation: multiply_add, multiply, or each_operation.",
)
@click.option("--parameter", multiple=True, metavar="NAME", help="Parameters, 'W*'; otherwise w… and b….")
@click.option(
    "--machine",
    cls=Setting,
    type=Name("machine", is_open=True),
    metavar="NAME",
    help="Adds its roofline: t4, v100, a100, h100, h200, tpu-v4, tpu-v5e, or a name.",
)
@click.option("--peak", type=float, help="Of another machine, in FLOP/s: 312e12.")
@click.option("--bandwidth", type=float, help="Of another machine, in B/s: 2e12.")
@json_option
@talk
def cost(program: str, as_json: bool, **options: Any) -> None:
    """Print what PROGRAM costs: FLOPs, bytes moved, FLOPs per byte, parameters.

    \b
    Examples:
      matcube cost 'x @ W' --let 'x=shape(1024,768)' --let 'W=shape(768,3072)'
      matcube cost 'x @ W' --let 'x=shape(1,8192)' --let 'W=shape(8192,28672)' --dtype int8 --machine h100
    """
    from matcube.cli.figures import made

    names = ("machine", "peak", "bandwidth", "parameter", "dtype", "count")
    *machine, parameters, dtype, count = (options.pop(name) for name in names)
    has_machine = any(value is not None for value in machine)
    how: dict[str, Any] = {"dtype": dtype or "float32", "count": count}
    figure = made(program, **options)
    table = figure.cost(parameters=parameters or None, **how)
    name, peak, bandwidth = machine
    roofline = figure.roofline(name, peak=peak, bandwidth=bandwidth, **how) if has_machine else None
    if as_json:
        notes.json({"program": figure.program, **cost_json(table), "roofline": roofline_json(roofline)})
    else:
        notes.show("\n\n".join(str(each) for each in (table, roofline) if each is not None))


def cost_json(table: Cost) -> dict[str, Any]:
    """A table of costs as plain data; docs/command.md names its keys."""
    rows = [_row(row) for row in table.rows]
    return {"count": table.model, "dtype": table.dtype, "rows": rows, "total": _row(table.total)}


def roofline_json(table: Roofline | None) -> dict[str, Any] | None:
    """A roofline as plain data; docs/command.md names its keys."""
    if table is None:
        return None
    machine = table.machine
    rows = [
        {"name": row.cost.name, "bound": row.bound, "flops_per_sec": row.rate, "share": row.share,
         "seconds": row.seconds}
        for row in table.rows
    ]  # fmt: skip
    return {
        "machine": {"name": machine.name, "peak": machine.peak, "bandwidth": machine.bandwidth},
        "rows": rows,
        "seconds": table.seconds,
        "share": table.share,
    }


def _row(row: NodeCost) -> dict[str, Any]:
    return {
        "name": row.name, "shape": list(row.shape), "flops": row.flops, "bytes_read": row.read,
        "bytes_written": row.written, "flops_per_byte": row.intensity, "parameters": row.parameters,
    }  # fmt: skip
