"""A film as it travels."""

from __future__ import annotations

from collections.abc import Mapping

from matcube import timeline, wire


def film_on_the_wire(film: timeline.Film, states: Mapping[int, wire.States]) -> wire.Film:
    """Its sweeps, with the running states of those that stream."""
    own = ("loops", "limit", "states")
    names = [name for name in wire.Sweep.__struct_fields__ if name not in own]
    return wire.Film(
        duration=film.duration,
        sweeps=[
            wire.Sweep(
                loops=[wire.Loop(loop.letter, loop.size) for loop in one.loops],
                limit=None if one.limit is None else wire.Limit(one.limit.a, one.limit.b, one.limit.offset),
                states=states.get(one.node),
                **{name: getattr(one, name) for name in names},
            )
            for one in film.sweeps
        ],
        needs=[wire.Need(one.node, one.sweep, one.row, one.col) for one in film.needs],
    )
