"""What the static sites share: the frame of a page, its style and its script, all of it inlined."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from string import Template

import msgspec

import matcube as mc
from matcube.outputs import still

FOLDER = Path(__file__).parent


def page(
    *,
    title: str,
    name: str,
    home: str,
    nav: list[tuple[str, str]],
    body: str,
    css: str,
    js: str,
    tools: str = "",
) -> str:
    """A page that needs nothing but its pictures.

    Args:
        title: of the window.
        name: at the top left; a link to ``home``.
        home: address of the first page.
        nav: addresses and words at the top.
        body: content of ``main``.
        css: style beyond the shared one.
        js: script beyond the shared one.
        tools: content at the top right, before the button of the theme.
    """
    frame, style, script = (
        (FOLDER / name).read_text(encoding="utf-8") for name in ("page.html", "base.css", "base.js")
    )
    links = "".join(f'<a href="{escape(to)}">{escape(text)}</a>' for to, text in nav)
    return Template(frame).substitute(
        title=escape(title), name=escape(name), home=escape(home), links=links, body=body,
        css=style + css, js=script + js, tools=tools,
    )  # fmt: skip


def still_of(figure: mc.Figure, theme: str, *, size: tuple[int, int], **style: object) -> bytes:
    """A still picture without text in its corners, as PNG."""
    scene = figure.scene()
    look = msgspec.structs.replace(figure.state.style, theme=theme, **style)
    view = msgspec.structs.replace(figure.state, style=look)
    return still.png(still.render(scene.head, scene.buffers, size=size, view=view, corners=False))


def picture(*, dark: str, light: str, alt: str, size: tuple[int, int]) -> str:
    """An image that comes in both themes, loaded when it is near the window."""
    width, height = size
    one, other = escape(dark), escape(light)
    return (
        f'<img src="{one}" data-dark="{one}" data-light="{other}" alt="{escape(alt)}"'
        f' width="{width}" height="{height}" loading="lazy" decoding="async">'
    )


def slug(text: str) -> str:
    """A heading as the end of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
