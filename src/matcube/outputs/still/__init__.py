"""Stills: a scene as a picture, drawn with NumPy and Pillow alone."""

from __future__ import annotations

from matcube.outputs.still.frame_cache import FrameCache
from matcube.outputs.still.render import png, render

__all__ = ["FrameCache", "png", "render"]
