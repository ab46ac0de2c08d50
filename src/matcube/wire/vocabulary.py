"""The choices that a panel offers, each with a line of help."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Choice(Struct, frozen=True):
    """A named choice with its one-line help, as the panel shows it."""

    name: str
    help: str


class Parameter(Struct, frozen=True):
    """A parameter of an operation; ``default`` is None when it must be written or is no single number."""

    name: str
    type: Literal["int", "float", "bool", "ints"]
    default: float | None
    min: float | None
    max: float | None
    help: str


class Operation(Struct, frozen=True):
    """An operation of the language; ``operands`` is how many matrices it takes, -1 for any number."""

    name: str
    kind: Literal["map", "initialiser", "reindex"]
    help: str
    parameters: list[Parameter]
    operands: int = 1


class Vocabulary(Struct, frozen=True):
    """All that a panel offers; the viewer itself knows none of these names."""

    operations: list[Operation]
    schemes: list[Choice]
    sensitivities: list[Choice]
    algorithms: list[Choice]
    presets: list[Choice] = field(default_factory=list)
