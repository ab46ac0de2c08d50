"""Opening an address in the reader's browser, without the address among the arguments of a program."""

from __future__ import annotations

import os
import sys
import webbrowser
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

_STEP = (
    '<!doctype html><meta charset="utf-8"><title>matcube</title>'
    '<meta http-equiv="refresh" content="0;url={url}">'
)


class Opener:
    """A page on disk, readable for this user alone, that leads to an address; removed by ``close``."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    def open(self, url: str) -> bool:
        """Open an address in the reader's browser; False without a display or a browser."""
        if sys.platform not in ("win32", "darwin") and not _has_display():
            return False
        try:
            self._folder = self._folder or TemporaryDirectory(prefix="matcube-", ignore_cleanup_errors=True)
            step = Path(self._folder.name) / "open.html"
            step.write_text(_STEP.format(url=escape(url)), encoding="utf-8")
            return webbrowser.open(step.as_uri())
        except (webbrowser.Error, OSError):
            return False

    def close(self) -> None:
        """Remove the page from the disk; a second call does nothing."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _has_display() -> bool:
    """Whether a window can open; without one ``webbrowser`` would start a text browser in the terminal."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
