"""``matcube demo``: a real attention head."""

from __future__ import annotations

from pathlib import Path

import click

from matcube.cli.options import serving
from matcube.cli.save import saved
from matcube.cli.serve import serve as serve_figure


@click.command()
@click.option("--serve/--no-serve", default=True, help="Open the demo, or only write its files.")
@click.option("--out", default=".", show_default=True, metavar="DIR", help="Where demo.html and demo.png go.")
@serving
def demo(serve: bool, out: str, no_open: bool, port: int) -> None:
    """A real attention head (SmolLM2, layer 18, head 6) copying a nursery rhyme from itself.

    Writes demo.html and demo.png, then opens the figure.
    """
    from matcube.api.demo import demo as demo_figure
    from matcube.api.save import check
    from matcube.cli.figures import computed

    paths = [Path(out) / name for name in ("demo.html", "demo.png")]
    for path in paths:
        check(path)
    figure = computed(demo_figure())
    for path in paths:
        click.echo(f"wrote {saved(figure, path)}")
    if serve:
        serve_figure(figure, no_open=no_open, port=port)
