"""Inputs of the command line: ``--let NAME=SPEC``, ``--data FILE``, ``--labels NAME.rows=...``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from matcube.cli import notes
from matcube.cli.data_files import Given
from matcube.engine import BoundArray
from matcube.engine.bindings import FileArray, number
from matcube.errors import DataError, OptionError
from matcube.errors.words import quoted, some_of
from matcube.sources import files
from matcube.sources.entries import parse_name
from matcube.sources.paths import as_utf8, open_text, there
from matcube.sources.program import check_name, program_name, words_of


def lets(given: Iterable[str]) -> dict[str, str]:
    """Leaf texts and numbers by name.

    Example:
        >>> lets(["Q=gaussian(64, 16, seed=1)", "d=64"])
        {'Q': 'gaussian(64, 16, seed=1)', 'd': '64'}
    """
    texts: dict[str, str] = {}
    for argument in given:
        name, equals, text = argument.partition("=")
        if not equals or not text.strip():
            own = name.strip() if name.strip().isidentifier() else "Q"
            hint = f"write --let '{own}=gaussian(64,16)' or --let {own}=64"
            raise OptionError(f'--let "{argument}" cannot be read', hint=hint)
        check_name(name.strip())
        if name.strip() in texts:
            raise OptionError(f"--let gives {name.strip()} twice", hint="leave one of them out")
        texts[name.strip()] = text.strip()
    return texts


def data(given: Iterable[Given]) -> dict[str, Callable[[], BoundArray]]:
    """Arrays in files by the name that a program uses; values are read when a program uses them.

    A file without a name of its own binds every array in it by the array's name, with ``_`` for what a name
    cannot hold; single numbers are left to ``numbers``.

    Raises:
        DataError: a file is not there or cannot be listed.
        OptionError: two arrays have one name.
    """
    given = list(given)
    matrices = {name: source for name, source in _sources(given).items() if not source.is_number}
    for each in given:
        if each.name is None and each.entry is None:
            _say_left_out(each)
    for source in matrices.values():
        if source.note:
            notes.note(f"{source.path.name}: {source.note}")
    return {name: FileArray(source.path, source.entry, name) for name, source in matrices.items()}


def numbers(given: Iterable[Given], program: str) -> dict[str, float]:
    """The single numbers in files by the name that a program uses: constants, as from Python.

    Args:
        given: as for ``data``.
        program: one that is not finite is refused if the program names it, and else left out.

    Raises:
        DataError: a number that the program names cannot be used.
    """
    values: dict[str, float] = {}
    for name, source in _sources(given).items():
        if not source.is_number:
            continue
        value = files.read(source.path, source.entry).array
        if name in words_of(program) or np.isfinite(value.astype(np.float64)):
            values[name] = number(name, value)
    return values


def bound(entries: Sequence[files.Entry]) -> list[str]:
    """Notes on the names that ``--data FILE`` gives to entries; empty where a name is unchanged."""
    names = [program_name(entry.name) for entry in entries]
    remarks = []
    for entry, name in zip(entries, names, strict=True):
        if not files.is_numeric(entry):
            remarks.append("left out" if entry.note else "no numbers, left out")
        elif names.count(name) > 1:
            remarks.append(f"shares the name {name}: read it with --data {quoted(f'NAME=FILE:{entry.name}')}")
        else:
            written = "" if name == entry.name else f"write {name}"
            remarks.append(written if entry.shape else ", ".join(filter(None, ["a constant", written])))
    return remarks


def unused(program: str, names: Iterable[str]) -> list[str]:
    """Names that were given one by one and that the program does not have: perhaps typing errors.

    Example:
        >>> unused("A @ B", ["A", "C"])
        ['C']
    """
    used = words_of(program)
    return [name for name in names if name.isidentifier() and not used & words_of(name)]


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
            side = argument if re.fullmatch(r"\w+\.(rows|cols)", argument) else "Q.rows"
            hint = f"write --labels {side}=tokens.txt or {side}=a,b,c"
            raise OptionError(f'--labels "{argument}" cannot be read', hint=hint)
        by_side[key.strip()] = _label_file(Path(value)) if _is_path(value) else value.split(",")
    return by_side


class _Source(NamedTuple):
    """An entry of a file, perhaps with bounds, whether it is a single number, and a note on it."""

    path: Path
    entry: str
    is_number: bool
    note: str = ""


def _sources(given: Iterable[Given]) -> dict[str, _Source]:
    """Arrays of files, by their names in a program."""
    out: dict[str, _Source] = {}
    for each in given:
        for name, source in _sources_of(each).items():
            if name in out:
                raise OptionError(
                    f"two arrays are named {name}, in {out[name].path.name} and in {source.path.name}",
                    hint=f"give each a name: --data {quoted(_by_name(name + '2', source))}",
                )
            out[name] = source
    return out


def _sources_of(given: Given) -> dict[str, _Source]:
    entries = files.list_file(given.path)
    if given.name is not None:
        check_name(given.name)
        return {given.name: _single(given, entries)}
    if given.entry is not None:
        name = program_name(given.entry.partition("[")[0])
        raise OptionError(
            f"{given.text} is one array, and has no name in the program",
            hint=f"write --data {quoted(f'{name}={given.text}')}",
        )
    named: dict[str, _Source] = {}
    for each in entries:
        if not files.is_numeric(each):
            continue
        name, source = program_name(each.name), _Source(given.path, each.name, not each.shape, each.note)
        if name in named:
            raise DataError(
                f"{named[name].entry} and {each.name} in {given.path.name} are both {name} in a program",
                hint=f"give each a name: --data {quoted(_by_name('NAME', source))}",
            )
        named[name] = source
    return named


def _say_left_out(given: Given) -> None:
    """A note on the entries of a file that hold no numbers, by name and by reason."""
    names: dict[str, list[str]] = {}
    for each in files.list_file(given.path):
        if not files.is_numeric(each):
            names.setdefault(files.refusal(each), []).append(each.name)
    for reason, entries in names.items():
        notes.note(f"{given.path.name}: left out {some_of(entries)} ({reason})")


def _single(given: Given, entries: Sequence[files.Entry]) -> _Source:
    """The only array of a file, or the named one."""
    entry = given.entry
    if entry is None:
        if len(entries) != 1:
            names = ", ".join(each.name for each in entries[:20])
            which = quoted(f"{given.name}={given.text}:NAME")
            raise DataError(
                f"{given.path.name} holds {len(entries)} arrays; say which: {which}",
                hint=f"it has: {names}",
            )
        entry = entries[0].name
    whole, bounds = parse_name(given.path, entry, {each.name: each for each in entries})
    is_number = not whole.shape if bounds is None else not any(isinstance(part, slice) for part in bounds)
    return _Source(given.path, entry, is_number, whole.note)


def _by_name(name: str, source: _Source) -> str:
    return f"{name}={source.path}:{source.entry}"


def _is_path(text: str) -> bool:
    """Whether labels are in a file: it exists, or the text can only be a path."""
    if there(text, Path.is_file):
        return True
    if "," in text or Path(text).suffix.lower() not in (".txt", ".json", ".csv", ".tsv"):
        return False
    raise DataError(f"there is no file {text}", hint="labels written out have commas between them: a,b,c")


def _label_file(path: Path) -> list[str]:
    try:
        files.check_memory(8 * path.stat().st_size, "a text", path)
        with open_text(path) as file:
            text = file.read()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeError as error:
        raise DataError(f"{path} cannot be read as text: {error}", hint=as_utf8(path)) from None
    if path.suffix.lower() != ".json":
        return re.sub(r"\r\n?", "\n", text).removesuffix("\n").split("\n")
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        raise DataError(f"{path} is no JSON") from None
    if not isinstance(names, list):
        raise DataError(f"{path} is not a JSON list")
    for place, name in enumerate(names):
        if isinstance(name, list | dict | None):
            raise DataError(f"{path}: place {place} of the list is {type(name).__name__}, not a name")
    return [str(name) for name in names]
