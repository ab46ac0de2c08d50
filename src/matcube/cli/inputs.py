"""Inputs of the command line: ``--let NAME=SPEC``, ``--data FILE``, ``--labels NAME.rows=...``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from matcube.engine import BoundArray
from matcube.engine.bindings import FileArray, number, program_name, words_of
from matcube.errors import DataError, OptionError
from matcube.sources import files
from matcube.sources.entries import parse_name
from matcube.sources.program import check_name


def lets(given: Iterable[str]) -> dict[str, str]:
    """Leaf texts and numbers by name.

    Example:
        >>> lets(["Q=gaussian(64, 16, seed=1)", "d=64"])
        {'Q': 'gaussian(64, 16, seed=1)', 'd': '64'}
    """
    found: dict[str, str] = {}
    for argument in given:
        name, equals, text = argument.partition("=")
        if not equals or not text.strip():
            raise OptionError(
                f'--let "{argument}" cannot be read', hint="write --let 'Q=gaussian(64,16)' or --let d=64"
            )
        check_name(name.strip())
        if name.strip() in found:
            raise OptionError(f"--let gives {name.strip()} twice", hint="leave one of them out")
        found[name.strip()] = text.strip()
    return found


def data(given: Iterable[str]) -> dict[str, Callable[[], BoundArray]]:
    """Arrays in files by the name that a program uses; values are read when a program uses them.

    ``FILE`` binds every array in it by its own name, with ``_`` for what a name cannot hold; single numbers
    are left to ``numbers``;
    ``NAME=FILE`` binds the only one, ``NAME=FILE:ENTRY`` or ``NAME=FILE:ENTRY[0:10]`` one of several.

    Raises:
        DataError: a file is not there or cannot be listed.
        OptionError: two arrays have one name.
    """
    matrices = {name: held for name, held in _all_held(given).items() if not held.is_number}
    return {name: FileArray(held.path, held.entry, name) for name, held in matrices.items()}


def numbers(given: Iterable[str], program: str) -> dict[str, float]:
    """The single numbers in files by the name that a program uses: constants, as from Python.

    Args:
        given: as for ``data``.
        program: one that is not finite is refused if the program names it, and else left out.

    Raises:
        DataError: a number that the program names cannot be used.
    """
    found: dict[str, float] = {}
    for name, held in _all_held(given).items():
        if not held.is_number:
            continue
        value = files.read(held.path, held.entry).array
        if name in words_of(program) or np.isfinite(value.astype(np.float64)):
            found[name] = number(name, value)
    return found


def bound(entries: Sequence[files.Entry]) -> list[str]:
    """What ``--data FILE`` makes of each entry of a file, in words; empty where it goes by its own name."""
    names = [program_name(entry.name) for entry in entries]
    notes = []
    for entry, name in zip(entries, names, strict=True):
        if not files.is_numeric(entry):
            notes.append("no numbers, left out")
        elif names.count(name) > 1:
            notes.append(f"shares the name {name}: bring it with --data NAME=FILE:{entry.name}")
        else:
            written = "" if name == entry.name else f"write {name}"
            notes.append(written if entry.shape else ", ".join(filter(None, ["a constant", written])))
    return notes


def unused(program: str, *, let: Iterable[str], data: Iterable[str]) -> list[str]:
    """Names that were given one by one and that the program does not have: perhaps typing errors.

    Example:
        >>> unused("A @ B", let=["A", "C"], data=["B=b.npy", "head.npz"])
        ['C']
    """
    used = words_of(program)
    named = [one.partition("=")[0] for one in data if "=" in one and not Path(one).is_file()]
    return [name for name in (*let, *named) if name.isidentifier() and not used & words_of(name)]


def labels(given: Iterable[str]) -> dict[str, list[str]]:
    """Names along rows or columns: from a file (one a line, or a JSON list), or written out.

    Example:
        >>> labels(["Q.rows=the,cat,sat"])
        {'Q.rows': ['the', 'cat', 'sat']}
    """
    by_side = {}
    for argument in given:
        key, equals, value = argument.partition("=")
        if not equals:
            raise OptionError(
                f'--labels "{argument}" cannot be read',
                hint="write --labels Q.rows=tokens.txt or Q.rows=a,b,c",
            )
        by_side[key.strip()] = _label_file(Path(value)) if _is_path(value) else value.split(",")
    return by_side


class _Held(NamedTuple):
    """An entry of a file, perhaps with bounds, and whether it is a single number."""

    path: Path
    entry: str
    is_number: bool


def _all_held(given: Iterable[str]) -> dict[str, _Held]:
    """What files hold, by the name that a program uses."""
    found: dict[str, _Held] = {}
    for argument in given:
        for name, held in _held(argument).items():
            if name in found:
                raise OptionError(
                    f"two arrays are named {name}", hint=f"give one another name: --data {name}2={argument}"
                )
            found[name] = held
    return found


def _held(one: str) -> dict[str, _Held]:
    name, equals, rest = one.partition("=")
    if equals and name.isidentifier() and not Path(one).is_file():
        check_name(name)
        path, entry = _entry(rest)
        found = files.list_file(path)
        if entry is None:
            if len(found) != 1:
                names = ", ".join(each.name for each in found[:20])
                raise DataError(
                    f"{path.name} holds {len(found)} arrays; say which: {one}:NAME", hint=f"it has: {names}"
                )
            entry = found[0].name
        whole, bounds = parse_name(path, entry, {each.name: each for each in found})
        is_number = not whole.shape if bounds is None else not any(isinstance(one, slice) for one in bounds)
        return {name: _Held(path, entry, is_number)}
    path = Path(one)
    named: dict[str, _Held] = {}
    for each in files.list_file(path):
        if not files.is_numeric(each):
            continue
        name = program_name(each.name)
        if name in named:
            raise DataError(
                f"{named[name].entry} and {each.name} in {path.name} are both {name} in a program",
                hint=f"bring them one by one: --data NAME={one}:{each.name}",
            )
        named[name] = _Held(path, each.name, not each.shape)
    return named


def _entry(text: str) -> tuple[Path, str | None]:
    """A path and, after the colon that follows a known ending, the name of an array in it."""
    for ending in files.FORMATS:
        path, found, entry = text.partition(ending + ":")
        if found:
            return Path(path + ending), entry
    return Path(text), None


def _is_path(text: str) -> bool:
    """Whether labels are in a file: it is there, or the text looks like nothing else."""
    if Path(text).is_file():
        return True
    if "," in text or Path(text).suffix.lower() not in (".txt", ".json", ".csv", ".tsv"):
        return False
    raise DataError(f"there is no file {text}", hint="labels written out have commas between them: a,b,c")


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
