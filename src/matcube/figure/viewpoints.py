"""Named viewpoints: places to look from, kept in the view, that the page steps through as a tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from matcube.errors import OptionError
from matcube.figure import camera
from matcube.wire import MAX_VIEWPOINTS, View, Viewpoint

if TYPE_CHECKING:
    from matcube.figure.compute import Program
    from matcube.figure.picture import Figure

MAX_NAME = 200


class Toured:
    """What a figure does with viewpoints."""

    state: View
    if TYPE_CHECKING:

        @property
        def program(self) -> Program:
            """The graph and its values."""

        def with_state(self, state: View) -> Figure:
            """The figure of another view over the same arrays."""

    def viewpoint(self, name: str) -> Figure:
        """A figure that keeps camera and selection under a name: a stop of the tour in the page (`,` `.`).

        Args:
            name: what the page calls it; one of that name is replaced.

        Raises:
            OptionError: the name is empty or too long, or there are too many viewpoints for a link.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("C = A @ B", A="eye(4, 4)", B="eye(4, 4)").viewpoint("all")
            >>> fig = fig.view(yaw=0, pitch=0, target="C", select="C").viewpoint("C, from the front")
            >>> [one.name for one in fig.state.viewpoints]
            ['all', 'C, from the front']
        """
        if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
            raise OptionError(f"a viewpoint cannot be called {name!r}", hint='fig.viewpoint("the scores")')
        now = Viewpoint(name.strip(), camera.present(self.state, self.program), self.state.selection)
        found = list(self.state.viewpoints)
        at = next((at for at, one in enumerate(found) if one.name == now.name), len(found))
        if at == MAX_VIEWPOINTS:
            raise OptionError(f"there are {at} viewpoints already", hint="no more fit into a link")
        found[at : at + 1] = [now]
        return self.with_state(msgspec.structs.replace(self.state, viewpoints=found))
