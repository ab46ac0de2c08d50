"""Named viewpoints: places to look from, stored in the view, that the page steps through as a tour."""

from __future__ import annotations

import msgspec

from matcube.api import camera
from matcube.engine import Program
from matcube.errors import OptionError
from matcube.wire import MAX_VIEWPOINTS, View, Viewpoint

MAX_NAME = 200


def with_viewpoint(view: View, name: str, program: Program) -> View:
    """The view with its camera and selection stored under a name; one of that name is replaced.

    Args:
        view: state of the figure.
        name: name of the viewpoint.
        program: the program of the view.

    Raises:
        OptionError: the name is empty or too long, or there are too many viewpoints for a link.
    """
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        raise OptionError(f"a viewpoint cannot be called {name!r}", hint='fig.stop("the scores")')
    now = Viewpoint(name.strip(), camera.present(view, program), view.selection)
    stops = list(view.viewpoints)
    at = next((at for at, stop in enumerate(stops) if stop.name == now.name), len(stops))
    if at == MAX_VIEWPOINTS:
        raise OptionError(f"there are {at} viewpoints already", hint="no more fit into a link")
    stops[at : at + 1] = [now]
    return msgspec.structs.replace(view, viewpoints=tuple(stops))
