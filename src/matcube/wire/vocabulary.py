"""The vocabulary: choices of the panel, each with a line of help."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Choice(Struct, frozen=True):
    """A named choice with its line of help."""

    name: str
    help: str


class Parameter(Struct, frozen=True):
    """A parameter of an operation; ``default`` is None for a required one, and for several numbers."""

    name: str
    type: Literal["int", "float", "bool", "ints"]
    default: float | None
    min: float | None
    max: float | None
    help: str


class Operation(Struct, frozen=True):
    """An operation of the language; ``operands`` is its number of matrices, -1 for any number."""

    name: str
    kind: Literal["map", "initialiser", "reindex"]
    help: str
    parameters: list[Parameter]
    operands: int = 1


class Vocabulary(Struct, frozen=True):
    """All choices of the panel; the viewer has none of these names itself."""

    operations: list[Operation]
    schemes: list[Choice]
    sensitivities: list[Choice]
    algorithms: list[Choice]
    presets: list[Choice] = field(default_factory=list)
