"""The memory that work may take: a share of what is free, or a number of the reader's own.

The first of: ``fig.compute(memory=…)``, ``MATCUBE_MEMORY`` (``--memory`` sets it), half of what is free.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from matcube.errors import LimitError, OptionError
from matcube.limits.free import free_bytes

VARIABLE = "MATCUBE_MEMORY"
SHARE = 0.5

_own: ContextVar[str | None] = ContextVar("memory", default=None)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class MemoryLimit(NamedTuple):
    """The most bytes that work may take, and the words that say why."""

    bytes: int
    why: str


def memory_limit() -> MemoryLimit:
    """The limit for work that begins now.

    Raises:
        OptionError: ``MATCUBE_MEMORY`` cannot be read.
    """
    text = _own.get() or os.environ.get(VARIABLE)
    free = free_bytes()
    if text:
        return MemoryLimit(read_size(text, free), f"the limit that was set, {text}")
    return MemoryLimit(int(free * SHARE), f"half of the {size_text(free)} that are free")


@contextmanager
def allowed(memory: str | None) -> Iterator[None]:
    """Work in this block may take so much memory.

    Args:
        memory: ``"8GB"``, ``"80%"``; None leaves the limit as it is.

    Raises:
        OptionError: the text cannot be read.
    """
    if memory is not None:
        read_size(memory, 0)
    token = _own.set(memory or _own.get())
    try:
        yield
    finally:
        _own.reset(token)


def check_memory(needed: int, subject: str, *, detail: str = "", instead: str = "", allow: str = "") -> None:
    """Refuse work that takes more memory than it may.

    Args:
        needed: bytes that the work takes at its peak, estimated before it begins.
        subject: the work or the thing, as the subject of the sentence: ``"big.npz"``.
        detail: what needs most of it, as the end of the sentence.
        instead: a remedy that needs less.
        allow: how to allow more; empty for the option of ``compute``.

    Raises:
        LimitError: the number, the limit and its origin, and how to allow more where there is more.

    Example:
        >>> check_memory(1 << 10, "a small matrix")
    """
    limit = memory_limit()
    if needed <= limit.bytes:
        return
    more = allow or f'fig.compute(memory="{_rounded_up(needed)}") allows it'
    hints = [instead, more if allow or needed < free_bytes() * 0.95 else ""]
    raise LimitError(
        f"{subject} would take about {size_text(needed)} of memory, and {size_text(limit.bytes)} may be used "
        f"({limit.why}){detail and ': ' + detail}",
        hint="; ".join(hint for hint in hints if hint) or None,
    )


def read_size(text: str, free: int) -> int:
    """Bytes of ``"8GB"``, ``"1.5 GiB"``, ``"500M"`` or ``"80%"`` of what is free.

    Args:
        text: a number with its unit.
        free: bytes that are free.

    Raises:
        OptionError: it cannot be read.

    Example:
        >>> read_size("8GB", 0), read_size("1.5 GiB", 0), read_size("80%", 1000)
        (8000000000, 1610612736, 800)
    """
    found = re.fullmatch(
        r"(\d{1,12}(?:\.\d{1,6})?)\s*(?:([KMGT]?)(I?)B?|(%))", str(text).strip().upper(), re.ASCII
    )
    if found is None or (found[4] and float(found[1]) > 100) or (found[3] and not found[2]):
        raise OptionError(
            f'memory "{text}" cannot be read', hint="a size or a share of what is free: 8GB or 80%"
        )
    number, unit, binary, percent = found.groups()
    if percent:
        return int(free * float(number) / 100)
    power = list(_UNITS).index(unit or "")
    return int(float(number) * (1024**power if binary else 1000**power))


def size_text(count: int) -> str:
    """Bytes in words.

    Example:
        >>> size_text(999), size_text(4_294_967_296), size_text(10**14)
        ('999 bytes', '4.3 GB', '100 TB')
    """
    for unit, size in reversed(_UNITS.items()):
        if unit and count >= size:
            number = count / size
            return f"{number:,.0f} {unit}B" if number >= 100 else f"{number:.2g} {unit}B"
    return f"{count} bytes"


def _rounded_up(count: int) -> str:
    return f"{-(-count // 10**9)}GB" if count > 10**9 else f"{-(-count // 10**6)}MB"
