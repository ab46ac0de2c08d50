"""Checks of arguments that come from a caller: True or False, and lists that may have no end."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from itertools import islice
from typing import Any, TypeVar

from matcube.errors import OptionError

Item = TypeVar("Item")


def plain(value: Any) -> Any:
    """NumPy's and torch's single numbers as Python's; everything else as it is."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value


def switch(value: Any, name: str) -> bool:
    """An option that is True or False, also NumPy's.

    Args:
        value: what was given.
        name: of the option, for the error.

    Raises:
        OptionError: it is something else.

    Example:
        >>> switch(3, "block")
        Traceback (most recent call last):
        matcube.errors.OptionError: block=3 cannot be used: it must be True or False
    """
    result = plain(value)
    if not isinstance(result, bool):
        raise OptionError(f"{name}={value!s:.80} cannot be used: it must be True or False")
    return result


def bounded(values: Iterable[Item], most: int, name: str) -> list[Item]:
    """A list of what a caller gave, which may have no end: it is walked no farther than ``most`` allows.

    Args:
        values: any iterable.
        most: items, at most.
        name: of the option, for the error.

    Raises:
        OptionError: there are more.

    Example:
        >>> from itertools import count
        >>> bounded(count(), 3, "tiles")
        Traceback (most recent call last):
        matcube.errors.OptionError: tiles has more than 3 items
    """
    is_long = isinstance(values, Sized) and len(values) > most
    result = [] if is_long else list(islice(values, most + 1))
    if is_long or len(result) > most:
        raise OptionError(f"{name} has more than {most:,} item{'s' * (most != 1)}")
    return result
