"""Edits of a view: each takes a complete view and its engine, and gives another view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from matcube.api import animation, options
from matcube.engine import Engine
from matcube.engine.names import find
from matcube.wire import Selection, View

UNSELECTED: dict[str, Any] = {
    "selection": Selection(), "hidden": (), "faded": (), "isolated": None, "camera": None,
}  # fmt: skip


def laid_out(view: View, engine: Engine, scheme: str | None, changes: Mapping[str, object]) -> View:
    """The view in another layout; see ``Figure.layout``.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        scheme: name of the layout scheme; None leaves it unchanged.
        changes: other options of the layout by keyword.
    """
    named = {} if scheme is None else {"scheme": scheme}
    section = options.changed(view.layout, {**named, **changes}, what="layout")
    view = msgspec.structs.replace(view, layout=section)
    program = engine.program(view)
    for name in (*section.inside, *section.inside.values()) if "inside" in changes else ():
        find(program.graph, name)
    program.place(view)
    return view


def styled(view: View, changes: Mapping[str, object]) -> View:
    """The view with other looks; see ``Figure.style``."""
    return msgspec.structs.replace(view, style=options.changed(view.style, changes, what="style"))


def animated(
    view: View, engine: Engine, algorithm: str, each: Mapping[str, str] | None, changes: Mapping[str, object]
) -> View:
    """The view with a film; see ``Figure.animate``.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        algorithm: name of the algorithm of every contraction.
        each: algorithms of single contractions, by name.
        changes: options of the film by keyword.
    """
    film = animation.played(view.film, algorithm, each or {}, changes)
    view = msgspec.structs.replace(view, film=film)
    engine.program(view).film(view)
    return view


def single_head(view: View, engine: Engine, number: int | None) -> View:
    """The view of one head alone, or of all again; see ``Figure.head``.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        number: number of the head, from 0; None shows all heads.
    """
    layout = msgspec.structs.replace(view.layout, head=options.head_number(number), pull=())
    view = msgspec.structs.replace(view, layout=layout, **UNSELECTED)
    engine.program(view).place(view)
    return view
