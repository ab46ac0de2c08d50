"""``matcube demo``: a real attention head."""

from __future__ import annotations

from pathlib import Path

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import memory, serving, talk
from matcube.cli.save import saved
from matcube.cli.serve import serve as serve_figure


@click.command(cls=Command)
@click.option("--serve/--no-serve", default=True, help="Open the demo, or only write its files.")
@click.option("--out", metavar="DIR", help="Also write demo.html and demo.png in this folder.")
@memory
@serving
@talk
def demo(serve: bool, out: str | None, open_browser: bool, port: int) -> None:
    """A real attention head (SmolLM2, layer 18, head 6) copying a nursery rhyme from itself.

    Prints its address at once. With --out it also writes demo.html and demo.png; with --no-serve, only these.

    \b
    Examples:
      matcube demo
      matcube demo --no-serve --out pictures
    """
    from matcube.api.demo import demo as demo_figure
    from matcube.api.save import check
    from matcube.cli.figures import computed

    folder = "." if out is None and not serve else out
    paths = [] if folder is None else [Path(folder) / name for name in ("demo.html", "demo.png")]
    for path in paths:
        check(path)

    def write() -> None:
        if paths:
            figure = computed(demo_figure())
            for path in paths:
                saved(figure, path)
                notes.result(f"wrote {path}")

    if serve:
        serve_figure(demo_figure(), open_browser=open_browser, port=port, meanwhile=write)
    else:
        write()
