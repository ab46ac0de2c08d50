"""The start of the command: Ctrl-C ends it within a second and in silence, whatever runs."""

from __future__ import annotations

import os
import signal
import socket
import sys
from threading import Thread, current_thread, main_thread
from time import sleep

INTERRUPTED = 130  # as in cli.main, which is not imported yet
GRACE_SECS = 0.6  # for a clean end, before the process is ended in the middle of a long step of NumPy


def run() -> None:
    """Run ``matcube``: what the console script and ``python -m matcube`` call."""
    is_heard = (
        current_thread() is main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if is_heard:  # not in a background job, which ignores Ctrl-C
        _watch_for_interrupt()
    try:
        from matcube.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        if is_heard:  # nothing is left to do that could end more cleanly
            signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def _watch_for_interrupt() -> None:
    """Python hears Ctrl-C between two steps alone; a byte on a socket is written at once."""
    heard, alarm = socket.socketpair()
    alarm.setblocking(False)
    signal.set_wakeup_fd(alarm.fileno(), warn_on_full_buffer=False)
    Thread(target=_end_after_interrupt, args=(heard, alarm), name="matcube Ctrl-C", daemon=True).start()


def _end_after_interrupt(heard: socket.socket, _alarm: socket.socket) -> None:
    """End the process after Ctrl-C, if it still runs after the time of grace."""
    while signal.SIGINT not in heard.recv(64):
        pass
    sleep(GRACE_SECS)
    files = sys.modules.get("matcube.outputs.files")
    if files is not None:
        files.remove_unfinished()
    os._exit(INTERRUPTED)
