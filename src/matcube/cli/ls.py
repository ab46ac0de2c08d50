"""``matcube ls``: the arrays in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import as_json as json_option
from matcube.cli.options import talk
from matcube.cli.types import File
from matcube.errors.words import printable

if TYPE_CHECKING:
    from matcube.cli.data_files import Given
    from matcube.sources.files import Entry


@click.command("ls", cls=Command)
@click.argument("file", nargs=-1, required=True, type=File())
@json_option
@talk
def list_(file: tuple[str, ...], as_json: bool) -> None:
    """List the arrays that each FILE holds: name, shape, type, size, and how a program names each.

    FILE may be a folder, a quoted '*.csv', or npz:- for standard input. Values are not read, except the text
    of a table.

    \b
    Examples:
      matcube ls model.safetensors
      matcube ls *.npz --json
    """
    from matcube.cli.data_files import listed
    from matcube.sources.files import list_file

    given = listed(file)
    contents = [(each, list_file(each.path)) for each in given]
    if as_json:
        notes.json({"files": [_file_json(*each) for each in contents]})
        return
    for at, (each, entries) in enumerate(contents):
        if len(contents) > 1:
            click.echo(printable(f"{'' if at == 0 else chr(10)}{each.text}:"))
        _print(each, entries)


def _print(given: Given, entries: tuple[Entry, ...]) -> None:
    from matcube.cli.inputs import bound
    from matcube.wire.text import bytes_text

    if not entries:
        click.echo(printable(f"{given.path.name} holds no arrays"))
    width = max((len(entry.name) for entry in entries), default=0)
    for entry, note in zip(entries, bound(entries), strict=True):
        shape = " × ".join(map(str, entry.shape)) or "a single number"
        line = f"{entry.name:<{width}}  {shape:<16} {entry.dtype:<9} {bytes_text(entry.bytes):>9}  {note}"
        click.echo(printable(line.rstrip()))
        for remark in filter(None, [*entry.note.split("; "), entry.remedy]):
            click.echo(printable(f"  {remark}"))


def _file_json(given: Given, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """Contents of a file as plain data; docs/command.md names its keys."""
    from matcube.sources.files import is_numeric
    from matcube.sources.program import program_name

    arrays = [
        {"name": entry.name, "shape": list(entry.shape), "dtype": entry.dtype, "bytes": entry.bytes,
         "note": entry.note, "program_name": program_name(entry.name) if is_numeric(entry) else None}
        for entry in entries
    ]  # fmt: skip
    return {"file": given.text, "arrays": arrays}
