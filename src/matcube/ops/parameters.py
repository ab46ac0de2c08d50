"""Parameters of an operation: dataclass fields with a help line and a range, checked on construction."""

from __future__ import annotations

import math
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, ClassVar

from matcube.errors import OptionError

_ACCEPTED: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,)}


def param(default: Any = MISSING, *, help: str, min: float | None = None, max: float | None = None) -> Any:
    """A dataclass field that is a keyword of the language, after the operands.

    Args:
        default: its default value; without one the parameter is required.
        help: one line, shown in the panel.
        min: the smallest value allowed, or None.
        max: the largest value allowed, or None.

    Returns:
        A dataclass field whose metadata holds ``help``, ``min`` and ``max``.
    """
    metadata = {"help": help, "min": min, "max": max}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Parameters:
    """Base of every operation; checks its parameters.

    Raises:
        OptionError: a parameter is not of its type, not finite, or out of its range.
    """

    name: ClassVar[str] = ""
    help: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in declared(type(self)):
            _check(self.name, parameter, getattr(self, parameter.name))


def declared(op: type[Any]) -> tuple[Field[Any], ...]:
    """The parameters of an operation, in order."""
    return tuple(parameter for parameter in fields(op) if "help" in parameter.metadata)


def _check(op: str, parameter: Field[Any], value: object) -> None:
    kind = str(parameter.type)
    accepted = _ACCEPTED.get(kind)
    if accepted is None:
        return
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind != "bool"):
        raise OptionError(f"{op}: {parameter.name} must be {_ARTICLE[kind]}, not {value!r}")
    if isinstance(value, (int, float)) and not math.isfinite(value):
        raise OptionError(f"{op}: {parameter.name} must be finite, not {value!r}")
    low, high = parameter.metadata["min"], parameter.metadata["max"]
    if isinstance(value, (int, float)) and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        raise OptionError(f"{op}: {parameter.name}={value!r} is out of its range", hint=_range(low, high))


_ARTICLE = {"int": "a whole number", "float": "a number", "bool": "True or False"}


def _range(low: float | None, high: float | None) -> str:
    parts = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
    return "it must be " + " and ".join(part for part in parts if part)
