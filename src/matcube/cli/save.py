"""``matcube save``: a figure as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcube.cli.options import inputs, looks
from matcube.cli.progress import Progress
from matcube.errors import OptionError

if TYPE_CHECKING:
    from matcube.api.figure import Figure


@click.command()
@inputs
@click.argument("out", nargs=-1, required=True)
@looks
@click.option(
    "--size", default="1280x800", show_default=True, help="Width and height of the picture in pixels."
)
@click.option("--scale", type=float, default=1.0, help="Makes the picture and its lettering larger.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="How long a film lasts.")
@click.option("--fps", type=float, help="Frames per second of a film; 20 for .gif, 30 for .mp4.")
def save(program: str, out: tuple[str, ...], size: str, scale: float, **options: Any) -> None:
    """Save PROGRAM as OUT, by its ending: .html, .png, .gif, .mp4 or .json; several OUT at once are fine.

    \b
    Examples:
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' cube.html cube.png
      matcube save 'x @ w' --data layer.safetensors --layout wheel --size 1920x1080 layer.png
      matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' --film vmprod cube.gif
    """
    from matcube.api.save import check
    from matcube.cli.figures import figure_of

    how = {
        "size": read_size(size),
        "scale": scale,
        **{name: options.pop(name) for name in ("seconds", "fps")},
    }
    for path in out:
        check(Path(path))
    figure = figure_of(program, **options)
    for path in out:
        click.echo(f"wrote {saved(figure, Path(path), **how)}")


def saved(figure: Figure, path: Path, **options: Any) -> Path:
    """Save a figure, and report progress."""
    with Progress() as progress:
        return figure.save(path, progress=progress, **options)


def read_size(text: str) -> tuple[int, int]:
    """Width and height from ``1280x800``."""
    width, x, height = text.lower().replace("×", "x").partition("x")
    if not (x and width.strip().isdecimal() and height.strip().isdecimal()):
        raise OptionError(f'--size "{text}" cannot be read', hint="write --size 1280x800")
    return int(width), int(height)
