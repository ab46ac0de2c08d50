"""``matcube show``: a figure in the browser."""

from __future__ import annotations

from typing import Any

import click

from matcube.cli.command import Command
from matcube.cli.options import inputs, looks, serving, talk
from matcube.cli.serve import serve


@click.command(cls=Command)
@inputs
@looks
@serving
@talk
def show(program: str, open_browser: bool, port: int, **options: Any) -> None:
    """Open PROGRAM as a figure in the browser.

    The page is served to this machine alone; Enter prints a fresh address, Ctrl-C ends it.
    The program can be edited in the page. PROGRAM is text, or @FILE for the text in a file.

    \b
    Examples:
      matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'
      matcube show 'softmax(tril(Q @ K.T / sqrt(d))) @ V' --data head.npz --let d=16
      matcube show --let 'A=eye(4,4)' --let 'B=ones(4,2)' -- '-A @ B'
    """
    from matcube.cli.figures import figure_of

    serve(figure_of(program, **options), open_browser=open_browser, port=port)
