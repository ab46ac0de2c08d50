"""Options of a film by keyword: the algorithm, those of single matrices, and tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import msgspec

from matcube.api.options import changed
from matcube.api.renamed import warn_renamed
from matcube.api.vocabulary import Fusion
from matcube.engine.checks import check_algorithm
from matcube.errors import OptionError, unknown
from matcube.errors.values import bounded
from matcube.timeline import ALGORITHMS, MAX_TILE
from matcube.wire import FilmView, Tiles

MOST_SIZES = 9  # three levels along i, j and k
OUTSIDE = 7  # frames from the warning to the caller of ``Figure.animate``


class AnimateChanges(TypedDict, total=False):
    """Keywords of ``Figure.animate``."""

    fuse: Fusion
    tiles: Sequence[int] | Sequence[Sequence[int]] | int
    order: str | Sequence[str]
    time: float
    speed: float
    loop: bool
    hide_inputs: bool
    spin: float


_INSTEAD = {
    "duration": "the page plays a film in 20 s / speed; a saved one lasts fig.save(file, seconds=10)",
    "seconds": "the page plays a film in 20 s / speed; a saved one lasts fig.save(file, seconds=10)",
    "fps": 'frames per second are those of a saved film: fig.save("film.gif", fps=20)',
}


def played(
    film: FilmView, algorithm: str, each: Mapping[str, str], changes: Mapping[str, object]
) -> FilmView:
    """A film with other options.

    Args:
        film: film of the view.
        algorithm: name of the algorithm of every contraction.
        each: algorithms of single contractions, by name.
        changes: options of the film by keyword.

    Raises:
        OptionError: an unknown option or algorithm, or a value out of its range.
    """
    own = {**each, **_old_each(changes)}
    for name in own.values():
        check_algorithm(name)
    plain = {name: value for name, value in changes.items() if name not in own}
    for name in plain:
        if name not in AnimateChanges.__annotations__:
            raise _no_option(name)
    if "tiles" in plain:
        plain["tiles"] = _tiles(plain["tiles"], is_online="online" in (algorithm, *own.values()))
    order = plain.get("order")
    if isinstance(order, Sequence) and not isinstance(order, str):
        plain["order"] = "/".join(map(str, bounded(order, MOST_SIZES, "order")))
    own_options = {**plain, "algorithm": algorithm, "each": own}
    return changed(film, own_options, what="animate", stored={"time": "t"})


def _old_each(changes: Mapping[str, object]) -> dict[str, str]:
    """Matrices that are named by keyword, as before ``each``; they warn."""
    old = {
        name: str(value)
        for name, value in changes.items()
        if name not in AnimateChanges.__annotations__ and value in ALGORITHMS
    }
    for name, algorithm in old.items():
        warn_renamed(f'{name}="{algorithm}"', f'each={{"{name}": "{algorithm}"}}', stacklevel=OUTSIDE)
    return old


def _no_option(name: str) -> OptionError:
    error = unknown(name, AnimateChanges.__annotations__, what="option of animate")
    return OptionError(error.message, hint=_INSTEAD.get(name, error.hint))


def _tiles(given: Any, *, is_online: bool) -> list[tuple[int, int, int]]:
    """Tiles of every level, the largest first; numbers alone are one level, a pair is that of online.

    Raises:
        OptionError: they are no sizes.
    """
    if getattr(given, "ndim", 0) and given.size > MOST_SIZES:
        raise OptionError(f"tiles has more than {MOST_SIZES} sizes")
    plain = given.tolist() if hasattr(given, "tolist") else given
    is_list = isinstance(plain, Sequence) and not isinstance(plain, str)
    levels = bounded(plain, MOST_SIZES, "tiles") if is_list else [plain]
    if levels and not any(isinstance(level, Sequence) for level in levels):
        levels = [levels]
    pairs = [
        (sizes[0], MAX_TILE, sizes[1]) if is_online and len(sizes) == 2 else sizes
        for sizes in map(_sizes, levels)
    ]
    try:
        tiles: list[tuple[int, int, int]] = msgspec.convert(pairs, Tiles)
    except msgspec.ValidationError:
        hint = "sizes along i, j and k, the largest tiles first, at most three levels: 16,16,16/4,4,4"
        also = "; of queries and keys for online: 16,16" if is_online else ""
        raise OptionError(f"tiles={given!r} cannot be used", hint=hint + also) from None
    return tiles


def _sizes(level: Any) -> list[Any]:
    """Sizes of one level; NumPy's numbers count as numbers."""
    is_list = isinstance(level, Sequence) and not isinstance(level, str)
    sizes = bounded(level, MOST_SIZES, "tiles") if is_list else [level]
    return [size.item() if hasattr(size, "item") else size for size in sizes]
