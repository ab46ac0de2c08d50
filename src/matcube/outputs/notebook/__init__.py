"""The display of a figure in a notebook: a picture, and the page in a sandboxed frame."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Container, Iterable
from html import escape

_FRAME = (
    '<iframe sandbox="allow-scripts" title="{title}" width="100%" height="{height}" '
    'style="border:0;width:100%;height:{height}px" srcdoc="{page}"></iframe>'
)


FORMS = ("text/plain", "image/png", "text/html")


def bundle(
    *,
    title: str,
    page: Callable[[], str],
    still: Callable[[], bytes],
    text: str,
    forms: Container[str] = FORMS,
    height: int = 560,
) -> dict[str, str]:
    """The mime bundle of a figure. Only the forms in ``forms`` are made.

    The frame is sandboxed without ``allow-same-origin``: its script can neither read the notebook nor store
    anything. A front end without HTML shows the PNG, a terminal the text.

    Args:
        title: the frame's title, for screen readers.
        page: makes the self-contained page.
        still: makes the picture as PNG.
        text: one line for a terminal.
        forms: mime types of the bundle.
        height: of the frame, in pixels.

    Example:
        >>> sorted(bundle(title="A", page=lambda: "<p>", still=lambda: b"", text="A"))
        ['image/png', 'text/html', 'text/plain']
    """

    def frame() -> str:
        return _ascii(_FRAME.format(title=escape(title), height=height, page=escape(page())))

    makers: dict[str, Callable[[], str]] = {
        "text/plain": lambda: text,
        "image/png": lambda: base64.b64encode(still()).decode("ascii"),
        "text/html": frame,
    }
    return {form: make() for form, make in makers.items() if form in forms}


def wanted_forms(include: Iterable[str] | None, exclude: Iterable[str] | None) -> set[str]:
    """Mime types that a front end asks for; a terminal shows text alone.

    Args:
        include: the forms asked for; None is all that the front end shows.
        exclude: forms that are not wanted.

    Example:
        >>> sorted(wanted_forms(None, ["image/png"]))
        ['text/html', 'text/plain']
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    shown = getattr(getattr(shell, "display_formatter", None), "active_types", None) or FORMS
    return set(shown if include is None else include) - set(exclude or ())


def _ascii(html: str) -> str:
    """HTML with references in place of other characters than ASCII, for notebooks saved in another encoding.

    Control characters are unchanged: HTML reads a reference to one of them as a letter of Windows-1252.
    """
    return re.sub(r"[^\x00-\x9f]", lambda character: f"&#{ord(character[0])};", html)
