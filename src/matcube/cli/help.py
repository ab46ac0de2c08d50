"""``matcube help``: the help of a command, and the manual of all."""

from __future__ import annotations

import click

from matcube.cli.command import Command


@click.command("help", cls=Command)
@click.argument("command", required=False)
@click.option("--man", is_flag=True, help="Print the manual page of all commands, for man.")
def help_(command: str | None, man: bool) -> None:
    """Print the help of COMMAND, or of matcube.

    \b
    Examples:
      matcube help save
      matcube help --man > ~/.local/share/man/man1/matcube.1
    """
    root = click.get_current_context().find_root()
    group = root.command
    assert isinstance(group, click.Group)
    if man:
        from matcube.cli.manual import manual

        click.echo(manual(group, version=str(root.obj)), nl=False)
    elif command is None:
        click.echo(root.get_help())
    else:
        _, child, _ = group.resolve_command(root, [command])
        assert child is not None
        click.echo(child.get_help(click.Context(child, parent=root, info_name=command)))
