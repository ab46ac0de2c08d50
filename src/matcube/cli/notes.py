"""Notes and warnings beside the results of a command, on stderr."""

from __future__ import annotations

import math
import os
import sys
from typing import Any

import click

from matcube.errors.words import printable

_QUIET, _VERBOSE = "matcube.quiet", "matcube.verbose"


def is_quiet() -> bool:
    """Whether ``-q`` was given."""
    return bool(_meta().get(_QUIET))


def is_verbose() -> bool:
    """Whether ``-v`` was given."""
    return bool(_meta().get(_VERBOSE))


def note(text: str) -> None:
    """Something the reader may want to know; ``-q`` leaves it out."""
    if not is_quiet():
        click.echo(printable(f"note: {text}"), err=True)


def detail(text: str) -> None:
    """Something that only ``-v`` says."""
    if is_verbose():
        click.echo(printable(text), err=True)


def warn(text: str) -> None:
    """Something that will stop working; ``-q`` leaves it out."""
    if not is_quiet():
        click.echo(printable(f"warning: {text}"), err=True)


def result(text: str, *, err: bool = False) -> None:
    """Report a finished step in a line on stdout; ``-q`` omits it."""
    if not is_quiet():
        click.echo(printable(text), err=err)


def show(text: object) -> None:
    """The result of a command, on stdout."""
    click.echo(printable(str(text)))


def json(value: object) -> None:
    """A result for other programs, on stdout; no character in it moves a cursor."""
    from json import dumps

    text = dumps(value, ensure_ascii=False, indent=2)
    click.echo("".join(c if c == "\n" or printable(c) == c else f"\\u{ord(c):04x}" for c in text))


def finite(value: float) -> float | str:
    """A number of JSON, which has no NaN and no infinities: those are texts, "nan", "inf", "-inf"."""
    return value if math.isfinite(value) else str(value)


def heading(kind: str) -> str:
    """The name of an error; red on a terminal that has colours.

    ``NO_COLOR`` and ``TERM=dumb`` leave the colour out. Source: https://no-color.org.
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    return kind if plain else click.style(kind, fg="red", bold=True)


def set_quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """The callback of ``--quiet``."""
    ctx.meta[_QUIET] = value


def set_verbose(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """The callback of ``--verbose``."""
    ctx.meta[_VERBOSE] = value


def _meta() -> dict[str, Any]:
    ctx = click.get_current_context(silent=True)
    return {} if ctx is None else ctx.meta
