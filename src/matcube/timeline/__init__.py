"""Time: which products are formed when. Letters only; no places and no values."""

from matcube.timeline.algorithms import ALGORITHMS, MAX_TILE, Algorithm, check_tiles, default_tile, loops_of
from matcube.timeline.film import FUSES, film
from matcube.timeline.types import Attention, Film, FilmOptions, Fuse, Letter, Limit, Loop, Need, Sweep

__all__ = [
    "ALGORITHMS",
    "FUSES",
    "MAX_TILE",
    "Algorithm",
    "Attention",
    "Film",
    "FilmOptions",
    "Fuse",
    "Letter",
    "Limit",
    "Loop",
    "Need",
    "Sweep",
    "check_tiles",
    "default_tile",
    "film",
    "loops_of",
]
