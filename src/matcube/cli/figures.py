"""The figure that the options of a command describe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from matcube.cli import notes
from matcube.cli.fields import by_part, edited
from matcube.cli.progress import ProgressLine
from matcube.errors import OptionError

if TYPE_CHECKING:
    from matcube.api.figure import Figure


def figure_of(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    backward: str | None,
    partition: tuple[tuple[str, int], ...],
    **options: Any,
) -> Figure:
    """The computed figure of the options of a command.

    Args:
        program: text, or ``@FILE``.
        let: bindings of ``--let``, ``NAME=SPEC``.
        data: inputs of ``--data``.
        labels: texts of ``--labels``.
        backward: product of ``--backward``; None draws no gradients.
        partition: axes with their numbers of blocks.
        options: all other options of layout, film and view.
    """
    film = {name: options.pop(name) for name in _FILM}
    figure = made(program, backward=backward, let=let, data=data, labels=labels)
    return computed(dressed(figure, film=film, partition=partition, **options))


def dressed(
    figure: Figure,
    *,
    film: dict[str, Any] | None = None,
    partition: tuple[tuple[str, int], ...] = (),
    **options: Any,
) -> Figure:
    """A figure in the looks of the options.

    Args:
        figure: the figure.
        film: options of the film, or None.
        partition: axes with their numbers of blocks.
        options: all other options of layout and view.
    """
    looking = [field for given in options.pop("view") for field in given]
    fields = by_part([*looking, *options.pop("set_field")])
    figure = laid_out(figure, fields["layout"], **{name: options.pop(name) for name in _LAYOUT})
    if film is not None:
        figure = played(figure, fields["film"], **film)
    if partition:
        figure = figure.partition(dict(partition))
    if options.pop("flat"):
        figure = figure.flat()
    seen = {"select": options.pop("select"), "pin": list(options.pop("pin")) or None}
    style = {name: value for name, value in options.items() if value is not None} | fields["style"]
    if style:
        plain = figure
        figure = edited("style", lambda: plain.style(**style))
    view = {name: value for name, value in seen.items() if value is not None} | fields["view"]
    if view:
        whole = figure
        figure = edited("view", lambda: whole.view(**view))
    return figure


def laid_out(
    figure: Figure, fields: dict[str, Any], *, scheme: str | None, gap: float | None, sheets: bool
) -> Figure:
    """The figure in the layout of the options.

    Args:
        figure: the figure.
        fields: fields of ``--set layout.…``, which override the options.
        scheme: name of the layout scheme.
        gap: distance of a face from its box, in cells.
        sheets: whether sheets are open.
    """
    given = {"scheme": scheme, "gap": gap, "sheets": "open" if sheets else None}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None} | fields
    return edited("layout", lambda: figure.layout(**changes)) if changes else figure


def played(
    figure: Figure,
    fields: dict[str, Any],
    *,
    animate: tuple[str, ...],
    fuse: str | None,
    tiles: list[tuple[int, ...]] | None,
    order: str | None,
) -> Figure:
    """The figure with the film of the options.

    Args:
        figure: the figure.
        fields: fields of ``--set film.…``, which override the options.
        animate: algorithms, ``NAME`` or ``MATRIX=NAME``.
        fuse: fusion of neighbouring products.
        tiles: sizes of the tiles of each level, in cells, the largest first.
        order: order of the loops of ``tiled``, one for each level of tiles or for all.
    """
    given = {"fuse": fuse, "tiles": tiles, "order": order}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None} | fields
    if not animate and not changes:
        return figure
    algorithm, each = read_film(animate)
    if not animate:  # --tiles or --fuse alone are meant for a film, too
        algorithm = "vmprod" if tiles is None and order is None else "tiled"
    options = {"algorithm": algorithm, "each": each, **changes}
    return edited("film", lambda: figure.animate(**options))


def made(
    program: str,
    *,
    let: tuple[str, ...],
    data: tuple[str, ...],
    labels: tuple[str, ...],
    backward: str | None = None,
) -> Figure:
    """The figure of a program; each unused name is noted on stderr.

    Args:
        program: text, or ``@FILE``.
        let: bindings of ``--let``, ``NAME=SPEC``.
        data: inputs of ``--data``.
        labels: texts of ``--labels``.
        backward: product of ``--backward``; None draws no gradients.
    """
    from matcube.api import make
    from matcube.cli import data_files, inputs

    text = data_files.program_text(program)
    given = data_files.listed(data)
    lets = inputs.lets(let)
    bindings = {**inputs.numbers(given, text), **lets}
    figure = make.make(text, bindings, labels=inputs.labels(labels), files=inputs.data(given))
    if backward is not None:
        figure = figure.backward(backward)
    for name in inputs.unused(f"{text}\n{figure.state.program}", [*lets, *data_files.named(data)]):
        notes.note(f"{name} is not used")
    for name, ref in figure.state.data.items():
        shape = " × ".join(map(str, ref.shape))
        notes.detail(f"{name}: {shape} {ref.dtype} from {ref.file}")
    return figure


def computed(figure: Figure) -> Figure:
    """Compute a figure, and report progress."""
    began_secs = time.monotonic()
    with ProgressLine() as progress:
        figure = figure.compute(progress=progress)
    notes.detail(f"computed in {time.monotonic() - began_secs:.2f} s")
    return figure


def read_film(given: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The algorithm of the result and those of matrices: ``vmprod``, ``K=none``."""
    pairs = [text.rpartition("=") for text in given]
    whole = [algorithm for name, _, algorithm in pairs if not name]
    if len(whole) > 1:
        raise OptionError(f"--animate names {' and '.join(whole)}", hint="one of them, or NAME=ALGORITHM")
    return (whole[0] if whole else "none"), {name.strip(): own.strip() for name, _, own in pairs if name}


_LAYOUT = ("scheme", "gap", "sheets")
_FILM = ("animate", "fuse", "tiles", "order")
