"""The bootstrap script says plainly what is missing where it cannot install it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["sh", "dirname", "mktemp", "rm", "tr", "cat", "cksum", "date", "sleep", "tail", "find", "head"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of the script on a machine with next to nothing, used by somebody who is not root."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (bin_folder / tool).symlink_to(found)
    (bin_folder / "id").write_text("#!/bin/sh\necho 1000\n")
    (bin_folder / "apt-get").write_text("#!/bin/sh\necho must not run; exit 9\n")
    for fake in ("id", "apt-get"):
        (bin_folder / fake).chmod(0o755)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "bootstrap.sh", tmp_path / "tools")
    return tmp_path


def bootstrap(folder: Path, goal: str, *, ci: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(folder / "bin"), "CI": ci}
    command = [str(folder / "bin" / "sh"), "tools/bootstrap.sh", goal]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_without_root_the_missing_packages_are_named(bare: Path) -> None:
    run = bootstrap(bare, "test")
    assert run.returncode != 0
    assert "these are missing: python3 python3-venv chromium" in run.stderr
    assert "nodejs npm" in run.stderr
    assert "must not run" not in run.stdout


def test_continuous_integration_installs_with_sudo(bare: Path) -> None:
    sudo = bare / "bin" / "sudo"
    sudo.write_text('#!/bin/sh\necho sudo "$@"; exit 9\n')
    sudo.chmod(0o755)
    run = bootstrap(bare, "test", ci="true")
    assert run.returncode != 0
    assert "sudo env DEBIAN_FRONTEND=noninteractive apt-get" in run.stderr
    assert "these are missing" in bootstrap(bare, "test").stderr


def test_the_demo_needs_neither_browser_nor_node(bare: Path) -> None:
    run = bootstrap(bare, "demo")
    assert run.returncode != 0
    assert "these are missing: python3 python3-venv (" in run.stderr


def test_a_missing_browser_alone_is_a_failure(bare: Path) -> None:
    for name, does in {"python3": "exit 0", "npm": "exit 0", "node": "echo 20"}.items():
        script = bare / "bin" / name
        script.write_text(f"#!/bin/sh\n{does}\n")
        script.chmod(0o755)
    run = bootstrap(bare, "test")
    assert run.returncode != 0
    assert "these are missing: chromium" in run.stderr


def test_an_unknown_goal_is_refused(bare: Path) -> None:
    run = bootstrap(bare, "everything")
    assert run.returncode != 0


@pytest.mark.parametrize("script", ["bootstrap.sh", "run_lint.sh", "run_tests.sh"])
def test_the_scripts_parse(script: str) -> None:
    subprocess.run(["sh", "-n", ROOT / "tools" / script], check=True, timeout=10)
