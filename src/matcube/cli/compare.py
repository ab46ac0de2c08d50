"""``matcube compare``: figures side by side, and where they differ."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import appearance, arrays, serving, talk
from matcube.cli.options import as_json as json_option
from matcube.cli.progress import ProgressLine
from matcube.cli.setting import Setting
from matcube.cli.types import File, Size
from matcube.errors import OptionError

if TYPE_CHECKING:
    from matcube.api.comparison import Comparison
    from matcube.api.figure import Figure
    from matcube.engine.difference import Differences
    from matcube.wire import ScaleChoice

STDOUT = "-"
SCALES = ("one", "own")
FORMATS = ("html", "png", "svg", "pdf")


@click.command(cls=Command)
@arrays
@click.argument("figures", nargs=-1, required=True, metavar="A B [MORE]...")
@click.option("-o", "--out", multiple=True, metavar="OUT", type=File(),
              help="Where to, by its ending: .html, .png, .svg or .pdf; - is standard output. "
                   "May be repeated.")  # fmt: skip
@click.option("--format", "kind", type=click.Choice(FORMATS),
              help="html, png, svg or pdf, for - and for names with another ending.")  # fmt: skip
@click.option("--title", "titles", multiple=True, metavar="TEXT",
              help="What a panel is called; once for each figure, in their order.")  # fmt: skip
@click.option("--matrix", metavar="NAME", help="What the comparison is about; otherwise the result.")
@click.option("--scales", type=click.Choice(SCALES), default="one", show_default=True,
              help="One scale for each matrix in all panels, or each panel its own.")  # fmt: skip
@click.option("--top", type=click.IntRange(0), metavar="N",
              help="Print the N cells that differ most, instead of opening the page.")  # fmt: skip
@appearance
@click.option("--size", cls=Setting, default="1280x800", show_default=True, type=Size(), metavar="SIZE",
              help="Width and height of the picture of all panels, in pixels.")  # fmt: skip
@click.option("--scale", cls=Setting, type=float, default=1.0,
              help="Makes the picture and its lettering larger.")  # fmt: skip
@click.option("--width-mm", cls=Setting, type=float, metavar="MM",
              help="Width of .svg and .pdf on paper; 170 is two columns.")  # fmt: skip
@json_option
@serving
@talk
def compare(
    figures: tuple[str, ...], out: tuple[str, ...], kind: str | None, titles: tuple[str, ...],
    matrix: str | None, scales: ScaleChoice, top: int | None, open_browser: bool, port: int,
    as_json: bool, **options: Any,
) -> None:  # fmt: skip
    """Show figures side by side, on one scale and under one camera, and the cells that differ most.

    A, B, … are programs (text, or @FILE), links, or saved pages: two to nine. --let, --data and --labels go
    for all programs. Without -o, --top and --json the page is served to this machine alone.

    \b
    Examples:
      matcube compare before.html after.html -o compare.html
      matcube compare 'C = A @ B' 'C = relu(A) @ B' --let 'A=gaussian(8,4)' --let 'B=gaussian(4,6)' --top 5
      matcube compare 'softmax(Q @ K.T)' 'softmax(Q @ K.T / 8)' --data head.npz -o pair.png -o pair.svg
    """
    from matcube.api.comparison import compare as side_by_side

    how = {name: options.pop(name) for name in ("size", "scale", "width_mm")}
    _check_targets(out, kind)
    made = side_by_side(
        *(_figure(text, options) for text in figures),
        titles=list(titles) or None,
        matrix=matrix,
        scale=scales,
    )
    for target in out:
        _write(made, target, kind, how)
    if top is not None or as_json:
        _print(made, 20 if top is None else top, as_json=as_json)
    elif not out:
        _serve(made, open_browser=open_browser, port=port)


def _figure(text: str, options: dict[str, Any]) -> Figure:
    """The figure of a program, a link or a saved page, in the looks of the options."""
    from matcube.api.opening import PAGES, from_address
    from matcube.cli import data_files, inputs
    from matcube.cli.figures import computed, dressed, made
    from matcube.sources.paths import there

    given = {name: options[name] for name in ("let", "data", "labels")}
    looks = {name: value for name, value in options.items() if name not in given}
    place = text.strip().partition("#")[0]
    is_page = Path(place).suffix.lower() in PAGES and there(place, Path.is_file)
    if is_page or "#m1." in text or text.strip().startswith("m1."):
        figure = from_address(text, {}, files=inputs.data(data_files.listed(given["data"])))
    else:
        figure = made(text, **given)
    return computed(dressed(figure, **looks))


def _check_targets(targets: tuple[str, ...], kind: str | None) -> None:
    """Refuse unwritable targets before anything is computed."""
    from matcube.api.save import check

    for target in targets:
        if target == STDOUT and kind is None:
            raise OptionError("standard output has no ending", hint="say what to write: -o - --format png")
        if target != STDOUT:
            check(Path(target), kind)


def _write(made: Comparison, target: str, kind: str | None, how: dict[str, Any]) -> None:
    if target == STDOUT:
        stream = BytesIO()
        made.save(stream, format=kind, **how)  # type: ignore[arg-type]
        sys.stdout.buffer.write(stream.getvalue())
        sys.stdout.buffer.flush()
        return
    with ProgressLine():
        made.save(Path(target), format=kind, **how)  # type: ignore[arg-type]
    notes.result(f"wrote {target}")


def _print(made: Comparison, top: int, *, as_json: bool) -> None:
    """The cells that differ most between the first figure and each of the others."""
    from matcube.engine.matching import LETTERS

    tables = [made.differences(top=top, figure=letter) for letter in LETTERS[1 : len(made.figures)]]
    if as_json:
        notes.json({"matrix": made.name, "differences": [_json(table) for table in tables]})
        return
    click.echo("\n\n".join(map(str, tables)))


def _json(table: Differences) -> dict[str, Any]:
    """A table as plain data; docs/command.md names its keys."""
    numbers = {name: getattr(table, name) for name in ("largest", "mean", "relative", "moved")}
    counts = {name: getattr(table, name) for name in ("total", "differing", "nonfinite", "alike")}
    cells = [
        {"cell": list(row.cell), "labels": list(row.labels), "a": notes.finite(row.a),
         "b": notes.finite(row.b), "difference": notes.finite(row.difference)}
        for row in table
    ]  # fmt: skip
    return {"figure": table.letters[1], **numbers, **counts, "cells": cells}


def _serve(made: Comparison, *, open_browser: bool, port: int) -> None:
    from matcube.outputs import server

    server.serve(made.session(), port=port, open_browser=open_browser, say=click.echo)
