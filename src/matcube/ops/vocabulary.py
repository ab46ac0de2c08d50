"""Descriptions of every operation, for the panel and the help page."""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass
from typing import Any, Literal

from matcube.ops.initialisers import INITIALISERS
from matcube.ops.maps import MAPS
from matcube.ops.parameters import declared
from matcube.ops.reindex import REINDEXES

Value = int | float | bool | tuple[int, ...]


@dataclass(frozen=True)
class ParamInfo:
    """A parameter of an operation.

    ``default`` is None for a required parameter; ``min`` and ``max`` are None without a bound.
    """

    name: str
    type: Literal["int", "float", "bool", "ints"]
    default: Value | None
    min: float | None
    max: float | None
    help: str


@dataclass(frozen=True)
class OpInfo:
    """An operation; ``operands`` are names: ``("...",)`` for any number of them, () for an initialiser."""

    name: str
    kind: Literal["map", "initialiser", "reindex"]
    help: str
    parameters: tuple[ParamInfo, ...]
    operands: tuple[str, ...]


def vocabulary() -> tuple[OpInfo, ...]:
    """Every operation of the language, maps first, in the order of the tables.

    Returns:
        One ``OpInfo`` per row; a name may have two kinds (``tril`` of a matrix, of a shape).

    Example:
        >>> [op.parameters[0].name for op in vocabulary() if op.name == "rmsnorm"]
        ['eps']
    """
    maps = [_info(name, "map", op, _operands(op.arity)) for name, op in MAPS.items()]
    fills = [_info(name, "initialiser", op, ()) for name, op in INITIALISERS.items()]
    moves = [_info(name, "reindex", op, _operands(op.arity)) for name, op in REINDEXES.items()]
    return (*maps, *fills, *moves)


def _info(
    name: str, kind: Literal["map", "initialiser", "reindex"], op: type[Any], operands: tuple[str, ...]
) -> OpInfo:
    return OpInfo(name, kind, op.help, tuple(_parameter(parameter) for parameter in declared(op)), operands)


def _operands(arity: int) -> tuple[str, ...]:
    if arity < 0:
        return ("...",)
    return ("x",) if arity == 1 else tuple("abcdefgh"[:arity])


def _parameter(parameter: Field[Any]) -> ParamInfo:
    default = None if parameter.default is MISSING else parameter.default
    return ParamInfo(
        name=parameter.name,
        type=_TYPES[str(parameter.type)],
        default=default,
        min=parameter.metadata["min"],
        max=parameter.metadata["max"],
        help=parameter.metadata["help"],
    )


_TYPES: dict[str, Literal["int", "float", "bool", "ints"]] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "tuple[int, ...]": "ints",
}
