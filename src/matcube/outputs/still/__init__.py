"""Stills: a scene as a picture, drawn with NumPy and Pillow alone."""

from __future__ import annotations

from matcube.outputs.still.frame_cache import FrameCache
from matcube.outputs.still.render import png, render
from matcube.outputs.still.side_by_side import sheet, sheet_drawing

__all__ = ["FrameCache", "png", "render", "sheet", "sheet_drawing"]
