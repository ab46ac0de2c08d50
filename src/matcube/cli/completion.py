"""``matcube completion``: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

import click

from matcube.cli.command import Command


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes matcube in SHELL.

    \b
    Examples:
      matcube completion bash > ~/.local/share/bash-completion/completions/matcube
      matcube completion zsh > ~/.zfunc/_matcube
      matcube completion fish > ~/.config/fish/completions/matcube.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(click.Group(), {}, "matcube", "_MATCUBE_COMPLETE").source())
