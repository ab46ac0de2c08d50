"""What ``pip install`` puts on a machine: everything a figure needs, built without node."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = [
    "matcube/py.typed",
    "matcube/__main__.py",
    "matcube/outputs/assets/viewer.js",
    "matcube/outputs/assets/panel.js",
    "matcube/outputs/assets/viewer.css",
    "matcube/data/demo_head.safetensors",
    "matcube/data/gallery.json",
    "matcube/data/NOTICE",
    "matcube/data/LICENSE-APACHE-2.0.txt",
    "matcube/data/fonts/LICENSE-DejaVu.txt",
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of the tree, built where no node is to be found."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    copy.mkdir()
    for name in ("src", "pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    environment = {**os.environ, "PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*command, "--wheel-dir", folder, copy], check=True, env=environment, timeout=240, capture_output=True
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.mark.parametrize("name", NEEDED)
def test_the_wheel_holds(wheel: zipfile.ZipFile, name: str) -> None:
    assert wheel.getinfo(name).file_size > 0 or name.endswith("py.typed")


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    for name in wheel.namelist():
        assert name.startswith("matcube/") or ".dist-info/" in name
        assert "__pycache__" not in name
    assert sum(info.compress_size for info in wheel.filelist) < 2_000_000


def test_the_command_and_the_licences_are_declared(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "matcube = matcube.__main__:main" in wheel.read(entry).decode()
    licences = [name for name in wheel.namelist() if "/licenses/" in name]
    assert any(name.endswith("LICENSE") for name in licences)
    assert any(name.endswith("NOTICE") for name in licences)
    assert any(name.endswith("LICENSE-DejaVu.txt") for name in licences)


def test_base_dependencies_are_these_six(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    required = [
        line.removeprefix("Requires-Dist: ")
        for line in wheel.read(metadata).decode().splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    names = {line.split(">")[0] for line in required}
    assert names == {"numpy", "pillow", "msgspec", "click", "starlette", "uvicorn"}
