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
    """One parameter, written as a keyword after the operands.

    ``default`` is None when it must be written; ``min`` and ``max`` are None where there is no bound.
    """

    name: str
    type: Literal["int", "float", "bool", "ints"]
    default: Value | None
    min: float | None
    max: float | None
    help: str


@dataclass(frozen=True)
class OpInfo:
    """One operation; ``operands`` names its operands: ``("...",)`` is any number, an initialiser has none."""

    name: str
    kind: Literal["map", "initialiser", "reindex"]
    help: str
    parameters: tuple[ParamInfo, ...]
    operands: tuple[str, ...]


def vocabulary() -> tuple[OpInfo, ...]:
    """Every operation of the language, maps first, in the order of the tables.

    Returns:
        One ``OpInfo`` a row; a name may have two kinds (``tril`` of a matrix, of a shape).

    Example:
        >>> [one.parameters[0].name for one in vocabulary() if one.name == "rmsnorm"]
        ['eps']
    """
    maps = [_info(name, "map", op, _operands(op.arity)) for name, op in MAPS.items()]
    fills = [_info(name, "initialiser", op, ()) for name, op in INITIALISERS.items()]
    moves = [_info(name, "reindex", op, _operands(op.arity)) for name, op in REINDEXES.items()]
    return (*maps, *fills, *moves)


def _info(
    name: str, kind: Literal["map", "initialiser", "reindex"], op: type[Any], operands: tuple[str, ...]
) -> OpInfo:
    return OpInfo(name, kind, op.help, tuple(_parameter(one) for one in declared(op)), operands)


def _operands(arity: int) -> tuple[str, ...]:
    if arity < 0:
        return ("...",)
    return ("x",) if arity == 1 else tuple("abcdefgh"[:arity])


def _parameter(one: Field[Any]) -> ParamInfo:
    default = None if one.default is MISSING else one.default
    return ParamInfo(
        name=one.name,
        type=_TYPES[str(one.type)],
        default=default,
        min=one.metadata["min"],
        max=one.metadata["max"],
        help=one.metadata["help"],
    )


_TYPES: dict[str, Literal["int", "float", "bool", "ints"]] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "tuple[int, ...]": "ints",
}
