"""Stills: a scene as a picture, drawn with NumPy and Pillow alone."""

from __future__ import annotations

from matcube.outputs.still.playing import Kept
from matcube.outputs.still.render import png, render

__all__ = ["Kept", "png", "render"]
