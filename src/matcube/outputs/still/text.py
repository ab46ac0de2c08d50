"""Text in a still: a font with mathematical signs, and those of this machine for other letters."""

from __future__ import annotations

import functools
import importlib.resources
import io
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from matcube.outputs.still import fonts

ELLIPSIS = "…"
_FONTS = importlib.resources.files("matcube") / "data" / "fonts"
_SHOWN_AS = {"\n": "↵", "\r": "↵", "\t": "⇥", "\u2028": "↵", "\u2581": " ", "\u0120": " ", "\u00ad": "-"}

# Characters of the shipped subset of DejaVu Sans: the first and last of each run.
COVERED = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38C, 0x38C),
    (0x38E, 0x3A1), (0x3A3, 0x45F), (0x1D2C, 0x1D2E), (0x1D30, 0x1D5B), (0x1D5D, 0x1D6A),
    (0x2010, 0x2027), (0x2030, 0x203A), (0x2070, 0x2071), (0x2074, 0x208E), (0x2090, 0x209C),
    (0x2100, 0x2109), (0x210B, 0x2149), (0x214B, 0x214B), (0x214E, 0x214E), (0x2190, 0x22FF),
    (0x2308, 0x230B), (0x2460, 0x2469), (0x2500, 0x25FF), (0x27E8, 0x27E9), (0x2C7C, 0x2C7D),
)  # fmt: skip
_STARTS = [first for first, _ in COVERED]


@dataclass(frozen=True)
class Run:
    """A piece of text in one colour."""

    text: str
    colour: int


def readable(text: str, *, package_only: bool = False) -> str:
    r"""The text with signs for line ends and tabs, and code points for letters that no font has.

    Of more than two such letters in a row the first has its code point; a sum over all keeps labels distinct.
    With ``package_only`` fonts of this machine do not count.

    Example:
        >>> readable("Σ\n\u0378"), readable("\u0378\u0379\u0380"), readable("\u0378\u0379\u0381")
        ('Σ↵U+0378', 'U+0378…65b8', 'U+0378…552e')
    """
    out, row = "", ""
    for character in unicodedata.normalize("NFC", text):
        sign = _sign(character, package_only=package_only)
        if sign:
            out, row = out + _code_points(row), ""
        out, row = out + sign, row if sign else row + character
    return out + _code_points(row)


def notice(texts: Iterable[str]) -> str:
    """What to say of letters of texts that no font has; empty where all have one.

    Args:
        texts: names and labels of a picture.
    """
    lacking = sorted({c for text in texts for c in text if c.isprintable() and readable(c).startswith("U+")})
    if not lacking:
        return ""
    some = "".join(lacking[:8]) + ("…" if len(lacking) > 8 else "")
    return (
        f"no font of this machine has {some}: the picture shows code points instead; install one, such as "
        "Noto Sans CJK, Noto Sans Devanagari or Noto Emoji, or save a page (.html)"
    )


def _code_points(row: str) -> str:
    """Letters in a row that have no font."""
    if len(row) <= 2:
        return "".join(f"U+{ord(character):04X}" for character in row)
    return f"U+{ord(row[0]):04X}{ELLIPSIS}{zlib.crc32(row.encode('utf-8', 'surrogatepass')) & 0xFFFF:04x}"


def _sign(character: str, *, package_only: bool) -> str:
    """The sign of a character in a font; empty if none has it."""
    shown = _SHOWN_AS.get(character, character)
    return shown if _in_package(shown) or (not package_only and _on_machine(shown)) else ""


def _on_machine(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMNPS" and fonts.path_of(character) is not None


def _in_package(character: str) -> bool:
    at = bisect_right(_STARTS, ord(character)) - 1
    return at >= 0 and ord(character) <= COVERED[at][1] and not 0x200B <= ord(character) <= 0x200F


def _pieces(text: str) -> list[tuple[str, str | None]]:
    """A readable text in pieces of one font each: that in the package (None), or the file of another.

    Spaces between pieces of one other font belong to them: its words may run from right to left.
    """
    out: list[tuple[str, str | None]] = []
    for character in text:
        path = None if _in_package(character) else fonts.path_of(character)
        if out and out[-1][1] == path:
            out[-1] = out[-1][0] + character, path
        elif len(out) > 1 and path is not None and out[-1][0].isspace() and out[-2][1] == path:
            out[-2:] = [(out[-2][0] + out[-1][0] + character, path)]
        else:
            out.append((character, path))
    return out


def _font_of(path: str | None, px: float) -> ImageFont.FreeTypeFont:
    return font(px) if path is None else fonts.font(path, px)


@functools.lru_cache(maxsize=32)
def font(px: float) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(io.BytesIO(font_bytes()), px, layout_engine=ImageFont.Layout.BASIC)


def font_path() -> AbstractContextManager[Path]:
    """The file of the shipped font."""
    return importlib.resources.as_file(_FONTS / "DejaVuSans-subset.ttf")


@functools.lru_cache(maxsize=1)
def font_bytes() -> bytes:
    """The shipped font."""
    return (_FONTS / "DejaVuSans-subset.ttf").read_bytes()


def pieces(text: str, px: float) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """A text in pieces of one font each, at a size in pixels."""
    return [(piece, _font_of(path, px)) for piece, path in _pieces(readable(text))]


def width_of(text: str, px: float) -> float:
    """The width of a text in one line, pixels."""
    return sum(float(_font_of(path, px).getlength(piece)) for piece, path in _pieces(readable(text)))


def shortened(text: str, most_px: float, px: float) -> str:
    """A readable text, cut and with an ellipsis if it is too wide.

    Args:
        text: one line.
        most_px: the greatest width, pixels.
        px: font size.
    """
    text = readable(text)
    if width_of(text, px) <= most_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle] + ELLIPSIS, px) <= most_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ""


def wrapped(text: str, most_px: float, px: float) -> list[str]:
    """A text in lines, broken at spaces.

    Args:
        text: words.
        most_px: the greatest width of a line, pixels.
        px: font size.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, px) <= most_px:
            lines[-1] = longer
        else:
            lines.append(shortened(word, most_px, px))
    return lines


def write(
    image: Image.Image,
    runs: tuple[Run, ...],
    *,
    left: float,
    middle: float,
    px: float,
    ground: int,
    opacity: float = 1.0,
    zoom: float = 1.0,
) -> None:
    """Write runs in one line, with a halo of the ground's colour; lengths are those before the zoom.

    Args:
        image: the picture; changed.
        runs: pieces of the line.
        left: pixels.
        middle: height of the middle of the line, pixels.
        px: font size.
        ground: 0xRRGGBB.
        opacity: of the text.
        zoom: pixels of the picture per pixel.
    """
    draw = ImageDraw.Draw(image)
    left, middle, px = round(left * zoom), middle * zoom, px * zoom
    halo = max(1, round(px / 7))
    for glow in (True, False):
        x = float(left)
        for run in runs:
            colour = rgb(ground) if glow else _mixed(ground, run.colour, opacity)
            for piece, path in _pieces(readable(run.text)):
                of = _font_of(path, px)
                if not glow or opacity > 0.4:
                    draw.text(
                        (x, middle),
                        piece,
                        fill=colour,
                        font=of,
                        anchor="lm",
                        stroke_width=halo if glow else 0,
                    )
                x += of.getlength(piece)


def rgb(colour: int) -> tuple[int, int, int]:
    """0xRRGGBB as three bytes."""
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def _mixed(ground: int, colour: int, opacity: float) -> tuple[int, int, int]:
    a, b = np.array(rgb(ground)), np.array(rgb(colour))
    r, g, c = (int(v) for v in np.rint(a + (b - a) * opacity))
    return r, g, c
