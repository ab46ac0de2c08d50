"""Files that are whole at any time: written beside their place, then renamed into it."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from itertools import islice
from pathlib import Path

from matcube.errors import DataError

SUFFIX = ".matcube"  # of a file that is being written
STALE_SECS = 60.0  # older and unlocked: left behind by a process that was killed
MAX_LISTED = 10_000  # names of a folder that are looked at

_unfinished: set[Path] = set()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; until it is complete, and after a failure, the path has the earlier content.

    Devices and pipes, and files in a folder that takes no other file, are written in place.

    Args:
        path: the file; a link is followed.
        data: its new content.

    Raises:
        DataError: the file cannot be written.
    """
    target = path.resolve()
    try:
        if _is_replaceable(target):
            _replace(target, data)
        else:
            target.write_bytes(data)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}") from None


def _is_replaceable(target: Path) -> bool:
    if target.exists():
        return target.is_file() and os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)
    return True


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    prefix = _prefix(target)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=SUFFIX)
    _unfinished.add(Path(temporary))
    try:
        with os.fdopen(handle, "wb") as stream:
            _lock(handle)
            _remove_stale(target.parent, prefix, before=os.fstat(handle).st_mtime - STALE_SECS)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # on the disk before it takes the place of the old one
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
        _sync_folder(target.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    finally:
        _unfinished.discard(Path(temporary))


def remove_unfinished() -> None:
    """Remove what would be left of files that are being written, by a process that ends at once."""
    for temporary in list(_unfinished):
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _prefix(target: Path) -> str:
    """The first characters of a file's temporary name, which must not be longer than a system takes."""
    return f".{os.fsencode(target.name)[:200].decode(errors='ignore')}-"


def _remove_stale(folder: Path, prefix: str, *, before: float) -> None:
    """Remove what processes that were killed have left of a file: old, ours and unlocked."""
    name = re.compile(rf"{re.escape(prefix)}\w{{8}}{re.escape(SUFFIX)}")
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, MAX_LISTED):
            if name.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_if_stale(entry.path, before)


def _remove_if_stale(path: str, before: float) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        about = os.fstat(handle)
        is_ours = stat.S_ISREG(about.st_mode) and (not hasattr(os, "getuid") or about.st_uid == os.getuid())
        if is_ours and about.st_mtime < before and _lock(handle):
            Path(path).unlink(missing_ok=True)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock a file as long as it is open; False where another process has it."""
    try:
        import fcntl
    except ImportError:  # elsewhere a file that is open cannot be removed
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: only its age tells
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """The new name on the disk too, where a system can open folders; some file systems cannot sync them."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    """The mask of the process, which can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
