"""Serving a figure from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from matcube.cli.progress import ProgressLine

if TYPE_CHECKING:
    from matcube.api.figure import Figure


def serve(figure: Figure, *, open_browser: bool, port: int) -> None:
    """Serve a figure until Ctrl-C.

    Args:
        figure: the figure.
        open_browser: whether to open a browser at its address.
        port: the port; 0 takes a free one.
    """
    from matcube.outputs import server

    with ProgressLine() as progress:
        figure.scene(progress=progress)  # its averages of large matrices are cached for the page
    server.serve(figure.session(), port=port, open_browser=open_browser, say=click.echo)
