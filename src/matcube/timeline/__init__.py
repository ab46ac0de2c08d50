"""Time: which products are formed when. Letters only; no places and no values."""

from matcube.timeline.algorithms import ALGORITHMS, Algorithm
from matcube.timeline.film import film
from matcube.timeline.state import active_step, counts, digits, done
from matcube.timeline.types import Film, FilmOptions, Fuse, Letter, Need, Sweep

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "Film",
    "FilmOptions",
    "Fuse",
    "Letter",
    "Need",
    "Sweep",
    "active_step",
    "counts",
    "digits",
    "done",
    "film",
]
