"""``matcube config``: defaults of the reader's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from matcube.cli import notes, settings
from matcube.cli.command import Command
from matcube.cli.setting import Setting
from matcube.errors import OptionError

Function = TypeVar("Function", bound=Callable[..., Any])


@click.group()
def config() -> None:
    """List, read and set defaults of your own: the theme, the size of pictures and more.

    An option goes before its variable (MATCUBE_THEME), and that before the file.

    \b
    Examples:
      matcube config list
      matcube config set theme light
      MATCUBE_THEME=auto matcube config get theme
    """


@config.command("list", cls=Command)
def list_() -> None:
    """Print every setting with its value, and where that comes from."""
    options = _options()
    stored = settings.read(options)
    width = max(map(len, options))
    for key, setting in options.items():
        value, source = _value(setting, stored)
        notes.show(f"{key:<{width}}  {'-' if value is None else value}  ({source})")


@config.command(cls=Command)
@click.argument("key")
def get(key: str) -> None:
    """Print the value of KEY."""
    options = _options()
    value, _ = _value(settings.find(key, options), settings.read(options))
    if value is None:
        raise OptionError(f"{key} is not set", hint=f"matcube config list; matcube config set {key} VALUE")
    notes.show(value)


@config.command("set", cls=Command)
@click.argument("key")
@click.argument("value")
def set_(key: str, value: str) -> None:
    """Set KEY to VALUE in the file."""
    setting = settings.find(key, _options())
    settings.write(key, settings.check(setting, value))
    notes.note(f"{settings.path()} has {key} = {value}")


@config.command(cls=Command)
@click.argument("key")
def unset(key: str) -> None:
    """Take KEY out of the file."""
    settings.write(key, None)


@config.command(cls=Command)
def path() -> None:
    """Print where the file is, or would be."""
    notes.show(settings.path())


def _options() -> dict[str, Setting]:
    root = click.get_current_context().find_root().command
    assert isinstance(root, click.Group)
    return settings.settings_of(root.commands)


def _value(setting: Setting, stored: dict[str, settings.Value]) -> tuple[object, str]:
    """The value that a command would see, and its source."""
    variable = str(setting.envvar)
    if os.environ.get(variable):
        return os.environ[variable], variable
    if setting.key in stored:
        value = stored[setting.key]
        return (str(value).lower() if isinstance(value, bool) else value), "file"
    default = setting.default if isinstance(setting.default, str | int | float) else None
    return (str(default).lower() if isinstance(default, bool) else default), "default"
