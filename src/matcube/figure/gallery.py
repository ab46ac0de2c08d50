"""The presets: figures of the gallery that a reader can open from the page, as links with a title.

They come from ``examples/gallery``; ``python -m tools.gallery.presets`` writes them to ``data/gallery.json``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from matcube import wire
from matcube.errors import DataError
from matcube.figure.inputs import check_data
from matcube.wire.link import decode_link

if TYPE_CHECKING:
    from matcube.figure.picture import Figure
    from matcube.wire import View


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure of the gallery.

    ``section`` begins with its number, ``text`` is two sentences, ``link`` restores the view (``#m1.…``).
    """

    id: str
    section: str
    title: str
    text: str
    link: str


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, by section.

    Example:
        >>> presets()[0].title
        'A product is a box'
    """
    text = files("matcube").joinpath("data", "gallery.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Preset, ...])


@cache
def offered() -> tuple[wire.Preset, ...]:
    """The presets as a served page offers them."""
    return tuple(wire.Preset(one.title, one.text, one.section, decode_link(one.link)) for one in presets())


def open_preset(name: str) -> Figure:
    """The figure of a preset, by its id.

    Raises:
        OptionError: there is none of that name.

    Example:
        >>> open_preset("f03")
        <matcube 'L @ R', 32 × 32>
    """
    from matcube.figure.make import from_view
    from matcube.figure.options import unknown

    found = {one.id: one for one in presets()}
    if name not in found:
        raise unknown(name, found, what="figure of the gallery")
    view = decode_link(found[name].link)
    return on_demo(view) or from_view(view, {})


def on_demo(view: View) -> Figure | None:
    """The figure of a view over the demo head's matrices, or None when it wants others, or none."""
    from matcube.figure.demo import head
    from matcube.figure.inputs import bind
    from matcube.figure.picture import Figure

    wanted = view.data.get("x")
    if wanted is None or len(wanted.shape) != 2:
        return None
    arrays: dict[str, Any] = dict(head(wanted.shape[0]))
    arrays["x_last"] = arrays["x"].array[-1:]
    if any(name not in arrays for name in view.data):
        return None
    inputs = bind({name: arrays[name] for name in view.data}).inputs
    try:
        check_data(view, inputs)
    except DataError:
        return None
    return Figure(view, inputs)
