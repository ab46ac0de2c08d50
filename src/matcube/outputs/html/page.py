"""Write the page.

The page has its own Content-Security-Policy: nothing is loaded from another address, and only the script and
the style with the hashes of the policy take effect.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

import msgspec

from matcube.wire import Comparison

SCENE_ID = "matcube-scene"
COMPARISON_ID = "matcube-comparison"
STILL_QUALITY = 50  # of WebP, in percent: dots of two pixels keep their colour

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="matcube">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<div id="matcube"{own}></div>
<noscript>{still}<p id="matcube-noscript">{noscript}</p></noscript>
{blocks}
{scripts}
</body>
</html>
"""

_NOSCRIPT = "This page turns the figure with JavaScript; without it, this is its picture."

# The picture is for browsers without scripts, where it fills the page, and for those without WebGL, where the
# viewer takes it. With scripts it is text: decoding and composing it would take longer than the first frame.
_STILL_STYLE = """
#matcube-still{position:fixed;inset:0;width:100%;height:100%;object-fit:contain}
#matcube-noscript{position:fixed;inset:auto 0 0 0;margin:0;padding:.5em;text-align:center;color:#888}
"""


def page(*, title: str, scene: bytes, still: bytes | None = None) -> str:
    """The page as text; write it as UTF-8.

    Args:
        title: of the browser's tab; any text.
        scene: scene bytes with every buffer that the page can show.
        still: the picture as PNG, for browsers without WebGL; or None.

    Example:
        >>> "<title>A &lt; B</title>" in page(title="A < B", scene=b"")
        True
    """
    return _filled(title=title, blocks=_scene_block(scene, f'id="{SCENE_ID}"'), still=still)


def comparison_page(comparison: Comparison, *, scenes: Sequence[bytes], still: bytes | None = None) -> str:
    """The page of several scenes side by side; write it as UTF-8.

    Args:
        comparison: its panels and lists.
        scenes: scene bytes of the panels, in order.
        still: the picture as PNG, for browsers without WebGL; or None.
    """
    blocks = comparison_blocks(comparison, scenes)
    return _filled(title=comparison.title, blocks=blocks, still=still, several=True)


def comparison_blocks(comparison: Comparison, scenes: Sequence[bytes]) -> str:
    """The parts of a page that hold a comparison: its description, then its scenes.

    Args:
        comparison: its panels and lists.
        scenes: scene bytes of the panels, in order.
    """
    text = msgspec.json.encode(comparison).decode().replace("<", "\\u003c")
    described = f'<script type="application/json" id="{COMPARISON_ID}">{text}</script>'
    return "\n".join([described, *(_scene_block(scene, f'class="{SCENE_ID}"') for scene in scenes)])


def _scene_block(scene: bytes, mark: str) -> str:
    data = base64.b64encode(scene).decode("ascii")
    return f'<script type="application/octet-stream" {mark}>{data}</script>'


def _filled(*, title: str, blocks: str, still: bytes | None, several: bool = False) -> str:
    """The page around its data; one of several figures has a script and a style sheet more."""
    more = ["compare"] if several else []
    scripts = [_script_text(_asset(f"{name}.js")) for name in ("viewer", *more)]
    sheets = [_asset("page.css"), _STILL_STYLE, *(_asset(f"{name}.css") for name in ("viewer", *more))]
    style = _style_text("".join(sheets))
    return _PAGE.format(
        policy=escape(_policy(scripts=scripts, style=style)),
        title=escape(title),
        own="" if several else " data-page",
        noscript=_NOSCRIPT,
        style=style,
        still=_still(still, title),
        blocks=blocks,
        scripts="\n".join(f'<script type="module">{script}</script>' for script in scripts),
    )


def _policy(*, scripts: Sequence[str], style: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash_source, scripts))}",
            f"style-src {_hash_source(style)}",
            "img-src data: blob:",
            "worker-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _script_text(text: str) -> str:
    """A script that cannot end its element: ``<`` of an HTML mark becomes an escape."""
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", _unix(text), flags=re.IGNORECASE)


def _style_text(text: str) -> str:
    return re.sub(r"<(?=/style)", r"\\3c ", _unix(text), flags=re.IGNORECASE)


def _unix(text: str) -> str:
    """Text with the line ends of the HTML standard, so that the hashes are right."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _still(still: bytes | None, title: str) -> str:
    if still is None:
        return ""
    data = base64.b64encode(_webp(still)).decode("ascii")
    return f'<img id="matcube-still" alt="{escape(title)}" src="data:image/webp;base64,{data}">'


def _webp(png: bytes) -> bytes:
    """The picture with a quarter of the bytes: only pages without a live figure show it for long."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.save(out, format="WEBP", quality=STILL_QUALITY)
    return out.getvalue()


def _asset(name: str) -> str:
    result = files("matcube").joinpath("outputs", "assets", name)
    return result.read_text(encoding="utf-8") if result.is_file() else ""
