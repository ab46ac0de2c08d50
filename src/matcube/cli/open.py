"""``matcube open``: a link or a saved page, live."""

from __future__ import annotations

import click

from matcube.cli.command import Command
from matcube.cli.options import data as data_option
from matcube.cli.options import memory, serving, talk
from matcube.cli.serve import serve


@click.command("open", cls=Command)
@click.argument("link", metavar="LINK_OR_FILE")
@data_option
@memory
@serving
@talk
def open_(link: str, data: tuple[str, ...], open_browser: bool, port: int) -> None:
    """Open a link (#m1.…, or an address that ends in one) or a saved page, live.

    Links hold no arrays: give their files with --data. A saved page has its own.

    \b
    Examples:
      matcube open attention.html
      matcube open '#m1.bY7B...' --data head.npz
    """
    from matcube.api.opening import from_address
    from matcube.cli import data_files, inputs
    from matcube.cli.figures import computed

    figure = from_address(link, {}, files=inputs.data(data_files.listed(data)))
    serve(computed(figure), open_browser=open_browser, port=port)
