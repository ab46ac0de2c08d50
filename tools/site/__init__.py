"""What the static sites share: the frame of a page, its style and its script, all of it inlined."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent
HALF_MOON = '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/></svg>'  # noqa: E501


def page(*, title: str, name: str, home: str, nav: list[tuple[str, str]], body: str, css: str, js: str) -> str:
    """A page that needs nothing but its pictures.

    Args:
        title: of the window.
        name: at the top left; a link to ``home``.
        home: address of the first page.
        nav: addresses and words at the top.
        body: what stands in ``main``.
        css: style beyond the shared one.
        js: script beyond the shared one.
    """
    base = (FOLDER / "base.css").read_text(encoding="utf-8")
    script = (FOLDER / "base.js").read_text(encoding="utf-8")
    links = "".join(f'<a href="{escape(to)}">{escape(text)}</a>' for to, text in nav)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{base}{css}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="name" href="{escape(home)}">{escape(name)}</a><nav aria-label="Sections">{links}</nav>
<button class="theme" type="button" title="Dark or light" aria-label="Dark or light">{HALF_MOON}</button></header>
<main id="main">
{body}
</main>
<script>
{script}{js}</script>
</body>
</html>
"""


def picture(*, dark: str, light: str, alt: str, size: tuple[int, int]) -> str:
    """An image that comes in both themes, loaded when it is near the window."""
    width, height = size
    return (
        f'<img src="{escape(dark)}" data-dark="{escape(dark)}" data-light="{escape(light)}" alt="{escape(alt)}"'
        f' width="{width}" height="{height}" loading="lazy" decoding="async">'
    )


def slug(text: str) -> str:
    """A heading as the end of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
