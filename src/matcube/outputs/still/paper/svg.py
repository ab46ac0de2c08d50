"""A drawing as SVG: text as text, with the font embedded; everything from the program is escaped."""

from __future__ import annotations

import base64
import math
from xml.sax.saxutils import escape, quoteattr

from matcube.outputs.still.paper.drawing import hexadecimal, texts_of
from matcube.outputs.still.paper.fonts import FAMILY, subset
from matcube.outputs.still.paper.items import Disc, Drawing, Item, Line, Picture, Polygon, Strokes, Words

ROUND = 0.02  # an ellipse less flat than this is a circle


def svg(drawing: Drawing, *, width_mm: float | None = None, title: str = "") -> str:
    """The text of an SVG file.

    Args:
        drawing: what is drawn.
        width_mm: width on paper; None writes pixels.
        title: of the document.
    """
    wide = f"{drawing.width}" if width_mm is None else f"{_short(width_mm)}mm"
    tall = drawing.height if width_mm is None else width_mm * drawing.height / drawing.width
    high = f"{_short(tall)}{'' if width_mm is None else 'mm'}"
    font = base64.b64encode(subset(texts_of(drawing.items))).decode()
    style = (
        f"@font-face{{font-family:'{FAMILY}';src:url(data:font/ttf;base64,{font})}}text{{white-space:pre}}"
    )
    family = quoteattr(f"{FAMILY}, DejaVu Sans, sans-serif")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}" font-family={family}>',
        f"<title>{_text(title)}</title>",
        f"<style>{style}</style>",
        *(_item(item, drawing) for item in drawing.items),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _item(item: Item, drawing: Drawing) -> str:
    match item:
        case Line(start, end, width, colour, opacity):
            places = (
                f'x1="{_short(start[0])}" y1="{_short(start[1])}" x2="{_short(end[0])}" y2="{_short(end[1])}"'
            )
            line = f'stroke="{hexadecimal(colour)}" stroke-width="{_short(width)}"{_share("stroke", opacity)}'
            return f"<line {places} {line}/>"
        case Polygon(points, colour, opacity, width):
            listed = " ".join(f"{_short(x)},{_short(y)}" for x, y in points)
            kind = "stroke" if width else "fill"
            line = f' fill="none" stroke-width="{_short(width)}" stroke-linejoin="round"' if width else ""
            return f'<polygon points="{listed}" {kind}="{hexadecimal(colour)}"{line}{_share(kind, opacity)}/>'
        case Disc((x, y), (long, short), turn, colour, opacity):
            place = f'cx="{_short(x)}" cy="{_short(y)}"'
            fill = f'fill="{hexadecimal(colour)}"{_share("fill", opacity)}'
            if long - short < ROUND * long:
                return f'<circle {place} r="{_short(long)}" {fill}/>'
            rotated = f'transform="rotate({_short(math.degrees(turn))} {_short(x)} {_short(y)})"'
            return f'<ellipse {place} rx="{_short(long)}" ry="{_short(short)}" {rotated} {fill}/>'
        case Strokes(lines, width, colour, opacity):
            path = "".join(
                "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in line) for line in lines if line
            )
            line = f'stroke-width="{_short(width)}" stroke-linecap="round" stroke-linejoin="round"'
            stroke = f'stroke="{hexadecimal(colour)}"{_share("stroke", opacity)}'
            return f'<path d="{path}" fill="none" {stroke} {line}/>'
        case Words(left, baseline, text, px, colour, opacity, right, down):
            place = f'x="{_short(left)}" y="{_short(baseline)}" font-size="{_short(px)}"'
            if (right, down) != ((1.0, 0.0), (0.0, 1.0)):
                steps = " ".join(f"{step:.5f}" for step in (*right, *down))
                at = f"{_short(left)} {_short(baseline)}"
                place = f'transform="matrix({steps} {at})" font-size="{_short(px)}"'
            return f'<text {place} fill="{hexadecimal(colour)}"{_share("fill", opacity)}>{_text(text)}</text>'
        case Picture(png, box):
            data = base64.b64encode(png).decode()
            x, y, wide, high = box or (0.0, 0.0, drawing.width, drawing.height)
            at = "" if box is None else f'x="{_short(x)}" y="{_short(y)}" '
            at += f'width="{_short(wide)}" height="{_short(high)}"'
            return f'<image {at} href="data:image/png;base64,{data}"/>'


def _share(kind: str, opacity: float) -> str:
    return "" if opacity >= 1 else f' {kind}-opacity="{_short(opacity)}"'


def _short(number: float) -> str:
    """A number with at most two places."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """Text of a document: markup escaped, characters that XML forbids left out."""
    return escape("".join(c for c in text if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) < 0xFFFE))
