"""Defaults of the reader's own: the environment, and a file of settings.

An option of the command line goes before its variable, ``MATCUBE_THEME``, and that before ``theme`` in the
file.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from matcube.cli.setting import Setting
from matcube.errors import DataError, OptionError, unknown
from matcube.errors.words import quoted

Value = str | int | float | bool


def path() -> Path:
    """The file of settings: ``matcube/config.toml`` in the folder of settings.

    Source: XDG Base Directory Specification.
    """
    base = os.environ.get("XDG_CONFIG_HOME") or (
        os.environ.get("APPDATA") if sys.platform == "win32" else None
    )
    return (Path(base) if base else Path.home() / ".config") / "matcube" / "config.toml"


def settings_of(commands: Mapping[str, click.Command]) -> dict[str, Setting]:
    """The options of commands that the reader can have a default for, by their keys."""
    params = [param for command in commands.values() for param in command.params]
    by_key = {param.key: param for param in params if isinstance(param, Setting)}
    return {key: by_key[key] for key in sorted(by_key)}


def defaults(command: click.Command, commands: Mapping[str, click.Command]) -> dict[str, Any]:
    """The defaults of one command that the file has, by the names of its parameters.

    Raises:
        OptionError: the file does not read, or sets an unknown key; the line is named.
    """
    values = read(settings_of(commands))
    own = settings_of({"": command})
    return {str(own[key].name): value for key, value in values.items() if key in own}


def read(options: Mapping[str, Setting]) -> dict[str, Value]:
    """The settings of the file, each value checked.

    Raises:
        OptionError: the file does not read, or sets an unknown key; the line is named.
    """
    import tomllib

    file = path()
    text = _text(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+)|end of document).*\)", str(error))
        line = place[1] if place and place[1] else text.count("\n") + 1
        reason = str(error)[: place.start()] if place else str(error)
        hint = f"mend it, or remove the file: rm {quoted(file)}"
        raise OptionError(f"{file}, line {line}: {reason}", hint=hint) from None
    for key, value in values.items():
        where = f"{file}, line {_line(text, key)}"
        try:
            setting = find(key, options)
            check(setting, value)
        except OptionError as error:
            remedy = f"matcube config unset {quoted(key)}"
            raise OptionError(
                f"{where}: {error.message}", hint=f"{error.hint or ''}; {remedy}".lstrip("; ")
            ) from None
    return values


def find(key: str, options: Mapping[str, Setting]) -> Setting:
    """A setting by its key.

    Raises:
        OptionError: there is none; similar names are suggested.
    """
    if key not in options:
        raise unknown(key, options, what="setting")
    return options[key]


def check(setting: Setting, value: object) -> Value:
    """A value as the file holds it.

    Raises:
        OptionError: the option does not take it.
    """
    if isinstance(value, bool) and not setting.is_flag:
        raise OptionError(f"{setting.key} = {_literal(value)} cannot be used")
    if not isinstance(value, str | int | float):
        raise OptionError(f"{setting.key} is one value, not {type(value).__name__}")
    try:
        read = setting.type.convert(str(value), setting, None)
    except click.BadParameter as error:
        reason, _, hint = error.message.partition("\n  hint: ")
        raise OptionError(f"{setting.key} = {_literal(value)}: {reason}", hint=hint or None) from None
    return read if isinstance(read, str | int | float) else str(value)


def write(key: str, value: Value | None) -> None:
    """Set a key of the file, or take it out; other lines stay as they are.

    Raises:
        OptionError: the line cannot be changed alone.
        DataError: the file cannot be written.
    """
    import tomllib

    from matcube.outputs.files import write_whole

    file = path()
    lines = _text(file).splitlines()
    at = [number for number, line in enumerate(lines) if _sets(line, key)]
    line = [] if value is None else [f"{key} = {_literal(value)}"]
    lines[slice(at[0], at[0] + 1) if at else slice(len(lines), None)] = line
    text = "".join(f"{each}\n" for each in lines)
    try:
        is_done = tomllib.loads(text).get(key) == value
    except tomllib.TOMLDecodeError:
        is_done = False
    if not is_done:
        raise OptionError(f"{file} has a line that cannot be changed alone", hint="change it in an editor")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror or error}") from None
    write_whole(file, text.encode())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _line(text: str, key: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), 1) if _sets(line, key)), 1)


def _sets(line: str, key: str) -> bool:
    return re.match(rf"""\s*(\[\s*)?["']?{re.escape(key)}["']?\s*[].=]""", line) is not None


def _literal(value: object) -> str:
    """A value as TOML writes it; texts are written as in JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
