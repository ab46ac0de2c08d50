"""A self-contained page: the viewer, the scene and its still in one file that makes no request."""

from matcube.outputs.html.page import comparison_blocks, comparison_page, page
from matcube.outputs.html.read import scene_in

__all__ = ["comparison_blocks", "comparison_page", "page", "scene_in"]
