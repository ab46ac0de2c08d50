"""``matcube show``: a figure in the browser."""

from __future__ import annotations

from typing import Any

import click

from matcube.cli.options import inputs, looks, serving
from matcube.cli.serve import serve


@click.command()
@inputs
@looks
@serving
def show(program: str, no_open: bool, port: int, **options: Any) -> None:
    """Open PROGRAM as a figure in the browser.

    The page is served to this machine alone; Ctrl-C ends it. The program can be edited in the page.

    \b
    Examples:
      matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'
      matcube show 'softmax(tril(Q @ K.T / sqrt(d))) @ V' --data head.npz --let d=16
      matcube show --let 'A=eye(4,4)' --let 'B=ones(4,2)' -- '-A @ B'
    """
    from matcube.cli.figures import figure_of

    serve(figure_of(program, **options), no_open=no_open, port=port)
