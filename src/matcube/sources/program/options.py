"""Parameters of operations in a program: numbers, True and False, tuples of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field, dataclass
from typing import Any

from matcube.sources.program.numbers import Number, NumberError


@dataclass(frozen=True)
class Flag:
    """``True`` or ``False`` in a call, distinct from node ids, which are whole numbers."""

    value: bool


def option(kind: str, value: object) -> Any:
    """A value converted to the kind of a parameter: ``int``, ``float``, ``bool`` or ``tuple[int, ...]``.

    Raises:
        NumberError: the value is of another kind.

    Example:
        >>> option("int", Number.of(4.0)), option("float", Number.of(2))
        (4, 2.0)
    """
    match kind, value:
        case "int", Number(whole=int() as whole):
            return whole
        case "float", Number(value=number):
            return float(number)
        case "bool", Flag(value=flag):
            return flag
        case "tuple[int, ...]", tuple() as items if all(_is_whole(item) for item in items):
            return tuple(item.whole for item in items)
        case "tuple[int, ...]", Number(whole=int() as whole):
            return (whole,)
    raise NumberError(_WANTED.get(kind, "another kind of value"))


def names_of(fields: Sequence[Field[Any]]) -> str:
    """The parameters of an operation in words: ``the parameters base and start``."""
    names = [field.name for field in fields]
    if not names:
        return "no parameters"
    if len(names) == 1:
        return f"the parameter {names[0]}"
    return f"the parameters {', '.join(names[:-1])} and {names[-1]}"


def _is_whole(item: object) -> bool:
    return isinstance(item, Number) and item.whole is not None


_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "tuple[int, ...]": "whole numbers in brackets, such as (1, 0)",
}
