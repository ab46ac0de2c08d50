"""Files that are whole at any time: written beside their place, then renamed into it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from matcube.errors import DataError

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
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    _unfinished.add(Path(temporary))
    try:
        with os.fdopen(handle, "wb") as stream:
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
