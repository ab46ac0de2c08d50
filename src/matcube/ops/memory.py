"""The memory that matcube may take: ``MATCUBE_MEMORY`` (``8G``, or bytes), else half of what is free."""

from __future__ import annotations

import os
import re
from pathlib import Path

from matcube.errors import OptionError

_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_UNKNOWN = 8 << 30  # where the system does not say what is free


def memory_limit() -> int:
    """The most bytes that one piece of work may take.

    Raises:
        OptionError: ``MATCUBE_MEMORY`` is no number of bytes.
    """
    text = os.environ.get("MATCUBE_MEMORY", "").strip()
    if not text:
        return _free_bytes() // 2
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?(?:e\d{1,2})?)\s*([KMGT]?)(i?)B?", text, re.ASCII | re.I)
    if match is None:
        raise OptionError(f"MATCUBE_MEMORY={text} is no number of bytes", hint="MATCUBE_MEMORY=8G")
    return int(float(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].upper()])


def _free_bytes() -> int:
    """Bytes that can be had without swapping: what the system says is available."""
    try:
        meminfo = Path("/proc/meminfo").read_text()
    except OSError:
        return _UNKNOWN
    match = re.search(r"MemAvailable:\s+(\d+) kB", meminfo)
    return int(match[1]) << 10 if match else _UNKNOWN
