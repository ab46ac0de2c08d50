"""Text in a still: one font with mathematical signs, measured and drawn by Pillow."""

from __future__ import annotations

import functools
import importlib.resources
import io
import unicodedata
from bisect import bisect_right
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

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


def readable(text: str) -> str:
    r"""The text with signs for line ends and tabs, and code points for characters that the font lacks.

    Of several lacking characters in a row the first has its code point, the others an ellipsis.

    Example:
        >>> readable("Σ\n語")
        'Σ↵U+8A9E'
        >>> readable("日本語")
        'U+65E5…'
    """
    out = ""
    lacking = 0
    for character in unicodedata.normalize("NFC", text):
        sign = _sign(character)
        lacking = 0 if sign else lacking + 1
        out += sign or (f"U+{ord(character):04X}", ELLIPSIS, "")[min(lacking, 3) - 1]
    return out


def _sign(character: str) -> str:
    """The sign of a character in the font; empty if it lacks it."""
    shown = _SHOWN_AS.get(character, character)
    at = bisect_right(_STARTS, ord(shown)) - 1
    is_covered = at >= 0 and ord(shown) <= COVERED[at][1] and not 0x200B <= ord(shown) <= 0x200F
    return shown if is_covered else ""


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


def width_of(text: str, px: float) -> float:
    """The width of a text in one line, pixels."""
    return float(font(px).getlength(readable(text)))


def shortened(text: str, most_px: float, px: float) -> str:
    """A text, cut and with an ellipsis if it is too wide.

    Args:
        text: one line.
        most_px: the greatest width, pixels.
        px: font size.
    """
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
            text = readable(run.text)
            colour = rgb(ground) if glow else _mixed(ground, run.colour, opacity)
            if not glow or opacity > 0.4:
                draw.text(
                    (x, middle), text, fill=colour, font=font(px), anchor="lm",
                    stroke_width=halo if glow else 0,
                )  # fmt: skip
            x += font(px).getlength(text)


def rgb(colour: int) -> tuple[int, int, int]:
    """0xRRGGBB as three bytes."""
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def _mixed(ground: int, colour: int, opacity: float) -> tuple[int, int, int]:
    a, b = np.array(rgb(ground)), np.array(rgb(colour))
    r, g, c = (int(v) for v in np.rint(a + (b - a) * opacity))
    return r, g, c
