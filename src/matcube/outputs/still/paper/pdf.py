"""A drawing as PDF, by fpdf2: text as text, with the used glyphs of the font embedded."""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from matcube.errors import DataError
from matcube.outputs.still.paper.items import Disc, Drawing, Item, Line, Picture, Polygon, Strokes, Words
from matcube.outputs.still.text import font_path, readable

if TYPE_CHECKING:
    from fpdf import FPDF

PT_PER_MM, PT_PER_PX = 72 / 25.4, 0.75
_FAMILY = "sans"
_CIRCLE = [(math.cos(n * math.pi / 16), math.sin(n * math.pi / 16)) for n in range(32)]


def check_pdf() -> None:
    """Refuse PDF where ``fpdf2`` is not installed.

    Raises:
        DataError: with the line that installs it.
    """
    try:
        import fpdf  # noqa: F401
    except ImportError:
        raise DataError(
            "a PDF needs the package fpdf2", hint="pip install 'matcube[paper]', or save .svg or .png"
        ) from None


def pdf(drawing: Drawing, *, width_mm: float | None = None, title: str = "") -> bytes:
    """The bytes of a PDF file of one page, without a date.

    Args:
        drawing: what is drawn.
        width_mm: width of the page; None takes 96 pixels for an inch.
        title: of the document.

    Raises:
        DataError: ``fpdf2`` is not installed.
    """
    check_pdf()
    from fpdf import FPDF

    unit = PT_PER_PX if width_mm is None else width_mm * PT_PER_MM / drawing.width
    page = FPDF(unit="pt", format=(drawing.width * unit, drawing.height * unit))
    page.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    page.set_margin(0)
    page.set_auto_page_break(False)
    page.add_page()
    page.set_title(title)
    page.set_producer("matcube")
    with font_path() as path:
        page.add_font(_FAMILY, fname=str(path))
        for item in drawing.items:
            _draw(page, item, unit)
        return bytes(page.output())


def _draw(page: FPDF, item: Item, unit: float) -> None:
    match item:
        case Picture(png, box):
            x, y, wide, high = (side * unit for side in box or (0, 0, page.w / unit, page.h / unit))
            page.image(io.BytesIO(png), x=x, y=y, w=wide, h=high)
            return
        case Words():
            _write(page, item, unit)
            return
    if item.opacity < 1:
        with page.local_context(fill_opacity=item.opacity, stroke_opacity=item.opacity):
            _shape(page, item, unit)
    else:
        _shape(page, item, unit)


def _write(page: FPDF, words: Words, unit: float) -> None:
    """A line of text; on a plane with the map of its plane."""
    from fpdf.drawing_primitives import Transform

    page.set_font(_FAMILY, size=words.px * unit)
    page.set_text_color(*_rgb(words.colour))
    text = readable(words.text, package_only=True)  # its one font
    x, y = words.left * unit, words.baseline * unit
    (a, b), (c, d) = words.right, words.down
    if (a, b, c, d) == (1.0, 0.0, 0.0, 1.0):
        page.text(x, y, text)
        return
    with page.transform(Transform(a, b, c, d, x - a * x - c * y, y - b * x - d * y)):
        page.text(x, y, text)


def _shape(page: FPDF, item: Line | Polygon | Disc | Strokes, unit: float) -> None:
    page.set_draw_color(*_rgb(item.colour))
    page.set_fill_color(*_rgb(item.colour))
    match item:
        case Line(start, end, width):
            page.set_line_width(width * unit)
            page.line(start[0] * unit, start[1] * unit, end[0] * unit, end[1] * unit)
        case Polygon(points, _, _, width):
            page.set_line_width(width * unit)
            page.polygon([(x * unit, y * unit) for x, y in points], style="D" if width else "F")
        case Disc((x, y), (long, short), turn):
            across, up = math.cos(turn), math.sin(turn)
            around = [
                (
                    (x + long * c * across - short * s * up) * unit,
                    (y + long * c * up + short * s * across) * unit,
                )
                for c, s in _CIRCLE
            ]
            page.polygon(around, style="F")
        case Strokes(lines, width):
            page.set_line_width(width * unit)
            with page.local_context(stroke_cap_style="round", stroke_join_style="round"):
                for line in lines:
                    page.polyline([(x * unit, y * unit) for x, y in line])


def _rgb(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255
