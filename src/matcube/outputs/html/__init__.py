"""A self-contained page: the viewer, the scene and its still in one file that makes no request."""

from matcube.outputs.html.page import page
from matcube.outputs.html.read import scene_in

__all__ = ["page", "scene_in"]
