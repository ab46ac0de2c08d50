"""Old names of the public interface: each still works for two minor releases, and warns with the new one.

Old names of methods are in ``OLD_METHODS``, those of functions in ``matcube._RENAMED``; old keywords
are given to the decorator ``old_keywords``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

GONE_IN = "0.5"

OLD_METHODS = {
    "nan_report": "nonfinite",
    "page": "to_html",
    "png": "to_png",
    "url": "link",
    "viewpoint": "stop",
}

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def warn_renamed(old: str, new: str, *, stacklevel: int = 3) -> None:
    """Warn that a name is an old one.

    Args:
        old: as the caller wrote it.
        new: what to write instead.
        stacklevel: frames between the caller and this function, as in ``warnings.warn``.
    """
    text = f"{old} is now {new}; the old name goes with matcube {GONE_IN}"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel + 1)


def old_keywords(
    **new_by_old: str,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """A decorator that takes old keywords for new ones, and warns.

    Args:
        new_by_old: the new keyword of each old one.

    Example:
        >>> @old_keywords(itemsize="dtype")
        ... def devices(*, dtype="float32"):
        ...     return dtype
        >>> devices(dtype="int8")
        'int8'
    """

    def decorated(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @wraps(function)
        def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            plain: dict[str, Any] = dict(kwargs)
            for old in new_by_old.keys() & plain.keys():
                new = new_by_old[old]
                if new in plain:
                    raise TypeError(f"{function.__name__}() got both {new} and its old name {old}")
                warn_renamed(f"{old}=", f"{new}=", stacklevel=3)  # outside the guard
                plain[new] = plain.pop(old)
            return function(*args, **plain)

        return call

    return decorated
