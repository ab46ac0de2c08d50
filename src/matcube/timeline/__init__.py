"""Graph to film: sweeps of products in time. Reads letters and sizes, never places or values."""

from matcube.timeline.algorithms import ALGORITHMS, MAX_TILE, Algorithm, check_tiles, default_tile, loops_of
from matcube.timeline.film import FUSES, film
from matcube.timeline.online import streams_in
from matcube.timeline.types import Exchanged, FilmOptions, Fuse

__all__ = [
    "ALGORITHMS",
    "FUSES",
    "MAX_TILE",
    "Algorithm",
    "Exchanged",
    "FilmOptions",
    "Fuse",
    "check_tiles",
    "default_tile",
    "film",
    "loops_of",
    "streams_in",
]
