"""The scene of a view: everything that a picture needs, as structs and buffers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from matcube.cost import count
from matcube.engine.engine import Engine
from matcube.engine.heads import drawn_costs, drawn_devices
from matcube.engine.program import Program
from matcube.engine.streaming import streams_of, with_columns
from matcube.layout import SCHEMES
from matcube.scene.join import join
from matcube.values import Progress
from matcube.wire import Layout, Scale, View
from matcube.wire.container import Scene

LayoutChoice = tuple[str, Literal["closed", "open"]]


def scene_of(
    view: View,
    engine: Engine,
    *,
    layouts: Sequence[LayoutChoice] = (),
    scales: Mapping[int, Mapping[str, Scale]] | None = None,
    progress: Progress | None = None,
) -> Scene:
    """The scene of a view.

    Args:
        view: one that the engine has completed.
        engine: the arrays, and what was computed of them.
        layouts: further layouts to carry, as pairs of scheme and ``"open"`` or ``"closed"`` sheets.
        scales: by drawn node, in place of the matrices' own.
        progress: called after every matrix with how many are ready, how many there are, and its name.
    """
    program = engine.program(view)
    film = program.film(view)
    streams = streams_of(program, film)
    return join(
        program.drawn.graph,
        program.parts,
        program.facts,
        [with_columns(layout, streams) for layout in layouts_of(program, view, layouts)],
        view=view,
        costs=drawn_costs(program.drawn, count(program.graph)),
        film=film,
        streams=streams,
        devices=drawn_devices(program.drawn, program.devices(view.partition)),
        title=title_of(view),
        cache=program.buffers,
        scales=scales,
        progress=prefixed(progress, "preparing "),
    )


def title_of(view: View) -> str:
    """The program of a view in one line."""
    return " ".join(view.program.replace("\n", "; ").split())


def layouts_of(program: Program, shown: View, more: Sequence[LayoutChoice]) -> list[Layout]:
    """The shown layout, and further ones of other schemes and sheets.

    Args:
        program: the computed program.
        shown: the view whose layout is shown first.
        more: further pairs of a scheme and ``"open"`` or ``"closed"`` sheets.
    """
    choices = dict.fromkeys([(shown.layout.scheme, shown.layout.sheets), *more])
    layouts = [replace(shown.layout, scheme=scheme, sheets=sheets) for scheme, sheets in choices]
    return [program.place(replace(shown, layout=layout)) for layout in layouts]


def all_layouts(view: View) -> list[LayoutChoice]:
    """Every scheme that a page offers, with closed and with open sheets."""
    schemes = [name for name in SCHEMES if name != "custom" or view.layout.custom]
    return [(name, "closed") for name in schemes] + [(name, "open") for name in schemes]


def prefixed(progress: Progress | None, what: str) -> Progress | None:
    """A progress callback whose step names start with a prefix."""
    return None if progress is None else lambda done, total, name: progress(done, total, what + name)
