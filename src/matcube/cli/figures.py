"""The figure that the options of a command describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matcube.cli.progress import Progress
from matcube.errors import OptionError

if TYPE_CHECKING:
    from matcube.api.figure import Figure


def figure_of(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    scheme: Any,
    gap: float | None,
    sheets: bool,
    film: tuple[str, ...],
    fuse: str | None,
    backward: str | None,
    partition: tuple[str, ...],
    tiles: str | None,
    order: str | None,
    **style: Any,
) -> Figure:
    """The figure with its looks, computed."""
    figure = made(program, backward=backward, let=let, data=data, labels=labels)
    changes: dict[str, Any] = {"gap": gap} if gap is not None else {}
    if sheets:
        changes["sheets"] = "open"
    if scheme is not None or changes:
        figure = figure.layout(scheme, **changes)
    how: dict[str, Any] = {
        "fuse": fuse,
        "tiles": None if tiles is None else read_tiles(tiles),
        "order": order,
    }
    given = {name: value for name, value in how.items() if value is not None}
    if film or given:
        algorithm: Any
        algorithm, each = read_film(film)
        if not film:  # --tiles or --fuse alone are meant for a film, too
            algorithm = "vmprod" if tiles is None and order is None else "tiled"
        figure = figure.animate(algorithm, each=each, **given)
    if partition:
        figure = figure.partition(read_partition(partition))
    looks: dict[str, Any] = {name: value for name, value in style.items() if value is not None}
    return computed(figure.style(**looks) if looks else figure)


def made(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    backward: str | None = None,
) -> Figure:
    """The figure of a program, and a note for each unused name."""
    from matcube.api import make
    from matcube.cli import inputs

    files = inputs.data(data)
    lets = inputs.lets(let)
    bindings = {**inputs.numbers(data, program), **lets}
    figure = make.make(program, bindings, labels=inputs.labels(labels), files=files)
    if backward is not None:
        figure = figure.backward(backward)
    for name in inputs.unused(f"{program}\n{figure.state.program}", let=lets, data=data):
        click.echo(f"note: {name} is not used", err=True)
    return figure


def computed(figure: Figure) -> Figure:
    """Compute a figure, and report progress."""
    with Progress() as progress:
        return figure.compute(progress=progress)


def read_film(given: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The algorithm of the result and those of matrices: ``vmprod``, ``K=none``."""
    pairs = [text.rpartition("=") for text in given]
    whole = [algorithm for name, _, algorithm in pairs if not name]
    if len(whole) > 1:
        raise OptionError(f"--film names {' and '.join(whole)}", hint="one of them, or NAME=ALGORITHM")
    return (whole[0] if whole else "none"), {name.strip(): own.strip() for name, _, own in pairs if name}


def read_tiles(text: str) -> list[tuple[int, ...]]:
    """Tiles of every level: ``16,16,16/4,4,4``."""
    try:
        return [tuple(int(size) for size in level.split(",")) for level in text.split("/")]
    except ValueError:
        raise OptionError(f'--tiles "{text}" cannot be read', hint="for example 16,16,16/4,4,4") from None


def read_partition(given: tuple[str, ...]) -> dict[str, int]:
    """``tokens=8``, ``preset:megatron=4``, ``attn.i=8`` as numbers of blocks.

    Example:
        >>> read_partition(("tokens=8",))
        {'tokens': 8}
    """
    splits: dict[str, int] = {}
    for text in given:
        name, equals, blocks = text.rpartition("=")
        if not equals or not name.strip() or not blocks.strip().isdecimal():
            raise OptionError(
                f'--partition "{text}" cannot be read', hint="write tokens=8, attn.i=8 or preset:megatron=4"
            )
        splits[name.strip()] = int(blocks)
    return splits
