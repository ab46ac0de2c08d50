"""Arguments of ``matcube.figure``: a mapping that may hold more than is used, keywords that must be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcube.api.animation import AnimateChanges
from matcube.api.camera import ViewChanges
from matcube.api.figure import Figure
from matcube.api.make import make
from matcube.api.options import LayoutChanges, StyleChanges
from matcube.engine.bindings import LazyArray
from matcube.errors import DataError, OptionError
from matcube.errors.words import suggest
from matcube.sources.program import program_name, words_of


def figure_of(
    program: object, data: object, arrays: Mapping[str, Any], *, labels: Any = None, held: object = None
) -> Figure:
    """The figure of the arguments of ``matcube.figure``.

    Args:
        program: whatever a source takes; see ``sources.table``.
        data: arrays by name, or None.
        arrays: further arrays by name, from keywords.
        labels: names along rows and columns, by ``"Q.rows"``.
        held: reserved; anything but None is refused.

    Raises:
        OptionError: a keyword that the program does not use, or an argument of another kind.
    """
    if held is not None:
        raise OptionError(
            "held values cannot be given yet",
            hint='a matrix cannot be named held here: mc.figure(program, {"held": a}) takes any name',
        )
    if data is not None and not isinstance(data, Mapping):
        raise OptionError(
            f"data is a mapping from names to arrays, not {type(data).__name__}",
            hint='mc.figure("A @ B", {"A": a, "B": b}), or mc.figure("A @ B", A=a, B=b)',
        )
    words = words_of(program) if isinstance(program, str) else set()
    unused = _unused(words, arrays) if isinstance(program, str) else []
    for name in unused:
        _refuse_option(name, arrays[name])
    values, lazy = _split(data or {}, words)
    twice = next((name for name in arrays if name in values or name in lazy), None)
    if twice is not None:
        raise OptionError(
            f"{twice} is given twice, in the mapping and by keyword", hint="leave one of them out"
        )
    made = make(program, {**values, **arrays}, labels=labels, files=lazy)  # type: ignore[arg-type]
    if unused:
        meant = suggest(unused[0], sorted(words), cutoff=0.6)
        raise OptionError(
            f'the program does not use "{unused[0]}"{meant}',
            hint=f'a mapping may hold more than is used: mc.figure(program, {{"{unused[0]}": …}})',
        )
    return made


def _split(data: Mapping[str, Any], words: set[str]) -> tuple[dict[str, Any], dict[str, LazyArray]]:
    """The values that the program uses, and arrays that are read if it ever does."""
    values: dict[str, Any] = {}
    lazy: dict[str, LazyArray] = {}
    keys: dict[str, str] = {}
    for key in data:
        if not isinstance(key, str):
            raise OptionError(f"a name is text, not {key!r}")
        name = program_name(key)
        if name in keys:
            raise DataError(f"{keys[name]} and {key} are both {name} in a program", hint="rename one of them")
        keys[name] = key
        if name in words or (type(data) is dict and isinstance(data[key], str | int | float)):
            values[name] = data[key]
        else:
            lazy[name] = LazyArray(data, key, name)
    return values, lazy


def _unused(words: set[str], arrays: Mapping[str, Any]) -> list[str]:
    """Keywords that the program does not name; ``dC`` is for ``backward`` where there is a C."""
    return [name for name in arrays if name not in words and not (name[:1] == "d" and name[1:] in words)]


def _refuse_option(name: str, value: object) -> None:
    """Refuse an option of a method that was given as a matrix."""
    written = f"{name}={value!r}"
    hint = f'it belongs to a random leaf: A="gaussian(8, 4, {written})"' if name == "seed" else None
    for method, options in _METHODS.items():
        if name in options:
            hint = f"it is an option of {method}: mc.figure(…).{method}({written})"
    if hint is not None:
        raise OptionError(f'the program does not use "{name}"', hint=hint)


_METHODS: dict[str, Any] = {
    "layout": ("scheme", *LayoutChanges.__annotations__),
    "style": StyleChanges.__annotations__,
    "view": ViewChanges.__annotations__,
    "animate": ("algorithm", "each", *AnimateChanges.__annotations__),
    "save": ("size", "scale", "seconds", "fps"),
}
