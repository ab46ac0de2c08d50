"""Parameters of an operation: dataclass fields with a help line and a range, checked when it is made."""

from __future__ import annotations

import math
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, ClassVar

from matcube.errors import OptionError

_ACCEPTED: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,)}


def param(default: Any = MISSING, *, help: str, min: float | None = None, max: float | None = None) -> Any:
    """A dataclass field that the language offers as a keyword after the operands.

    Args:
        default: its value when not written; without one the parameter is required.
        help: one line, as it is shown in the panel.
        min: the smallest value allowed, or None.
        max: the largest value allowed, or None.

    Returns:
        A dataclass field whose metadata holds ``help``, ``min`` and ``max``.
    """
    metadata = {"help": help, "min": min, "max": max}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Parameters:
    """Base of every operation: refuses a parameter of the wrong type or out of its range.

    Raises:
        OptionError: when a parameter is not of its type, not finite, or out of its range.
    """

    name: ClassVar[str] = ""
    help: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for one in declared(type(self)):
            _check(self.name, one, getattr(self, one.name))


def declared(op: type[Any]) -> tuple[Field[Any], ...]:
    """The fields of an operation that the language offers, in the order they are written."""
    return tuple(one for one in fields(op) if "help" in one.metadata)


def _check(op: str, one: Field[Any], value: object) -> None:
    kind = str(one.type)
    accepted = _ACCEPTED.get(kind)
    if accepted is None:
        return
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind != "bool"):
        raise OptionError(f"{op}: {one.name} must be {_ARTICLE[kind]}, not {value!r}")
    if isinstance(value, (int, float)) and not math.isfinite(value):
        raise OptionError(f"{op}: {one.name} must be finite, not {value!r}")
    low, high = one.metadata["min"], one.metadata["max"]
    if isinstance(value, (int, float)) and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        raise OptionError(f"{op}: {one.name}={value!r} is out of its range", hint=_range(low, high))


_ARTICLE = {"int": "a whole number", "float": "a number", "bool": "True or False"}


def _range(low: float | None, high: float | None) -> str:
    parts = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
    return "it must be " + " and ".join(part for part in parts if part)
