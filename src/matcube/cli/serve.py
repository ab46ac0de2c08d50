"""Serving a figure from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcube.cli import notes
from matcube.cli.progress import ProgressLine

if TYPE_CHECKING:
    from matcube.api.figure import Figure


def serve(
    figure: Figure, *, open_browser: bool, port: int, meanwhile: Callable[[], None] | None = None
) -> None:
    """Serve a figure until Ctrl-C.

    Args:
        figure: the figure; one without ``meanwhile`` is computed first, so that errors are in the terminal.
        open_browser: whether to open a browser at its address.
        port: the port; 0 takes a free one.
        meanwhile: work for the time after the address was printed.
    """
    from matcube.outputs import server

    if meanwhile is None:
        with ProgressLine() as progress:
            figure.scene(progress=progress)  # its averages of large matrices are cached for the page
    session = figure.session()
    server.serve(session, port=port, open_browser=open_browser, meanwhile=meanwhile, say=notes.show)
