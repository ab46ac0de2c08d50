"""Where a figure goes: page, picture, JSON; by the ending of the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from matcube.errors import DataError, OptionError
from matcube.figure.compute import Program
from matcube.layout import SCHEMES, Placement
from matcube.scene.view import LayoutView

if TYPE_CHECKING:
    from matcube.figure.picture import Figure

LayoutChoice = tuple[str, Literal["closed", "open"]]

SIZE = (1280, 800)
MAX_SHEET_BYTES = 8_000_000


def save(figure: Figure, path: Path, *, size: tuple[int, int], scale: float) -> Path:
    """Save a figure by the ending of the name; see ``Figure.save``."""
    check(path)
    data = WRITERS[path.suffix.lower()](figure, size, scale)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def check(path: Path) -> None:
    """Refuse a path that cannot be written, before anything is computed.

    Raises:
        OptionError: another ending than those in ``WRITERS``.
        DataError: there is no such folder, or there is a folder of that name.
    """
    if path.suffix.lower() not in WRITERS:
        ending = f'"{path.suffix}"' if path.suffix else "no ending"
        raise OptionError(
            f"{path.name} has {ending}, which matcube does not write", hint=f"it writes {', '.join(WRITERS)}"
        )
    if not path.parent.is_dir():
        raise DataError(f"there is no folder {path.parent}", hint="make it first")
    if path.is_dir():
        raise DataError(f"{path} is a folder", hint="give a file name in it")


def png(figure: Figure, *, size: tuple[int, int], scale: float) -> bytes:
    """The still picture of a figure; ``scale`` makes everything larger, the lettering too."""
    from matcube.outputs import still

    if not (isinstance(scale, int | float) and 0.05 <= scale <= 16):
        raise OptionError(f"scale={scale!r} cannot be used", hint="a number from 0.05 to 16")
    pixels = round(size[0] * scale), round(size[1] * scale)
    scene = figure.scene()
    look = scene.head.view.style
    larger = msgspec.structs.replace(look, legend_size=min(3.0, max(0.5, look.legend_size * scale)))
    view = msgspec.structs.replace(scene.head.view, style=larger)
    return still.png(still.render(scene.head, scene.buffers, size=pixels, view=view))


def page(figure: Figure, *, size: tuple[int, int]) -> str:
    """The self-contained page, with every scheme, sheets closed and open, over the same buffers.

    Sheets come along when all buffers together are at most 8 MB; else the page has closed sheets only.
    """
    from matcube.outputs.html import page as html

    scene = figure.scene(layouts=_all_layouts(figure))
    send = frozenset(scene.buffers)
    if sum(buffer.nbytes for buffer in scene.buffers.values()) > MAX_SHEET_BYTES:
        scene = figure.scene(layouts=[one for one in _all_layouts(figure) if one[1] == "closed"])
        send = scene.shown
    return html(title=figure.title, scene=scene.encode(send=send), still=png(figure, size=size, scale=1))


def json(figure: Figure) -> bytes:
    """The scene's head as readable JSON: everything but the values, which it names by their hashes."""
    text = msgspec.json.encode(figure.scene().head, order="deterministic")
    return msgspec.json.format(text, indent=1) + b"\n"


def placements(
    program: Program, shown: LayoutView, more: Sequence[LayoutChoice]
) -> list[tuple[str, Placement]]:
    """The placement that is shown, and further ones that differ from it in scheme and sheets."""
    views = {_key(shown.scheme, shown.sheets): shown}
    for scheme, sheets in more:
        views.setdefault(_key(scheme, sheets), msgspec.structs.replace(shown, scheme=scheme, sheets=sheets))
    return [(key, program.place(view)) for key, view in views.items()]


def _all_layouts(figure: Figure) -> list[LayoutChoice]:
    custom = figure.state.layout.custom
    schemes = [name for name in SCHEMES if name != "custom" or custom]
    return [(name, "closed") for name in schemes] + [(name, "open") for name in schemes]


def _key(scheme: str, sheets: str) -> str:
    return f"{scheme}+sheets" if sheets == "open" else scheme


WRITERS: dict[str, Callable[[Figure, tuple[int, int], float], bytes]] = {
    ".html": lambda figure, size, _: page(figure, size=size).encode(),
    ".png": lambda figure, size, scale: png(figure, size=size, scale=scale),
    ".json": lambda figure, _size, _scale: json(figure),
}
