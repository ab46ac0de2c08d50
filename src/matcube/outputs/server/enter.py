"""The Enter key of a terminal, heard while something else runs there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from threading import Event, Thread

LOOK_AFTER_SECS = 0.25


def terminal() -> int | None:
    """The terminal that the reader types into, as a file descriptor; None without one."""
    try:
        return sys.stdin.fileno() if sys.stdin.isatty() else None
    except (AttributeError, OSError, ValueError):
        return None


def hear_enter(terminal: int, heard: Callable[[], None], ending: Event) -> None:
    """Call back, from a thread, after each line that is typed into a terminal, until it or its reader ends.

    Args:
        terminal: its file descriptor.
        heard: called without arguments.
        ending: set when lines are of no use any longer.
    """
    Thread(target=_listen, args=(terminal, heard, ending), name="matcube Enter", daemon=True).start()


def _listen(terminal: int, heard: Callable[[], None], ending: Event) -> None:
    # By its descriptor: a thread that waits in sys.stdin holds a lock, and Python cannot end.
    try:
        while _is_ready(terminal, ending):
            if not os.read(terminal, 1024):
                return
            heard()
    except OSError:  # the terminal was closed
        return


def _is_ready(terminal: int, ending: Event) -> bool:
    """Wait for a line; False when lines are of no use. A background job that reads would be stopped."""
    if os.name != "posix":
        return not ending.is_set()
    import select

    while not ending.is_set():
        if not select.select([terminal], [], [], LOOK_AFTER_SECS)[0]:
            continue
        if _is_ours(terminal):
            return True
        ending.wait(LOOK_AFTER_SECS)
    return False


def _is_ours(terminal: int) -> bool:
    """Whether what is typed is meant for this program, not for another one in front of it."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:  # no terminal that controls programs
        return True
