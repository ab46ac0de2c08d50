"""The manual page, out of the commands themselves, in the language of man(7)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

_ENDINGS = (
    ("0", "It is done."),
    ("1", "The program or the data cannot be used."),
    ("2", "The command, an option or a setting is wrong."),
    ("130", "Ctrl-C."),
)


def manual(group: click.Group, *, version: str) -> str:
    """The manual page of a group of commands.

    Args:
        group: with its commands; groups among them are described with their own commands.
        version: of the package.

    Returns:
        Text for ``man``: ``matcube help --man | man -l -``.
    """
    about, *more = _paragraphs(group)
    lines = [
        f'.TH MATCUBE 1 "" "matcube {version}" "matcube"',
        ".SH NAME",
        f"matcube \\- {_plain(about)}",
    ]
    lines += [".SH SYNOPSIS", ".B matcube", ".I COMMAND", "[OPTIONS] [ARGUMENTS]", ".SH DESCRIPTION"]
    lines += [line for text in more for line in _paragraph(text)]
    lines.append(".SH COMMANDS")
    for command, ctx in _commands(group, click.Context(group, info_name="matcube")):
        lines += _command(command, ctx)
    lines += [".SH EXIT STATUS", *(line for code, text in _ENDINGS for line in (".TP", code, _plain(text)))]
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        r"MATCUBE_\fINAME\fR",
        "A default for the option --name: see matcube config.",
    ]
    lines += [".TP", "NO_COLOR", "No colours on the terminal."]
    return "\n".join(lines) + "\n"


def _commands(group: click.Group, ctx: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    for name, command in group.commands.items():
        own = click.Context(command, parent=ctx, info_name=name)
        yield command, own
        if isinstance(command, click.Group):
            yield from _commands(command, own)


def _command(command: click.Command, ctx: click.Context) -> list[str]:
    usage = " ".join(command.collect_usage_pieces(ctx))
    lines = [f".SS {_plain(f'{ctx.command_path} {usage}')}"]
    lines += [line for text in _paragraphs(command) for line in _paragraph(text)]
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None and "--help" not in param.opts:
            lines += [".TP", rf"\fB{_plain(record[0])}\fR", _plain(record[1])]
    return lines


def _paragraphs(command: click.Command) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _paragraph(text: str) -> list[str]:
    """A paragraph; one that begins with \\b keeps its lines."""
    if not text.startswith("\b"):
        return [".PP", _plain(" ".join(text.split()))]
    return [".PP", ".nf", *map(_plain, text.splitlines()[1:]), ".fi"]


def _plain(text: str) -> str:
    """Text in ASCII in which nothing is a command of the formatter."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    escaped = "".join(char if char.isascii() else rf"\[u{ord(char):04X}]" for char in escaped)
    return rf"\&{escaped}" if escaped[:1] in (".", "'") else escaped
