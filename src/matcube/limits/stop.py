"""A wish that long work stops: whoever computes asks between two steps, whoever waits says it.

The wish travels in a context variable, so that no function passes it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from matcube.errors import StoppedError

Item = TypeVar("Item")

_wish: ContextVar[Callable[[], bool] | None] = ContextVar("stop", default=None)


@contextmanager
def stopped_by(wish: Callable[[], bool]) -> Iterator[None]:
    """Work in this block stops as soon as ``wish`` returns True.

    Args:
        wish: asked often, also from other threads: ``threading.Event().is_set``.
    """
    token = _wish.set(wish)
    try:
        yield
    finally:
        _wish.reset(token)


def check_stop() -> None:
    """End the work of this block if that is wanted.

    Raises:
        StoppedError: it is.

    Example:
        >>> check_stop()
    """
    wish = _wish.get()
    if wish is not None and wish():
        raise StoppedError("stopped: the picture is the one of before")


def steps(items: Iterable[Item]) -> Iterator[Item]:
    """The items of a long loop, as long as nobody wants it to stop.

    Args:
        items: what the loop runs over.

    Raises:
        StoppedError: somebody does.

    Example:
        >>> list(steps("ab"))
        ['a', 'b']
    """
    for item in items:
        check_stop()
        yield item
