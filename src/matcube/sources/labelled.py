"""Labels of pandas, polars and xarray containers; none of these packages is imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matcube.sources.entries import Labels

Titles = tuple[str | None, ...]

MAX_TITLE_CHARS = 40


def labels_of(obj: Any) -> Labels:
    """The labels of each dimension of a container, as text; default indices 0, 1, 2, … do not count.

    Args:
        obj: a frame or series of pandas, a frame of polars, an array of xarray, or anything else.

    Returns:
        For each dimension its labels, or None; empty for other objects.

    Example:
        >>> from types import SimpleNamespace
        >>> labels_of(SimpleNamespace(index=range(2), columns=["x", "y"], ndim=2))
        (None, ('x', 'y'))
    """
    kind = type(obj)
    if hasattr(kind, "dims") and hasattr(kind, "coords"):  # xarray
        return tuple(_names(obj.coords[dim].values if dim in obj.coords else None) for dim in obj.dims)
    columns, index = getattr(obj, "columns", None), getattr(obj, "index", None)
    if columns is not None and not callable(columns):
        rows = None if index is None or callable(index) else _names(index)
        return rows, _names(columns)
    if index is not None and not callable(index) and getattr(obj, "ndim", 0) == 1:  # a series of pandas
        return (_names(index),)
    return ()


def titles_of(obj: Any) -> Titles:
    """Names of a container's dimensions: ``dims`` of xarray, ``index.name`` and ``columns.name`` of pandas.

    Args:
        obj: as for ``labels_of``.

    Returns:
        For each dimension its name, or None; empty where none has a name.

    Example:
        >>> from types import SimpleNamespace
        >>> titles_of(SimpleNamespace(index=SimpleNamespace(name="token"), columns=["x", "y"], ndim=2))
        ('token', None)
    """
    kind = type(obj)
    if hasattr(kind, "dims") and hasattr(kind, "coords"):  # xarray
        given = [None if dim == f"dim_{place}" else dim for place, dim in enumerate(obj.dims)]
    else:
        sides = [getattr(obj, side, None) for side in ("index", "columns")]
        given = [None if callable(side) else _level_names(side) for side in sides[: getattr(obj, "ndim", 0)]]
    titles = tuple(
        None if title is None else " ".join(str(title).split())[:MAX_TITLE_CHARS] for title in given
    )
    return titles if any(titles) else ()


def _level_names(index: Any) -> object:
    """The name of an index; of several levels all, joined as their labels are."""
    names = [name for name in getattr(index, "names", ()) or () if name is not None]
    return "/".join(map(str, names)) if len(names) > 1 else getattr(index, "name", None)


def _names(given: Iterable[Any] | None) -> tuple[str, ...] | None:
    """Labels as text, several levels joined; None for a default index."""
    if given is None:
        return None
    plain = list(given)
    names = tuple("/".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in plain)
    counted = tuple(map(str, range(len(plain))))
    is_counted = names in (counted, tuple(f"column_{number}" for number in counted))
    return None if is_counted or not names else names
