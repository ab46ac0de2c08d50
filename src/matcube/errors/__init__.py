"""The exceptions of matcube: each states what is wrong, where, which shapes, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcube.errors.words import suggest


@dataclass(frozen=True)
class Span:
    """A stretch of program text, as character offsets: ``text[start:end]``."""

    start: int
    end: int


class MatcubeError(Exception):
    """Base of every error that matcube raises on purpose.

    Args:
        message: one sentence with the subject, the shapes and the remedy.
        text: the program text, if the error is about it.
        span: the wrong characters of ``text``.
        hint: a remedy, shown on a line of its own.
    """

    def __init__(
        self, message: str, *, text: str | None = None, span: Span | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.span = span
        self.hint = hint

    @property
    def kind(self) -> str:
        """The name of the error's class, for display."""
        return type(self).__name__

    def __str__(self) -> str:
        """The message, with the column marked under the line of the program, and the hint."""
        lines = [self.message]
        if self.text is not None and self.span is not None:
            lines += _marked(self.text, self.span)
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class ProgramError(MatcubeError):
    """The program text does not parse, or uses what the language does not have."""


class UnknownNameError(ProgramError):
    """A name in the program has no value; the message suggests similar names."""


class ShapeError(MatcubeError):
    """Two shapes do not fit; the message names the node, both shapes and the remedy."""


class DataError(MatcubeError):
    """A file or an array cannot be read, or does not fit the program."""


class OptionError(MatcubeError):
    """An option has a value out of its range, or an unknown name."""


class LimitError(MatcubeError):
    """The work would take more memory or time than it may; nothing was begun."""


class StoppedError(MatcubeError):
    """The work was stopped before its end; nothing has changed."""


class GraphError(MatcubeError):
    """A graph breaks one of the rules of ``ir.check``."""


class WireError(MatcubeError):
    """Scene bytes, a link or a request are damaged or of an unknown version."""


def unknown(name: str, names: Iterable[str], *, what: str) -> OptionError:
    """The error for a name that is not in a list, with the most similar name and the list.

    Args:
        name: the unknown name.
        names: all valid names.
        what: the noun for a name: "layout".

    Example:
        >>> print(unknown("zigzg", ["blocks", "zigzag"], what="layout"))
        there is no layout "zigzg"; did you mean zigzag?
          hint: there are: blocks, zigzag
    """
    listed = list(names)
    hint = f"there are: {', '.join(listed)}" if listed else None
    return OptionError(f'there is no {what} "{name}"{suggest(name, listed)}', hint=hint)


def _marked(text: str, span: Span) -> list[str]:
    start_of_line = text.rfind("\n", 0, span.start) + 1
    end_of_line = text.find("\n", span.start)
    line = text[start_of_line : end_of_line if end_of_line >= 0 else len(text)]
    column = span.start - start_of_line
    width = max(1, min(span.end - span.start, len(line) - column))
    return ["  " + line, "  " + " " * column + "^" * width]
