"""``matcube ls``: the arrays in a file."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("ls")
@click.argument("file")
def list_(file: str) -> None:
    """List the arrays that FILE holds: name, shape, type, size, and how a program names each.

    Its values are not read.
    """
    from matcube.cli.inputs import bound
    from matcube.sources.files import list_file
    from matcube.wire.text import bytes_text

    entries = list_file(file)
    if not entries:
        click.echo(f"{Path(file).name} holds no arrays")
    width = max((len(entry.name) for entry in entries), default=0)
    for entry, note in zip(entries, bound(entries), strict=True):
        shape = " × ".join(map(str, entry.shape)) or "a single number"
        line = f"{entry.name:<{width}}  {shape:<16} {entry.dtype:<9} {bytes_text(entry.bytes):>9}  {note}"
        click.echo(line.rstrip())
