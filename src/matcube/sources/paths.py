"""Paths out of a reader's text, which may be too long or hold what no file system takes; files of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from matcube.errors.words import quoted


def there(path: str | Path, kind: Callable[[Path], bool] = Path.exists) -> bool:
    """Whether a path leads to something of a kind; a text that can be no path does not.

    Args:
        path: the path.
        kind: ``Path.exists``, ``Path.is_file`` or ``Path.is_dir``.

    Example:
        >>> there("x" * 100_000), there("a\\0b", Path.is_file)
        (False, False)
    """
    try:
        return kind(Path(path))
    except (OSError, ValueError):
        return False


def open_text(path: Path) -> TextIO:
    """A file of text, opened: UTF-8, or UTF-16 by its first bytes; line ends are unchanged.

    Args:
        path: the file.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return path.open(encoding="utf-16", newline="")
    if len(start) == 4 and start[1::2] == b"\0\0" and start[0]:
        return path.open(encoding="utf-16-le", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def as_utf8(path: Path) -> str:
    """A hint for a file of text in another encoding.

    Example:
        >>> as_utf8(Path("my t.csv"))
        "save it as UTF-8: iconv -f latin1 -t utf-8 'my t.csv' > utf8.csv"
    """
    return f"save it as UTF-8: iconv -f latin1 -t utf-8 {quoted(path)} > utf8{path.suffix}"
