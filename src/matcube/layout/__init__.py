"""Graph to ``wire.Layout``: positions of faces and boxes. Sees shapes, never values."""

from matcube.layout.bounds import bounds, box_corners, face_corners
from matcube.layout.columns import with_columns
from matcube.layout.place import place
from matcube.layout.schemes import SCHEMES, Scheme
from matcube.layout.types import Arrangement, LayoutOptions

__all__ = [
    "SCHEMES",
    "Arrangement",
    "LayoutOptions",
    "Scheme",
    "bounds",
    "box_corners",
    "face_corners",
    "place",
    "with_columns",
]
