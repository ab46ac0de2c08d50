"""Progress of long work, on stderr."""

from __future__ import annotations

import os
import sys
import time
from threading import Event, Thread

import click

from matcube.cli.notes import is_quiet
from matcube.errors.words import printable

PATIENCE_SECS = 1.0


class ProgressLine:
    """Says on stderr how far long work is, once a second from the second second on.

    A terminal has one line that changes; elsewhere lines follow each other, ever more rarely.
    """

    def __init__(self) -> None:
        self._text = "the first step"
        self._began_secs = time.monotonic()
        self._ended = Event()
        self._thread = Thread(target=self._watch, name="matcube progress", daemon=True)
        self._on_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._is_quiet = is_quiet()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Called after every step."""
        self._text = f"{done} of {total} done: {printable(name[:60])}"

    def __enter__(self) -> ProgressLine:
        """Begin to watch."""
        if not self._is_quiet:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """The work has ended."""
        self._ended.set()
        if not self._is_quiet:
            self._thread.join()

    def _watch(self) -> None:
        wait_secs, is_shown = PATIENCE_SECS, False
        while not self._ended.wait(wait_secs):
            is_shown = True
            text = f"{self._text}, {time.monotonic() - self._began_secs:.0f} s"
            if self._on_terminal:
                click.echo(f"\r\x1b[K{text}", err=True, nl=False)
            else:
                click.echo(text, err=True)
                wait_secs = min(2 * wait_secs, 16 * PATIENCE_SECS)
        if is_shown and self._on_terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
