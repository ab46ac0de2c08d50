"""Graph to placements: where each face and box lies. Sees shapes, never values."""

from matcube.layout.columns import with_columns
from matcube.layout.extent import bounds, box_corners, face_corners
from matcube.layout.place import place
from matcube.layout.schemes import SCHEMES, Scheme
from matcube.layout.types import Arrangement, Box, Face, LayoutOptions, Link, Placement, Split, Vec, extent

__all__ = [
    "SCHEMES",
    "Arrangement",
    "Box",
    "Face",
    "LayoutOptions",
    "Link",
    "Placement",
    "Scheme",
    "Split",
    "Vec",
    "bounds",
    "box_corners",
    "extent",
    "face_corners",
    "place",
    "with_columns",
]
