"""The operations of the language by name, and their construction from Python arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from matcube.errors import OptionError, ProgramError
from matcube.errors.values import bounded
from matcube.errors.words import suggest
from matcube.ops import MAPS, REINDEXES
from matcube.ops.parameters import declared
from matcube.ops.reindex import Permute

# ``T`` is written as an attribute; as a function, with any order of dimensions, it is ``permute``.
MOVES: dict[str, Any] = {"permute": Permute, **{name: op for name, op in REINDEXES.items() if name != "T"}}
OPERATIONS: dict[str, Any] = {**MAPS, **MOVES}


def arity_of(name: str) -> int:
    """The number of matrices of a function of the language; -1: one or more.

    Raises:
        ProgramError: an unknown function.

    Example:
        >>> arity_of("softmax"), arity_of("concat")
        (1, -1)
    """
    if name not in OPERATIONS:
        raise ProgramError(f"the language has no function {name}{suggest(name, OPERATIONS, cutoff=0.8)}")
    return int(OPERATIONS[name].arity)


def count_text(arity: int) -> str:
    """A number of matrices in words.

    Example:
        >>> count_text(2)
        'two matrices'
    """
    return {1: "one matrix", 2: "two matrices"}.get(arity, "one matrix or more")


def make_operation(name: str, extra: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """An operation with its parameters.

    Args:
        name: a map or a re-indexing.
        extra: positional parameters.
        parameters: parameters by name.

    Raises:
        OptionError: a parameter is unknown, missing, of another type or out of its range.

    Example:
        >>> make_operation("split", [1], {"parts": 4})
        Split(axis=1, parts=4)
    """
    fields = {field.name: field for field in declared(OPERATIONS[name])}
    if len(extra) > len(fields):
        raise OptionError(f"{name} has {len(fields)} parameters, but {len(extra)} are given")
    given = {**dict(zip(fields, extra, strict=False)), **parameters}
    for word in given:
        if word not in fields:
            raise OptionError(f"{name} has no parameter {word}{suggest(word, fields)}")
    missing = [word for word, field in fields.items() if word not in given and field.default is MISSING]
    if missing:
        raise OptionError(f"{name} needs {' and '.join(missing)}")
    return OPERATIONS[name](**{word: _plain(str(fields[word].type), value) for word, value in given.items()})


def _plain(kind: str, value: Any) -> Any:
    """NumPy's numbers as Python's, and whole numbers in the type of the parameter."""
    if kind.startswith("tuple"):
        try:
            return tuple(
                int(item) for item in (bounded(value, 64, "it") if isinstance(value, Sequence) else (value,))
            )
        except (TypeError, ValueError, OverflowError):
            raise OptionError(f"{value!r} is not a tuple of whole numbers", hint="such as (1, 0)") from None
    value = value.item() if hasattr(value, "item") else value
    return float(value) if kind == "float" and type(value) is int else value
