"""The font of a drawing: the shipped one, cut down to the drawing's characters where ``fonttools`` is."""

from __future__ import annotations

import io

from matcube.outputs.still.text import font_bytes

FAMILY = "matcube sans"


def subset(characters: str) -> bytes:
    """A TrueType font with the given characters; all of the shipped ones without ``fonttools``.

    Args:
        characters: those of the drawing.
    """
    try:
        from fontTools import subset as tools
        from fontTools.ttLib import TTFont
    except ImportError:
        return font_bytes()
    options = tools.Options(notdef_outline=True, glyph_names=False, hinting=False, recalc_timestamp=False)
    face = TTFont(io.BytesIO(font_bytes()), recalcTimestamp=False)
    chosen = tools.Subsetter(options)
    chosen.populate(text=characters or " ")
    chosen.subset(face)
    out = io.BytesIO()
    face.save(out)
    return out.getvalue()
