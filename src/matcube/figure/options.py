"""Changes of a view by keyword: names and values are checked, a wrong one is answered with the near ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Literal, TypedDict, TypeVar, get_args, get_origin

import msgspec

from matcube.errors import OptionError
from matcube.layout import SCHEMES, Arrangement
from matcube.scene import colour, scales
from matcube.timeline import ALGORITHMS, MAX_TILE
from matcube.wire import Camera, FilmView, LayoutView, StyleView, Tiles


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

    theme: Literal["dark", "light", "auto"]
    palette: str
    sensitivity: str
    dot_scale: float
    contrast: float
    peak: bool
    legends: bool
    letters: bool
    guides: bool
    arrows: bool
    costs: bool
    legend_size: float


Part = TypeVar("Part", LayoutView, StyleView, FilmView, Camera)


def changed(part: Part, changes: Mapping[str, object], *, what: str) -> Part:
    """A part of a view with some of its fields changed.

    Args:
        part: the layout, style or camera as it is.
        changes: new values by field.
        what: what the reader calls the part, for errors.

    Raises:
        OptionError: a field that the part does not have, or a value out of its range.

    Example:
        >>> changed(LayoutView(), {"gap": 8}, what="layout").gap
        8.0
    """
    fields = {field.name: field for field in msgspec.structs.fields(type(part))}
    checked = {}
    for name, value in changes.items():
        if name not in fields:
            raise unknown(name, fields, what=f"option of {what}")
        checked[name] = _checked(name, value, fields[name].type)
    for name, value in checked.items():
        _CHECKS.get(name, lambda _: None)(value)
    return msgspec.structs.replace(part, **checked)


def played(
    film: FilmView, algorithm: str, each: Mapping[str, str], changes: Mapping[str, object]
) -> FilmView:
    """A film with other options; a keyword that is no option is the name of a matrix."""
    known = [field.name for field in msgspec.structs.fields(FilmView)]
    own = dict(each)
    for name, value in changes.items():
        if name in known:
            continue
        near = get_close_matches(name, known, n=1, cutoff=0.75)
        if value not in ALGORITHMS and near:
            raise unknown(name, known, what="option of animate")
        own[name] = str(value)
    for name in own.values():
        _check_algorithm(name)
    plain = {name: value for name, value in changes.items() if name in known}
    if "tiles" in plain:
        plain["tiles"] = _tiles(plain["tiles"], is_online="online" in (algorithm, *own.values()))
    order = plain.get("order")
    if isinstance(order, Sequence) and not isinstance(order, str):
        plain["order"] = "/".join(map(str, order))
    return changed(film, {**plain, "algorithm": algorithm, "each": own}, what="animate")


def _tiles(given: Any, *, is_online: bool) -> list[tuple[int, int, int]]:
    """Tiles of every level, the largest first; numbers alone are one level, a pair is that of online.

    Raises:
        OptionError: they are no sizes.
    """
    plain = given.tolist() if hasattr(given, "tolist") else given
    levels = list(plain) if isinstance(plain, Sequence) and not isinstance(plain, str) else [plain]
    if levels and not any(isinstance(level, Sequence) for level in levels):
        levels = [levels]
    pairs = [
        (one[0], MAX_TILE, one[1]) if is_online and len(one) == 2 else one for one in map(_sizes, levels)
    ]
    try:
        found: list[tuple[int, int, int]] = msgspec.convert(pairs, Tiles)
    except msgspec.ValidationError:
        hint = "sizes along i, j and k, the largest tiles first, at most three levels: 16,16,16/4,4,4"
        also = "; of queries and keys for online: 16,16" if is_online else ""
        raise OptionError(f"tiles={given!r} cannot be used", hint=hint + also) from None
    return found


def _sizes(level: Any) -> list[Any]:
    """Sizes of one level; NumPy's numbers count as numbers."""
    sizes = level if isinstance(level, Sequence) and not isinstance(level, str) else [level]
    return [one.item() if hasattr(one, "item") else one for one in sizes]


def head_number(number: object) -> int | None:
    """A head as the view names it."""
    plain = number.item() if hasattr(number, "item") else number
    if plain is None or (isinstance(plain, int) and not isinstance(plain, bool) and plain >= 0):
        return plain
    raise OptionError(f"head({number!r}) cannot be used", hint="a whole number from 0, or None for all heads")


def check_layout(layout: LayoutView) -> None:
    """Refuse what a layout names and nobody knows.

    Raises:
        OptionError: the scheme or an arrangement is unknown.
    """
    _check_scheme(layout.scheme)
    _check_root(layout.root)


def check_style(style: StyleView) -> None:
    """Refuse what a style names and nobody knows.

    Raises:
        OptionError: the palette or the sensitivity is unknown.
    """
    _check_palette(style.palette)
    _check_sensitivity(style.sensitivity)


def unknown(name: str, known: Sequence[str] | Mapping[str, object], *, what: str) -> OptionError:
    """The error for a name that is not in a list, with the near ones and the list."""
    near = [one for one in known if one.lower() == name.lower()] or get_close_matches(
        name, list(known), n=1, cutoff=0.5
    )
    meant = f"; did you mean {near[0]}?" if near else ""
    listed = ", ".join(known)
    return OptionError(f'there is no {what} "{name}"{meant}', hint=f"there are: {listed}" if listed else None)


def _checked(name: str, value: object, kind: Any) -> Any:
    """A value in the field's type and range; NumPy's numbers count as numbers."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, Mapping):
        plain = {str(key): str(one) for key, one in plain.items()}
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        choices = get_args(kind) if get_origin(kind) is Literal else ()
        if choices and isinstance(plain, str):
            raise unknown(plain, choices, what=name) from None
        wanted = " or ".join(f'"{one}"' for one in choices) or _wanted(str(error))
        raise OptionError(f"{name}={value!r} cannot be used: it must be {wanted}") from None


def _wanted(reason: str) -> str:
    """What msgspec wanted, in words: ``Expected `float` >= 0.0`` is ``a number >= 0.0``."""
    text = reason.partition(" - at ")[0].removeprefix("Expected ").partition(", got")[0]
    for word, plain in (
        ("`float | null`", "a number or None"),
        ("`float`", "a number"),
        ("`int`", "a whole number"),
        ("`bool`", "True or False"),
        ("`str`", "text"),
        ("`array`", "a list"),
    ):
        text = text.replace(word, plain)
    return text


def _check_scheme(name: str) -> None:
    if name not in SCHEMES and name != "custom":
        raise unknown(name, list(dict.fromkeys([*SCHEMES, "custom"])), what="layout")


def _check_root(text: str) -> None:
    Arrangement.parse(text)


def _check_palette(name: str) -> None:
    names = [palette.name for palette in colour.palettes()]
    if name not in names:
        raise unknown(name, names, what="palette")


def _check_sensitivity(name: str) -> None:
    if name not in scales.SENSITIVITIES:
        raise unknown(name, scales.SENSITIVITIES, what="sensitivity")


def _check_algorithm(name: str) -> None:
    if name not in ALGORITHMS:
        raise unknown(name, ALGORITHMS, what="algorithm")


_CHECKS: dict[str, Any] = {
    "algorithm": _check_algorithm,
    "scheme": _check_scheme,
    "root": _check_root,
    "palette": _check_palette,
    "sensitivity": _check_sensitivity,
}
