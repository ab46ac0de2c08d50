"""What the command line brings: ``--let NAME=SPEC``, ``--data FILE``, ``--labels NAME.rows=...``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from matcube.errors import DataError, OptionError
from matcube.figure.inputs import Known, check_name, from_file
from matcube.sources import files


def lets(given: Iterable[str]) -> dict[str, str]:
    """Leaf texts and numbers by name.

    Example:
        >>> lets(["Q=gaussian(64, 16, seed=1)", "d=64"])
        {'Q': 'gaussian(64, 16, seed=1)', 'd': '64'}
    """
    found: dict[str, str] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or not text.strip():
            raise OptionError(
                f'--let "{one}" cannot be read', hint="write --let 'Q=gaussian(64,16)' or --let d=64"
            )
        check_name(name.strip())
        found[name.strip()] = text.strip()
    return found


def data(given: Iterable[str]) -> dict[str, Callable[[], Known]]:
    """Arrays in files by the name that a program uses; values are read when a program uses them.

    ``FILE`` binds every array in it by its own name, with ``_`` for what a name cannot hold;
    ``NAME=FILE`` binds the only one, ``NAME=FILE:ENTRY`` or ``NAME=FILE:ENTRY[0:10]`` one of several.

    Raises:
        DataError: a file is not there or cannot be listed.
        OptionError: two arrays have one name.
    """
    found: dict[str, Callable[[], Known]] = {}
    for one in given:
        for name, reader in _arrays(one).items():
            if name in found:
                raise OptionError(
                    f"two arrays are named {name}", hint=f"give one another name: --data {name}2={one}"
                )
            found[name] = reader
    return found


def labels(given: Iterable[str]) -> dict[str, list[str]]:
    """Names along rows or columns: from a file (one a line, or a JSON list), or written out.

    Example:
        >>> labels(["Q.rows=the,cat,sat"])
        {'Q.rows': ['the', 'cat', 'sat']}
    """
    found = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise OptionError(
                f'--labels "{one}" cannot be read', hint="write --labels Q.rows=tokens.txt or Q.rows=a,b,c"
            )
        found[key.strip()] = _label_file(Path(value)) if Path(value).is_file() else value.split(",")
    return found


def _arrays(one: str) -> dict[str, Callable[[], Known]]:
    name, equals, rest = one.partition("=")
    if equals and name.isidentifier() and not Path(one).is_file():
        check_name(name)
        path, entry = _entry(rest)
        if entry is None:
            found = files.list_file(path)
            if len(found) != 1:
                names = ", ".join(each.name for each in found[:20])
                raise DataError(
                    f"{path.name} holds {len(found)} arrays; say which: {one}:NAME", hint=f"it has: {names}"
                )
        return {name: from_file(path, entry, name)}
    path = Path(one)
    return {
        named: from_file(path, entry.name, named)
        for entry in files.list_file(path)
        if entry.shape and (named := program_name(entry.name))
    }


def program_name(name: str) -> str:
    """The name of an array in a file, as a program can write it.

    Example:
        >>> program_name("L18H6.wQ"), program_name("0.weight")
        ('L18H6_wQ', 'x0_weight')
    """
    plain = re.sub(r"\W", "_", name)
    return plain if plain.isidentifier() else "x" + plain


def _entry(text: str) -> tuple[Path, str | None]:
    """A path and, after the colon that follows a known ending, the name of an array in it."""
    for ending in files.FORMATS:
        path, found, entry = text.partition(ending + ":")
        if found:
            return Path(path + ending), entry
    return Path(text), None


def _label_file(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as text: {error}") from None
    if path.suffix.lower() != ".json":
        return text.removesuffix("\n").split("\n")
    try:
        found = json.loads(text)
    except ValueError:
        raise DataError(f"{path} is no JSON") from None
    if not isinstance(found, list):
        raise DataError(f"{path} is not a JSON list")
    return [str(one) for one in found]
