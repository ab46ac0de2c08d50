"""The display of a figure in a notebook: a picture, and the page in a sandboxed frame."""

from __future__ import annotations

import base64
import re
from html import escape

_FRAME = (
    '<iframe sandbox="allow-scripts" title="{title}" width="100%" height="{height}" '
    'style="border:0;width:100%;height:{height}px" srcdoc="{page}"></iframe>'
)


def bundle(*, title: str, page: str, still: bytes, text: str, height: int = 560) -> dict[str, str]:
    """The mime bundle of a figure.

    The frame is sandboxed without ``allow-same-origin``: its script can neither read the notebook nor store
    anything. A front end without HTML shows the PNG, a terminal the text.

    Args:
        title: the frame's title, for screen readers.
        page: the self-contained page.
        still: the picture as PNG.
        text: one line for a terminal.
        height: of the frame, in pixels.

    Example:
        >>> sorted(bundle(title="A", page="<p>", still=b"", text="A"))
        ['image/png', 'text/html', 'text/plain']
    """
    return {
        "text/plain": text,
        "image/png": base64.b64encode(still).decode("ascii"),
        "text/html": _ascii(_FRAME.format(title=escape(title), height=height, page=escape(page))),
    }


def _ascii(html: str) -> str:
    """HTML with references in place of other characters than ASCII, for notebooks saved in another encoding.

    Control characters are unchanged: HTML reads a reference to one of them as a letter of Windows-1252.
    """
    return re.sub(r"[^\x00-\x9f]", lambda character: f"&#{ord(character[0])};", html)
