"""Errors as they travel to a page."""

from __future__ import annotations

from matcube.errors import MatcubeError
from matcube.wire import Problem


def problem_of(error: MatcubeError | MemoryError) -> Problem:
    """An error with its place in the program and its remedy."""
    if isinstance(error, MemoryError):
        return Problem(kind="MemoryError", message="there is not enough memory for this figure")
    span = None if error.span is None else (error.span.start, error.span.end)
    return Problem(kind=error.kind, message=error.message, text=error.text, span=span, hint=error.hint)
