"""Memory that is free, as the system, the control group and the limits of the process tell it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

WEB_BYTES = 2 << 30  # of Python in a browser, whose memory ends at 4 GiB
UNKNOWN_BYTES = 4 << 30  # where nothing can be asked


def free_bytes(root: Path = Path("/")) -> int:
    """Bytes that this process can still take: the least of what each source says.

    On Linux ``MemAvailable``, the limits of control groups (versions 1 and 2) and ``RLIMIT_AS``; on Windows
    the available physical memory; elsewhere half of the physical memory.

    Args:
        root: the folder that has ``proc`` and ``sys``.
    """
    if sys.platform == "emscripten":
        return WEB_BYTES
    known = [*_available(root), *_groups(root), *_address_space(root)]
    return max(0, min(known)) if known else _physical()


def _available(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            yield int(value.split()[0]) * 1024


def _groups(root: Path) -> Iterator[int]:
    """What each control group above this process leaves; files that it can give back are not in use."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        names = _VERSION_1 if controllers else _VERSION_2
        group = top / path.strip("/")
        for folder in (group, *group.parents):
            yield from _left(folder, *names)
            if folder == top:
                break


_VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_VERSION_2 = ("memory.max", "memory.current", "inactive_file")


def _left(folder: Path, limit: str, usage: str, returnable: str) -> Iterator[int]:
    most, used = _number(folder / limit), _number(folder / usage)
    if most is not None and used is not None:
        stat = dict(line.split()[:2] for line in _lines(folder / "memory.stat") if " " in line)
        yield most - used + int(stat.get(returnable, 0))


def _address_space(root: Path) -> Iterator[int]:
    try:
        import resource
    except ImportError:  # Windows
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    pages = _lines(root / "proc/self/statm")
    if most != resource.RLIM_INFINITY:
        yield most - (int(pages[0].split()[0]) * resource.getpagesize() if pages else 0)


def _physical() -> int:
    if sys.platform == "win32":
        import ctypes

        status = (ctypes.c_ulonglong * 8)(64)  # dwLength and dwMemoryLoad, total, available, …
        ctypes.windll.kernel32.GlobalMemoryStatusEx(status)
        return int(status[2])
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return UNKNOWN_BYTES


def _number(path: Path) -> int | None:
    text = "".join(_lines(path))
    return int(text) if text.isdecimal() else None  # "max": no limit


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
