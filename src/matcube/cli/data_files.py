"""Inputs of ``--data``: files, patterns, folders, pipes and standard input."""

from __future__ import annotations

import contextlib
import glob
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click

from matcube.cli import notes
from matcube.errors import DataError, OptionError
from matcube.errors.words import quoted, some_of
from matcube.sources import files
from matcube.sources.known_files import arrays_in, mistaken, unread
from matcube.sources.paths import there
from matcube.sources.read_shards import INDEX, shards_of

MAX_STREAM_BYTES = 1 << 30
MAX_PROGRAM_BYTES = 1 << 20
_CHUNK = 1 << 20
_PREFIX = re.compile(f"({'|'.join(re.escape(ending[1:]) for ending in files.FORMATS)}):(.+)", re.DOTALL)
_WILD = re.compile(r"[*?]")
_STREAMS = "matcube.streams"
_STDIN = ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")


@dataclass(frozen=True)
class Given:
    """A file that ``--data`` names.

    Args:
        text: the file and its entry as the reader wrote them, without NAME=.
        name: what its only array is called in the program; None for the arrays' own names.
        path: the file.
        entry: one of its arrays, perhaps with bounds.
    """

    text: str
    name: str | None
    path: Path
    entry: str | None


@dataclass
class Streams:
    """Copies of inputs that can be read only once; deleted when the command ends."""

    folder: Path
    _is_stdin_read: bool = False
    _count: int = field(default=0)

    def stdin(self) -> BinaryIO:
        """Standard input, for the only time.

        Raises:
            OptionError: it was read before.
        """
        if self._is_stdin_read:
            raise OptionError("standard input is read twice", hint="save one of the two to a file first")
        self._is_stdin_read = True
        if sys.stdin.isatty():
            notes.note("reading standard input; Ctrl-D ends it")
        notes.detail("reading standard input")
        return sys.stdin.buffer

    def copy(self, text: str, ending: str) -> Path:
        """A file of a known ending with the bytes of a pipe, of standard input, or of another file.

        Raises:
            DataError: it cannot be read, or holds more than ``MAX_STREAM_BYTES``.
        """
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        path = folder / f"{_stem(text)}{ending}"
        try:
            with contextlib.ExitStack() as stack:
                source = self.stdin() if text in _STDIN else stack.enter_context(open(text, "rb"))
                _copy(source, stack.enter_context(path.open("wb")), text)
        except OSError as error:
            raise DataError(f"{text} cannot be read: {error.strerror or error}") from None
        return path


def streams() -> Streams:
    """Those of the present command."""
    ctx = click.get_current_context()
    if _STREAMS not in ctx.meta:
        ctx.meta[_STREAMS] = ctx.find_root().with_resource(_streams())
    present: Streams = ctx.meta[_STREAMS]
    return present


@contextlib.contextmanager
def _streams() -> Iterator[Streams]:
    with tempfile.TemporaryDirectory(prefix="matcube-", ignore_cleanup_errors=True) as folder:
        yield Streams(Path(folder))


def program_text(given: str) -> str:
    """A program as it was given, or from the file that ``@FILE`` names; ``@-`` is standard input.

    Raises:
        DataError: the file cannot be read as text, or is too long for a program.
    """
    if not given.startswith("@") or len(given) == 1:
        return given
    place = given[1:]
    try:
        with contextlib.ExitStack() as stack:
            is_stdin = place in _STDIN
            source = streams().stdin() if is_stdin else stack.enter_context(open(place, "rb"))
            text = source.read(MAX_PROGRAM_BYTES + 1)
        if len(text) > MAX_PROGRAM_BYTES:
            raise DataError(f"{place} holds more than {MAX_PROGRAM_BYTES:,} bytes, too many for a program")
        return text.decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"the program in {place} cannot be read: {reason}") from None


def listed(arguments: Iterable[str]) -> list[Given]:
    """The files that ``--data`` names, in their order.

    Args:
        arguments: each ``FILE``, ``NAME=FILE``, ``NAME=FILE:ENTRY[0:10]``, a folder, a pattern such as
            ``*.csv``, or with its format before it what has no ending, ``csv:-``.

    Raises:
        DataError: a file, or what a pattern names, is not there.
        OptionError: a name for several files, or a stream without its format.
    """
    return [given for argument in arguments for given in _given(argument)]


def named(arguments: Iterable[str]) -> list[str]:
    """The names that ``NAME=FILE`` gives."""
    return [name for name, _ in map(split_name, arguments) if name is not None]


def split_name(argument: str) -> tuple[str | None, str]:
    """``NAME=FILE`` in two; a file with such a name goes by its own."""
    name, equals, rest = argument.partition("=")
    is_named = equals and name.isidentifier() and not there(argument)
    return (name, rest) if is_named else (None, argument)


def _given(argument: str) -> list[Given]:
    name, text = split_name(argument)
    prefix = None if there(text) else _PREFIX.fullmatch(text)
    if prefix is not None:
        ending, (place, entry) = f".{prefix[1]}", _entry_of_stream(prefix[2])
        return [Given(text, name, _with_ending(place, ending), entry)]
    path, entry = _entry(text)
    if _is_stream(path):
        word = quoted(f"{name or 'x'}=csv:{path}")
        hint = f"say what it holds: --data {word}, or npy:, npz:, safetensors:"
        raise OptionError(f"{path} has no ending that says what it holds", hint=hint)
    if _WILD.search(str(path)) and not there(path):
        matches = map(Path, sorted(glob.glob(str(path), recursive=True)))  # noqa: PTH207  # any folder
        chosen = [each for each in matches if there(each, Path.is_file) and files.ending_of(each)]
        if not chosen:
            raise DataError(f"no file fits {path}", hint=f"files end in {', '.join(files.FORMATS)}")
    elif there(path, Path.is_dir) and unread(path) is None:
        chosen = _in_folder(path)
    else:
        chosen = [path]
    if name is not None and len(chosen) > 1:
        raise OptionError(
            f"{name} is the name of one array, and {path} is {len(chosen)} files",
            hint=f"name one of them: --data {quoted(f'{name}={chosen[0]}')}",
        )
    return [Given(text if each == path else str(each), name, each, entry) for each in chosen]


def _in_folder(folder: Path) -> list[Path]:
    """The files of data directly in a folder: an index for its shards; a note on those that are not read."""
    every = sorted(folder.iterdir())
    readable = [each for each in every if each.is_file() and files.ending_of(each)]
    shards = {shard for each in readable if files.ending_of(each) == INDEX for shard in shards_of(each)}
    chosen = [each for each in readable if each not in shards]
    others = {each: what for each in every if each not in readable and (what := arrays_in(each))}
    if not chosen:
        hint = next((str(error.hint) for error in map(unread, others) if error is not None), None)
        what = f": {some_of(f'{each.name} is {what}' for each, what in others.items())}" if others else ""
        raise DataError(
            f"{folder} holds no data that is read{what}",
            hint=hint or f"files end in {', '.join(files.FORMATS)}",
        )
    if others:
        notes.note(f"{folder}: left out {some_of(f'{each.name} ({what})' for each, what in others.items())}")
    return chosen


def _with_ending(place: str, ending: str) -> Path:
    """The file itself where its ending is right, else a copy with the right ending."""
    path = Path(place)
    if place in _STDIN or not there(path, Path.is_file):
        return streams().copy(place, ending)
    problem = mistaken(path, files.FORMATS[ending].kind)
    if problem is not None:
        raise problem
    return path if files.ending_of(path) == ending else streams().copy(place, ending)


def _entry(text: str) -> tuple[Path, str | None]:
    """A path and, after the colon that follows a known ending, the name of an array in it."""
    for ending in files.FORMATS:
        path, colon, entry = text.partition(ending + ":")
        if colon:
            return Path(path + ending), entry
    return Path(text), None


def _entry_of_stream(text: str) -> tuple[str, str | None]:
    place, colon, entry = text.partition(":")
    return (text, None) if there(text) or not colon else (place, entry)


def _is_stream(path: Path) -> bool:
    """Whether a path is standard input, a pipe or a device."""
    return str(path) in _STDIN or (there(path) and not path.is_file() and not path.is_dir())


def _stem(text: str) -> str:
    if text in _STDIN:
        return "stdin"
    return "pipe" if re.match(r"/(dev|proc)/", text) else Path(text).stem


def _copy(source: BinaryIO, target: BinaryIO, text: str) -> None:
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > MAX_STREAM_BYTES:
            raise DataError(
                f"{text} holds more than {MAX_STREAM_BYTES:,} bytes",
                hint="save it to a file first: that is read in place",
            )
        target.write(chunk)
