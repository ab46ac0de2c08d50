"""The presets: figures of the gallery that a reader can open from the page, as links with a title.

They come from ``examples/gallery``; ``python -m tools.gallery.presets`` writes them to ``data/gallery.json``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from matcube import wire
from matcube.wire.link import decode_link


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
    return tuple(
        wire.Preset(each.title, each.text, each.section, decode_link(each.link)) for each in presets()
    )
