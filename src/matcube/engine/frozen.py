"""Immutable views: tuples and read-only mappings in place of lists and dictionaries."""

from __future__ import annotations

import operator
from typing import Any, NoReturn, cast

import msgspec

from matcube.wire import View


class FrozenDict(dict[str, Any]):
    """A dictionary that refuses changes; it encodes, compares and prints as any other."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a figure's state is read-only; its methods give changed figures")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled and copied as its items."""
        return FrozenDict, (dict(self),)

    def __or__(self, other: Any) -> Any:
        """A plain dictionary of both."""
        return dict(self) | other


def frozen(view: View) -> View:
    """A view with its lists as tuples and its dictionaries read-only, at every depth.

    Example:
        >>> frozen(View(hidden=(2,), partition={"A.rows": 4})).partition.clear()
        Traceback (most recent call last):
        ...
        TypeError: a figure's state is read-only; its methods give changed figures
    """
    return cast("View", _frozen(view))


def _frozen(value: Any) -> Any:
    match value:
        case msgspec.Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            changed = {name: new for name, old in fields.items() if (new := _frozen(old)) is not old}
            return msgspec.structs.replace(value, **changed) if changed else value
        case FrozenDict():
            return value
        case dict():
            return FrozenDict({key: _frozen(item) for key, item in value.items()})
        case list() | tuple():
            new = tuple(map(_frozen, value))
            is_same = isinstance(value, tuple) and all(map(operator.is_, value, new))
            return value if is_same else new
    return value
