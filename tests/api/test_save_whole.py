"""A file that is being saved is whole at any time: a kill or a full disk leaves the earlier one."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import matcube as mc
from matcube.api.save import WRITERS

OPTIONS: Any = {"size": (64, 48), "seconds": 0.5, "fps": 4}
KILLED = f"""
import os, signal, sys
import matcube as mc

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

fig = mc.figure("A @ B", A="eye(2, 2)", B="eye(2, 2)").animate("dot_row")
setattr(os, sys.argv[2], killed)
fig.save(sys.argv[1], **{OPTIONS})
"""
FILM = mc.figure("A @ B", A="eye(2, 2)", B="eye(2, 2)").animate("dot_row")


@pytest.mark.parametrize("moment", ["fsync", "replace"])
@pytest.mark.parametrize("form", WRITERS)
def test_a_kill_leaves_the_earlier_file(tmp_path: Path, form: str, moment: str) -> None:
    path = tmp_path / f"cube.{form}"
    path.write_bytes(b"earlier")
    code = [sys.executable, "-c", KILLED, str(path), moment]
    assert subprocess.run(code, check=False).returncode == -signal.SIGKILL
    assert path.read_bytes() == b"earlier"


def test_what_a_kill_left_is_removed_by_the_next_save(tmp_path: Path) -> None:
    """Old and locked by nobody: a file that is being written, and those of others, stay."""
    import fcntl

    path, other = tmp_path / "cube.json", tmp_path / ".cube.json-notes.txt"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, str(path), "fsync"], check=False)
    left, young = sorted(tmp_path.glob(".cube.json-*.matcube"))
    locked = tmp_path / ".cube.json-12345678.matcube"
    for file in (other, locked):
        file.write_bytes(b"mine")
    for file in (left, locked, other):
        os.utime(file, (0, 0))
    (tmp_path / ".cube.json-87654321.matcube").symlink_to(other)
    with locked.open("r+b") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        FILM.save(path)
    assert not left.exists()
    assert young.exists() and locked.exists() and other.read_bytes() == b"mine"
    os.utime(young, (0, 0))
    FILM.save(path)
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".cube.json-87654321.matcube", other, path]


@pytest.mark.parametrize("form", WRITERS)
def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path, form: str) -> None:
    import resource

    path = tmp_path / f"cube.{form}"
    path.write_bytes(b"earlier")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(mc.MatcubeError, match="File too large"):
            FILM.save(path, **OPTIONS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]
