"""Stills: a scene as a picture, drawn with NumPy and Pillow alone."""

from __future__ import annotations

from matcube.outputs.still.render import Sheets, png, render

__all__ = ["Sheets", "png", "render"]
