"""Options that several commands share: inputs, looks, serving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def inputs(command: Command) -> Command:
    """The program, and what is bound to its names."""
    for option in (
        click.option("--labels", multiple=True, metavar="NAME.rows=…",
                     help="Names along rows or cols: a file with one a line, or a,b,c. May be repeated."),
        click.option("--data", multiple=True, metavar="FILE",
                     help="Arrays from .npz, .npy, .csv or .safetensors, by their names; NAME=FILE or "
                          "NAME=FILE:ENTRY[0:10] picks one; single numbers are constants. May be repeated."),
        click.option("--let", "let", multiple=True, metavar="NAME=SPEC",
                     help="A random matrix, such as 'Q=gaussian(64,16)', or a number, d=64. Repeatable."),
        click.argument("program"),
    ):  # fmt: skip
        command = option(command)
    return command


def looks(command: Command) -> Command:
    """How the figure is laid out, coloured, split and played."""
    for option in (
        click.option(
            "--backward",
            metavar="NAME",
            help="The gradients of this product, in its cube: of C = A @ B also dA and dB; dC is what "
            "--let or --data binds to that name, else ones.",
        ),
        click.option(
            "--fuse", help="Whether neighbours of a film run as one: none, sync, async, or decode (causal)."
        ),
        click.option(
            "--order", help="Order of the loops of tiled: ikj, or one for each level of tiles, ikj/kij."
        ),
        click.option(
            "--tiles",
            help="Tiles of tiled along i, j and k, each level in the last: 16,16,16/4,4,4; "
            "of online, blocks of queries and keys: 16,16.",
        ),
        click.option(
            "--partition",
            multiple=True,
            metavar="AXIS=BLOCKS",
            help="Split an axis into blocks: tokens=8, one use of it, attn.i=8, or preset:megatron=4. "
            "May be repeated.",
        ),
        click.option(
            "--film",
            multiple=True,
            metavar="ALGORITHM",
            help="How it plays: vmprod, mvprod, outer, axpy, dot_row, dot_col, tiled or online; "
            "NAME=ALGORITHM for one matrix, none to have it from the start. May be repeated.",
        ),
        click.option(
            "--sensitivity", help="What full brightness means: robust, local, semilocal, global, superlocal."
        ),
        click.option("--palette", help="Colours, such as glow or blue-orange."),
        click.option("--theme", help="dark, light or auto."),
        click.option(
            "--sheets", is_flag=True, help="Open the steps behind each result as a stack of sheets."
        ),
        click.option("--gap", type=float, help="Cells between a face and its box, 1 to 64."),
        click.option("--layout", "scheme", help="blocks, zigzag, wheel or custom."),
    ):
        command = option(command)
    return command


def serving(command: Command) -> Command:
    """Where the page is served."""
    for option in (
        click.option(
            "--port", type=click.IntRange(0, 65535), default=0, help="A fixed port; otherwise a free one."
        ),
        click.option("--no-open", is_flag=True, help="Print the address, and open no browser."),
    ):
        command = option(command)
    return command
