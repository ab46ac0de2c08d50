"""Read a saved page: its scene, and so its view."""

from __future__ import annotations

import base64
import binascii
import re

from matcube.errors import WireError
from matcube.outputs.html.page import COMPARISON_ID, SCENE_ID

_SCENE = re.compile(
    rf"<script type=\"application/octet-stream\" id=\"{SCENE_ID}\">([A-Za-z0-9+/=]*)</script>"
)


def scene_in(text: str) -> bytes:
    """The scene bytes in a saved page; nothing of the page is executed.

    Raises:
        WireError: the page is not from matcube, or is damaged.

    Example:
        >>> from matcube.outputs.html import page
        >>> scene_in(page(title="", scene=b"bytes"))
        b'bytes'
    """
    result = _SCENE.search(text)
    if result is None and f'id="{COMPARISON_ID}"' in text:
        raise WireError(
            "this page compares several figures, and a figure is wanted",
            hint="open the page in a browser, or save each figure as a page of its own",
        )
    if result is None:
        raise WireError("this page was not saved by matcube, or it is cut short")
    try:
        return base64.b64decode(result[1], validate=True)
    except (binascii.Error, ValueError):
        raise WireError("the scene in this page is damaged", hint="save the page again") from None
