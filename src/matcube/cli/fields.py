"""``--set style.contrast=2`` and ``--view yaw=30``: any field of a figure's layout, style, view or film."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, get_args

import click

from matcube.cli.types import Type, completions
from matcube.errors import OptionError, unknown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from matcube.api.figure import Figure

PARTS = ("layout", "style", "view", "film")
_OPTIONS = {"t": "time"}  # the option of a field with another name
_PYTHON = {"True": True, "False": False, "None": None}


class Field(Type):
    """``style.contrast=2``: a part, one of its fields, and a value."""

    name = "field"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The part, the field and its value."""
        if isinstance(value, tuple):
            return value
        field, equals, text = str(value).partition("=")
        part, dot, name = field.strip().partition(".")
        if not (equals and dot and name):
            return self.fail(f'"{value}" cannot be read\n  hint: write --set style.contrast=2', param, ctx)
        if part not in PARTS:
            return self.fail(str(unknown(part, PARTS, what="part of a figure")), param, ctx)
        return part, name, read_value(text)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """All fields."""
        return completions(incomplete, *(f"{part}.{name}=" for part in PARTS for name in fields_of(part)))


class Looking(Type):
    """``yaw=30,pitch=20``: fields of the view."""

    name = "view"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Each field with its value."""
        if isinstance(value, tuple):
            return value
        pairs = [each.partition("=") for each in str(value).split(",")]
        if not all(name.strip() and equals for name, equals, _ in pairs):
            return self.fail(f'"{value}" cannot be read\n  hint: write --view yaw=30,pitch=20', param, ctx)
        return tuple(("view", name.strip(), read_value(text)) for name, _, text in pairs)


def read_value(text: str) -> Any:
    """A number, true, false, null, a list or an object as in JSON; anything else is text.

    Example:
        >>> read_value("2"), read_value("wheel"), read_value("[3]"), read_value("True")
        (2, 'wheel', [3], True)
    """
    plain = text.strip()
    if plain in _PYTHON:
        return _PYTHON[plain]
    try:
        return json.loads(plain, parse_constant=str)
    except ValueError:
        return plain


def by_part(given: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    """Values by part and field; of two for one field the last."""
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for part, name, value in given:
        parts[part][name] = value
    return parts


def edited(part: str, edit: Callable[[], Figure]) -> Figure:
    """A figure with some of its fields changed; an error about a value says the whole range.

    Raises:
        OptionError: an unknown field, or a value out of its range.
    """
    try:
        return edit()
    except OptionError as error:
        name = error.message.partition("=")[0]
        kinds = fields_of(part)
        text = range_text(kinds[name]) if name in kinds else ""
        if error.hint or not text:
            raise
        raise OptionError(error.message, hint=f"{part}.{name} is {text}") from None


def fields_of(part: str) -> dict[str, Any]:
    """The fields of a part with their types."""
    import msgspec

    from matcube.api.camera import ViewChanges
    from matcube.wire import Camera, FilmView, LayoutView, StyleView

    if part == "view":
        camera = {field.name: field.type for field in msgspec.structs.fields(Camera)}
        del camera["yaw"], camera["pitch"]  # a link has them in radians
        return {name: camera.get(name) for name in ViewChanges.__annotations__}
    structs: dict[str, type[msgspec.Struct]] = {"layout": LayoutView, "style": StyleView, "film": FilmView}
    fields = {field.name: field.type for field in msgspec.structs.fields(structs[part])}
    return {_OPTIONS.get(name, name): kind for name, kind in fields.items()}


def range_text(kind: Any) -> str:
    """The range of a field in words: ``from 0.05 to 20``; empty where any value goes."""
    low = high = None
    for limits in _metadata(kind):
        low = limits.ge if limits.ge is not None else low
        high = limits.le if limits.le is not None else high
    if low is None or high is None or high >= 1e9:
        return "" if low is None else f"from {low:g}"
    return f"from {low:g} to {high:g}"


def _metadata(kind: Any) -> list[Any]:
    """The limits in a type, also in a union."""
    here = [each for each in getattr(kind, "__metadata__", ()) if hasattr(each, "ge")]
    return here or [limits for each in get_args(kind) for limits in _metadata(each)]
