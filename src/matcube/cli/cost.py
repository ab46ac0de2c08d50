"""``matcube cost``: operations, bytes and rooflines of a program."""

from __future__ import annotations

from typing import Any

import click

from matcube.cli.options import inputs


@click.command()
@inputs
@click.option("--dtype", help="Of every cell: float32, or with a machine bfloat16, when left out.")
@click.option(
    "--model", default="multiply_add", show_default=True, help="multiply_add, multiply, or each_operation."
)
@click.option("--parameter", multiple=True, metavar="NAME", help="Parameters, 'W*'; otherwise w… and b….")
@click.option("--machine", help="Adds its roofline: t4, v100, a100, h100, h200, tpu-v4, tpu-v5e, or a name.")
@click.option("--peak", type=float, help="Of another machine, in FLOP/s: 312e12.")
@click.option("--bandwidth", type=float, help="Of another machine, in B/s: 2e12.")
def cost(program: str, **options: Any) -> None:
    """Print what PROGRAM costs: FLOPs, bytes moved, FLOPs per byte, parameters.

    \b
    Examples:
      matcube cost 'x @ W' --let 'x=shape(1024,768)' --let 'W=shape(768,3072)'
      matcube cost 'x @ W' --let 'x=shape(1,8192)' --let 'W=shape(8192,28672)' --dtype int8 --machine h100
    """
    from matcube.cli.figures import made

    names = ("machine", "peak", "bandwidth", "parameter", "dtype", "model")
    *machine, parameters, dtype, model = (options.pop(name) for name in names)
    is_held = any(value is not None for value in machine)
    how = {"dtype": dtype or ("bfloat16" if is_held else "float32"), "count": model}
    figure = made(program, **options)
    tables: list[object] = [figure.cost(parameters=parameters or None, **how)]
    if is_held:
        name, peak, bandwidth = machine
        tables.append(figure.roofline(name, peak=peak, bandwidth=bandwidth, **how))
    click.echo("\n\n".join(map(str, tables)))
