"""Options that several commands share: inputs, looks, serving, notes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from matcube.cli import notes
from matcube.cli.fields import Field, Looking
from matcube.cli.setting import Setting
from matcube.cli.types import File, Memory, Name, NamedName, Split, Tiles

MEMORY = "MATCUBE_MEMORY"

Function = TypeVar("Function", bound=Callable[..., Any])


def talk(command: Function) -> Function:
    """How much the command says."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=notes.set_verbose,
                     is_eager=True, help="Say more on stderr: what is bound, how long the work took."),
        click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=notes.set_quiet,
                     is_eager=True, help="Say nothing but results and errors."),
    ):  # fmt: skip
        command = option(command)
    return command


def as_json(command: Function) -> Function:
    """Results for other programs."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print the result as JSON; docs/command.md has its keys."
    )(command)


def data(command: Function) -> Function:
    """Arrays in files."""
    return click.option(
        "--data", multiple=True, metavar="FILE", type=File(),
        help="Arrays from .npz, .npy, .csv or .safetensors, by their names; NAME=FILE or "
        "NAME=FILE:ENTRY[0:10] picks one; single numbers are constants. Several files, '*.csv', a folder; "
        "csv:- reads standard input. May be repeated.",
    )(command)  # fmt: skip


def memory(command: Function) -> Function:
    """How much memory its work may take."""
    return click.option(
        "--memory", cls=Setting, type=Memory(), metavar="SIZE", expose_value=False, callback=_allow,
        help="The most memory that the work may take, 8GB or 80% of what is free; half of that unless given.",
    )(command)  # fmt: skip


def _allow(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """For all work of this process, that of its page too."""
    if value is not None:
        os.environ[MEMORY] = value


def inputs(command: Function) -> Function:
    """The program, and what is bound to its names."""
    return click.argument("program")(arrays(command))


def arrays(command: Function) -> Function:
    """What is bound to the names of programs."""
    command = memory(command)
    command = click.option(
        "--labels", multiple=True, metavar="NAME.rows=…",
        help="Names along rows or cols: a file with one a line, or a,b,c. May be repeated.",
    )(command)  # fmt: skip
    command = data(command)
    return click.option(
        "--let", "let", multiple=True, metavar="NAME=SPEC",
        help="A random matrix, such as 'Q=gaussian(64,16)', or a number, d=64. Repeatable.",
    )(command)  # fmt: skip


def appearance(command: Function) -> Function:
    """How the figure is laid out, coloured and seen."""
    for option in reversed(_LOOKS):
        command = option(command)
    return command


def looks(command: Function) -> Function:
    """How the figure is laid out, coloured, split and played."""
    for option in reversed(_FILM):
        command = option(command)
    return appearance(command)


def serving(command: Function) -> Function:
    """Where the page is served."""
    for option in (
        click.option("--port", cls=Setting, type=click.IntRange(0, 65535), default=0,
                     help="A fixed port; otherwise a free one."),
        click.option("--open/--no-open", "open_browser", cls=Setting, default=True,
                     help="Open the browser, or only print the address."),
    ):  # fmt: skip
        command = option(command)
    return command


_LOOKS = (
    click.option("--layout", "scheme", cls=Setting, type=Name("layout"), metavar="SCHEME",
                 help="blocks, zigzag, wheel or custom."),
    click.option("--gap", cls=Setting, type=float, help="Cells between a face and its box, 1 to 64."),
    click.option("--sheets", is_flag=True, help="Open the steps behind each result as a stack of sheets."),
    click.option("--theme", cls=Setting, type=Name("theme"), help="dark, light or auto."),
    click.option("--palette", cls=Setting, type=Name("palette"),
                 help="Colours, such as glow or blue-orange."),
    click.option("--sensitivity", cls=Setting, type=Name("sensitivity"),
                 help="What full brightness means: robust, local, semilocal, global, superlocal."),
    click.option("--contrast", cls=Setting, type=float, help="Multiplies every magnitude, 0.05 to 20."),
    click.option("--numbers", cls=Setting, type=Name("numbers"),
                 help="Whether cells show their values: auto (where large enough), always or never."),
    click.option("--view", multiple=True, type=Looking(), metavar="FIELDS",
                 help="Where it is seen from: yaw=30,pitch=20 in degrees, distance=80, target=NAME."),
    click.option("--flat", is_flag=True, help="The result alone, face on: a heatmap."),
    click.option("--select", metavar="NAME", help="The matrix that is selected."),
    click.option("--pin", multiple=True, metavar="CELL",
                 help="A cell to pin, 'attn[3, 7]'. May be repeated."),
    click.option("--set", "set_field", multiple=True, type=Field(), metavar="FIELD=VALUE",
                 help="Any field of layout, style, view or film: style.contrast=2, layout.root=+LTF, "
                      "view.hide=K, film.speed=2. May be repeated."),
)  # fmt: skip

_FILM = (
    click.option("--animate", multiple=True, type=NamedName("algorithm"), metavar="ALGORITHM",
                 help="How it plays: vmprod, mvprod, outer, axpy, dot_row, dot_col, tiled or online; "
                      "NAME=ALGORITHM for one matrix, none to have it from the start. May be repeated."),
    click.option("--partition", multiple=True, type=Split(), metavar="AXIS=BLOCKS",
                 help="Split an axis into blocks: tokens=8, one use of it, attn.i=8, or preset:megatron=4. "
                      "May be repeated."),
    click.option("--tiles", type=Tiles(), metavar="SIZES",
                 help="Tiles of tiled along i, j and k, each level in the last: 16,16,16/4,4,4; "
                      "of online, blocks of queries and keys: 16,16."),
    click.option("--order", metavar="LOOPS",
                 help="Order of the loops of tiled: ikj, or one for each level of tiles, ikj/kij."),
    click.option("--fuse", type=Name("fuse"),
                 help="Whether neighbours of a film run as one: none, sync, async, or decode (causal)."),
    click.option("--backward", metavar="NAME",
                 help="The gradients of this product, in its cube: of C = A @ B also dA and dB; dC is what "
                      "--let or --data binds to that name, else ones."),
)  # fmt: skip
