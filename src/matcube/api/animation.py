"""Options of a film by keyword: the algorithm, those of single matrices, and tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from matcube.api.options import changed
from matcube.engine.checks import check_algorithm
from matcube.errors import OptionError, unknown
from matcube.errors.words import near
from matcube.timeline import ALGORITHMS, MAX_TILE
from matcube.wire import FilmView, Tiles


def played(
    film: FilmView, algorithm: str, each: Mapping[str, str], changes: Mapping[str, object]
) -> FilmView:
    """A film with other options; a keyword that is no option is the name of a matrix."""
    known = [field.name for field in msgspec.structs.fields(FilmView)]
    own = dict(each)
    for name, value in changes.items():
        if name in known:
            continue
        if value not in ALGORITHMS and near(name, known, cutoff=0.75):
            raise unknown(name, known, what="option of animate")
        own[name] = str(value)
    for name in own.values():
        check_algorithm(name)
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
