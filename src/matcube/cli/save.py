"""``matcube save``: a figure as files, or on standard output."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import as_json as json_option
from matcube.cli.options import inputs, looks, talk
from matcube.cli.progress import ProgressLine
from matcube.cli.setting import Setting
from matcube.cli.types import File, Name, Size
from matcube.errors import OptionError

if TYPE_CHECKING:
    from matcube.api.figure import Figure

STDOUT = "-"
TEXTS = ("html", "json", "svg")


@click.command(cls=Command)
@inputs
@click.argument("out", nargs=-1, type=File())
@click.option(
    "-o",
    "--out",
    "out_too",
    multiple=True,
    metavar="OUT",
    type=File(),
    help="Where to, as OUT; - is standard output. May be repeated.",
)
@click.option(
    "--format",
    "form",
    type=Name("format"),
    metavar="NAME",
    help="html, png, svg, pdf, gif, mp4 or json, for - and for names with another ending.",
)
@looks
@click.option(
    "--size",
    cls=Setting,
    default="1280x800",
    show_default=True,
    type=Size(),
    metavar="SIZE",
    help="Width and height of the picture in pixels.",
)
@click.option(
    "--scale", cls=Setting, type=float, default=1.0, help="Makes the picture and its lettering larger."
)
@click.option(
    "--seconds", cls=Setting, type=float, default=10.0, show_default=True, help="How long a film lasts."
)
@click.option(
    "--width-mm",
    cls=Setting,
    type=float,
    metavar="MM",
    help="Width of .svg and .pdf on paper; 85 is a column.",
)
@click.option("--fps", cls=Setting, type=float, help="Frames per second of a film; 20 for .gif, 30 for .mp4.")
@json_option
@talk
def save(
    program: str, out: tuple[str, ...], out_too: tuple[str, ...], form: str | None, as_json: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Save PROGRAM as OUT, by its ending: .html, .png, .svg, .pdf, .gif, .mp4 or .json; several are fine.

    PROGRAM is text, or @FILE for the text in a file.

    \b
    Examples:
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' cube.html cube.png
      matcube save 'x @ w' --data layer.safetensors --layout wheel --size 1920x1080 layer.png
      matcube save 'softmax(tril(S))' --data s.npy --flat --width-mm 85 figure.pdf
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' --animate vmprod cube.gif
      cat x.csv | matcube save 'x @ x.T' --data x=csv:- -o - --format png > picture.png
    """
    from matcube.cli.figures import figure_of

    how = {name: options.pop(name) for name in ("size", "scale", "seconds", "fps", "width_mm")}
    targets = [*out, *out_too]
    _check_targets(targets, form, as_json=as_json)
    figure = figure_of(program, **options)
    written = [_write(figure, target, form, how) for target in targets]
    _note_nonfinite(figure)
    if as_json:
        notes.json({"program": figure.program, "files": written})
        return
    for file in written:
        if file["file"] != STDOUT:
            notes.result(f"wrote {file['file']}", err=STDOUT in targets)


def _note_nonfinite(figure: Figure) -> None:
    """Say how many cells are not finite, and where the first is."""
    rows = [row for row in figure.nonfinite() if row.nan or row.inf]
    if rows:
        total = sum(row.nan + row.inf for row in rows)
        first = f"{rows[0].name}[{', '.join(map(str, rows[0].first))}]"
        are = "cells are" if total > 1 else "cell is"
        notes.note(f"{total:,} {are} not finite; the first is {first}")


def saved(figure: Figure, file: Path | BytesIO, **options: Any) -> None:
    """Save a figure, and report progress."""
    with ProgressLine() as progress:
        figure.save(file, progress=progress, **options)


def _check_targets(targets: list[str], form: str | None, *, as_json: bool) -> None:
    """Refuse unwritable targets before anything is computed."""
    from matcube.api.save import check

    if not targets:
        raise click.UsageError(
            "Missing argument 'OUT'.\n  hint: name a file, out.html, or write -o - --format png",
            click.get_current_context(),
        )
    for target in targets:
        if target != STDOUT:
            check(Path(target), form)
            continue
        if form is None:
            raise OptionError("standard output has no ending", hint="say what to write: -o - --format png")
        if as_json:
            raise OptionError("standard output cannot take both the figure and --json", hint="leave one out")
        if form not in TEXTS and sys.stdout.isatty():
            hint = f"send it on, | cat > out.{form}, or name a file: -o out.{form}"
            raise OptionError(f"{form} is not for a terminal", hint=hint)


def _write(figure: Figure, target: str, form: str | None, how: dict[str, Any]) -> dict[str, Any]:
    """Write a figure, and say which file, format and size that makes."""
    if target == STDOUT:
        stream = BytesIO()
        saved(figure, stream, format=form, **how)
        size = sys.stdout.buffer.write(stream.getvalue())
        sys.stdout.buffer.flush()
    else:
        path = Path(target)
        form = form or path.suffix[1:].lower()
        saved(figure, path, format=form, **how)
        size = path.stat().st_size
    return {"file": target, "format": form, "bytes": size}
