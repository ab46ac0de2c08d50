"""What ``pip install`` puts on a machine: everything a figure needs, built without node, with its types."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import matcube

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
Command = list[str | Path]
NEEDED = [
    "matcube/py.typed",
    "matcube/__main__.py",
    "matcube/outputs/assets/viewer.js",
    "matcube/outputs/assets/viewer.css",
    "matcube/outputs/assets/page.css",
    "matcube/outputs/assets/compare.js",
    "matcube/outputs/assets/compare.css",
    "matcube/data/demo_head.safetensors",
    "matcube/data/gallery.json",
    "matcube/data/NOTICE",
    "matcube/data/LICENSE-APACHE-2.0.txt",
    "matcube/data/fonts/LICENSE-DejaVu.txt",
]


def build(kind: str, source: Path, out: Path) -> Path:
    """A wheel or an sdist of a source tree, built without a network, and where no node is to be found."""
    environment = {**os.environ, "PATH": str(Path(sys.executable).parent)}
    command: Command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out]
    subprocess.run(command, cwd=source, check=True, env=environment, timeout=120, capture_output=True)
    (path,) = out.iterdir()
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the tree's wheel."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    """The tree's wheel."""
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree that the sdist holds."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, folder / "built")) as archive:
        archive.extractall(folder / "source", filter="data")
    (tree,) = (folder / "source").iterdir()
    return tree


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel alone; its dependencies are read from where the tests run."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=60)
    pip: Command = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    options: Command = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, built], check=True, timeout=120, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    shared = [path for path in sys.path if path.endswith("-packages")]
    (packages / "dependencies.pth").write_text("\n".join(shared))
    return folder


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
    assert "matcube = matcube.cli.entry:run" in wheel.read(entry).decode()
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


def test_the_sdist_holds_the_sources_of_the_wheel(unpacked: Path, wheel: zipfile.ZipFile) -> None:
    again = zipfile.ZipFile(build("wheel", unpacked, unpacked.parent / "wheel"))
    assert sorted(again.namelist()) == sorted(wheel.namelist())
    for name in ("Makefile", "tools/bootstrap.sh", "viewer/build.mjs", "tests/house/test_package.py"):
        assert (unpacked / name).is_file()


def run(installed: Path, *command: str | Path, cwd: Path) -> str:
    """What a command of the new environment prints."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_installed_command_saves_a_figure(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "matcube"
    where = "import matcube; print(matcube.__file__)"
    assert run(installed, installed / "bin" / "python", "-c", where, cwd=tmp_path).startswith(str(installed))
    assert run(installed, command, "--version", cwd=tmp_path) == f"matcube {matcube.__version__}\n"
    leaves = ("--let", "A=gaussian(8,4)", "--let", "B=gaussian(4,6)")
    run(installed, command, "save", "A @ B", *leaves, "out.html", "out.png", cwd=tmp_path)
    assert (tmp_path / "out.html").stat().st_size > 50_000
    assert (tmp_path / "out.png").stat().st_size > 1_000


def test_a_program_of_a_user_is_type_checked(installed: Path, tmp_path: Path) -> None:
    """Strict, without the sources in reach; the program's ignored lines must be errors, or mypy says so."""
    options: Command = ["--strict", "--config-file=", "--cache-dir", tmp_path / "cache"]
    interpreter: Command = ["--python-executable", installed / "bin" / "python"]
    program = Path(__file__).parent / "consumer.py"
    command: Command = [sys.executable, "-m", "mypy", *options, *interpreter, program]
    assert "Success" in run(installed, *command, cwd=tmp_path)
