"""A film as it travels."""

from __future__ import annotations

from collections.abc import Mapping

from matcube import timeline
from matcube.scene import motion


def film_on_the_wire(film: timeline.Film, states: Mapping[int, motion.States]) -> motion.Film:
    """Its sweeps, with the running states of those that stream."""
    own = ("loops", "limit", "states")
    names = [name for name in motion.Sweep.__struct_fields__ if name not in own]
    return motion.Film(
        duration=film.duration,
        sweeps=[
            motion.Sweep(
                loops=[motion.Loop(loop.letter, loop.size) for loop in one.loops],
                limit=None if one.limit is None else motion.Limit(one.limit.a, one.limit.b, one.limit.offset),
                states=states.get(one.node),
                **{name: getattr(one, name) for name in names},
            )
            for one in film.sweeps
        ],
        needs=[motion.Need(one.node, one.sweep, one.row, one.col) for one in film.needs],
    )
