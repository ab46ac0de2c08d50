"""Time: which products are formed when. Letters only; no places and no values."""

from matcube.timeline.algorithms import ALGORITHMS, MAX_TILE, Algorithm, check_tiles, default_tile, loops_of
from matcube.timeline.film import FUSES, film
from matcube.timeline.loads import Loads, loads
from matcube.timeline.state import (
    Region,
    active_step,
    complete,
    counts,
    counts_in,
    covered,
    done,
    in_blocks,
    never,
    part_count,
    reached,
    regions,
    step_count,
)
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
    "Loads",
    "Loop",
    "Need",
    "Region",
    "Sweep",
    "active_step",
    "check_tiles",
    "complete",
    "counts",
    "counts_in",
    "covered",
    "default_tile",
    "done",
    "film",
    "in_blocks",
    "loads",
    "loops_of",
    "never",
    "part_count",
    "reached",
    "regions",
    "step_count",
]
