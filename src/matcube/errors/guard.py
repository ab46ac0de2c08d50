"""The guard round what is public: whatever goes wrong in it ends as an error of matcube.

``TypeError`` for arguments that a function does not have stays as Python raises it, and so do warnings and
exceptions of other packages, which a callback of the caller may raise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType, TracebackType
from typing import Any, ParamSpec, TypeVar

from matcube.errors import DataError, LimitError, MatcubeError, OptionError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Kind = TypeVar("Kind", bound=type)

# Where the classes of exceptions come from that are turned into errors of matcube.
_OURS = frozenset(
    ("builtins", "msgspec", "numpy", "zlib", "struct", "json", "binascii", "zipfile", "PIL", "av")
)
_CALLING = (__name__, "matcube.api.renamed")  # frames in which Python binds arguments


def guarded(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A function of which only errors of matcube reach the caller.

    Example:
        >>> @guarded
        ... def first(values):
        ...     return values[0]
        >>> first([])
        Traceback (most recent call last):
        matcube.errors.OptionError: first() cannot use what it was given: IndexError: list index out of range
    """

    @wraps(function)
    def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except MatcubeError:
            raise
        except Exception as error:
            if (own := turned(error, f"{function.__name__.lstrip('_')}()")) is None:
                raise
            raise own from error

    return call


def guarded_class(kind: Kind) -> Kind:
    """A class whose public methods and properties are guarded."""
    for name, member in list(vars(kind).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, FunctionType):
            own = guarded(member)
            own.__module__, own.__qualname__ = kind.__module__, f"{kind.__qualname__}.{name}"  # for pickle
            setattr(kind, name, own)
        elif isinstance(member, property) and member.fget is not None:
            setattr(kind, name, property(guarded(member.fget), doc=member.__doc__))
    return kind


def turned(error: Exception, what: str) -> MatcubeError | None:
    """The error of matcube for another exception; None where that stays as it is.

    Args:
        error: the exception.
        what: what was done, in the words of the error: ``"save()"``.

    Example:
        >>> turned(KeyError("x"), "save()").message
        "save() cannot use what it was given: KeyError: 'x'"
    """
    package = type(error).__module__.partition(".")[0]
    if isinstance(error, Warning) or package not in _OURS:
        return None
    if isinstance(error, TypeError) and _last(error.__traceback__) in _CALLING:
        return None
    if isinstance(error, OSError):
        place = "" if error.filename is None else f": {error.filename}"
        return DataError(f"{what} failed: {error.strerror or error}{place}")
    if isinstance(error, MemoryError):
        return LimitError(f"{what}: there is not enough memory")
    if isinstance(error, RecursionError):
        return LimitError(f"{what}: what it was given is nested too deeply")
    return OptionError(f"{what} cannot use what it was given: {type(error).__name__}: {str(error)[:300]}")


def _last(trace: TracebackType | None) -> Any:
    """The module in which an exception was raised."""
    name: Any = None
    while trace is not None:
        name, trace = trace.tb_frame.f_globals.get("__name__"), trace.tb_next
    return name
