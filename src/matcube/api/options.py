"""Changes of a view by keyword: names and values are checked, and errors suggest similar names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, TypeVar, get_args, get_origin

import msgspec

from matcube.api.vocabulary import Palette, Sensitivity, Theme
from matcube.engine.checks import CHECKS
from matcube.errors import OptionError, unknown
from matcube.errors.values import plain
from matcube.wire import Camera, FilmView, LayoutView, StyleView


class LayoutChanges(TypedDict, total=False):
    """Keywords of ``Figure.layout``; see ``LayoutOptions`` for what each does."""

    gap: float | None
    scatter: float
    molecule: int
    blast: float
    root: str
    custom: Mapping[str, str]
    sheets: Literal["open", "closed"]
    pull: Sequence[int]
    inside: Mapping[str, str]
    parts: int


class StyleChanges(TypedDict, total=False):
    """Keywords of ``Figure.style``."""

    theme: Theme
    palette: Palette
    sensitivity: Sensitivity
    dot_scale: float
    contrast: float
    peak: bool
    legends: bool
    letters: bool
    guides: bool
    arrows: bool
    costs: bool
    legend_size: float
    numbers: Literal["auto", "always", "never"]
    digits: int | None


Section = TypeVar("Section", LayoutView, StyleView, FilmView, Camera)


def changed(
    section: Section, changes: Mapping[str, object], *, what: str, stored: Mapping[str, str] | None = None
) -> Section:
    """A section of a view with some of its fields changed.

    Args:
        section: the layout, style, film or camera as it is.
        changes: new values by field.
        what: what the reader calls the section, for errors.
        stored: fields whose name is not the option's, by option.

    Raises:
        OptionError: a field that the section does not have, or a value out of its range.

    Example:
        >>> changed(LayoutView(), {"gap": 8}, what="layout").gap
        8.0
    """
    fields = {field.name: field for field in msgspec.structs.fields(type(section))}
    checked = {}
    for option, value in changes.items():
        name = (stored or {}).get(option, option)
        if name not in fields:
            raise unknown(option, fields, what=f"option of {what}")
        checked[name] = _checked(option, value, fields[name].type)
    for name, value in checked.items():
        CHECKS.get(name, lambda _: None)(value)
    return msgspec.structs.replace(section, **checked)


def head_number(number: object) -> int | None:
    """The number of a head, or None for all.

    Raises:
        OptionError: it is no whole number from 0.
    """
    given = plain(number)
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given
    raise OptionError(f"head({number!r}) cannot be used", hint="a whole number from 0, or None for all heads")


def _checked(name: str, value: object, kind: Any) -> Any:
    """A value in the field's type and range; NumPy's numbers count as numbers."""
    given = plain(value)
    if isinstance(given, Mapping):
        given = {str(key): str(each) for key, each in given.items()}
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        choices = get_args(kind) if get_origin(kind) is Literal else ()
        if choices and isinstance(given, str):
            raise unknown(given, choices, what=name) from None
        wanted = " or ".join(f'"{choice}"' for choice in choices) or _wanted(str(error))
        raise OptionError(f"{name}={value!r} cannot be used: it must be {wanted}") from None


def _wanted(reason: str) -> str:
    """The expectation of msgspec in words: ``Expected `float` >= 0.0`` is ``a number >= 0.0``."""
    text = reason.partition(" - at ")[0].removeprefix("Expected ").partition(", got")[0]
    for word, words in (
        ("`float | null`", "a number or None"),
        ("`float`", "a number"),
        ("`int`", "a whole number"),
        ("`bool`", "True or False"),
        ("`str`", "text"),
        ("`array`", "a list"),
    ):
        text = text.replace(word, words)
    return text
