"""``matcube open``: a link or a saved page, live."""

from __future__ import annotations

import click

from matcube.cli.options import serving
from matcube.cli.serve import serve


@click.command("open")
@click.argument("link", metavar="LINK_OR_FILE")
@click.option(
    "--data", multiple=True, metavar="FILE", help="The arrays that the link names. May be repeated."
)
@serving
def open_(link: str, data: tuple[str, ...], no_open: bool, port: int) -> None:
    """Open a link (#m1.…, or an address that ends in one) or a saved page, live.

    Arrays do not travel in links: bring their files with --data. A saved page carries its own.
    """
    from matcube.api.opening import from_address
    from matcube.cli import inputs
    from matcube.cli.figures import computed

    figure = from_address(link, {}, files=inputs.data(data))
    serve(computed(figure), no_open=no_open, port=port)
