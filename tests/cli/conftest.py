"""A folder with files as a newcomer has them, and the command as the console script runs it."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from matcube.cli import main as cli


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class Binary(io.TextIOWrapper):
    """A standard stream over bytes."""

    def __init__(self, data: bytes = b"", *, is_terminal: bool = False) -> None:
        self.bytes = io.BytesIO(data)
        self._is_terminal = is_terminal
        super().__init__(self.bytes, encoding="utf-8")

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture(autouse=True)
def settings_of_nobody(tmp_path_factory, monkeypatch):
    """No test reads the settings of whoever runs it."""
    monkeypatch.setenv("MATCUBE_MEMORY", "")  # so that what --memory sets goes with the test
    monkeypatch.delenv("MATCUBE_MEMORY")
    folder = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name in ("THEME", "PALETTE", "LAYOUT", "SIZE", "PORT", "OPEN"):
        monkeypatch.delenv(f"MATCUBE_{name}", raising=False)
    return folder


@pytest.fixture
def files(tmp_path, monkeypatch) -> Path:
    """A folder with arrays in every format."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    head = {name: rng.normal(size=(6, 4)).astype("f4") for name in "QKV"}
    np.savez("head.npz", **head)  # type: ignore[arg-type]
    np.save("A.npy", np.eye(4))
    Path("B.csv").write_text("1,2\n3,4\n5,6\n7,8\n")
    Path("C.csv").write_text("1,2\n3,4\n")
    return tmp_path


@pytest.fixture
def command(capsys, monkeypatch) -> Callable[..., Ended]:
    """Runs the command in this process; ``stdin`` is what it can read."""

    def run(*arguments: str, stdin: bytes | None = None) -> Ended:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", Binary(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        code: Any = ended.value.code
        assert isinstance(code, int)
        return Ended(code, out, err)

    return run
