"""A file that is being saved is whole at any time: a kill or a full disk leaves the earlier one."""

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
