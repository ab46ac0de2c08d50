"""Each kind of contract is broken once, in a copy of the tree, and must be reported by name."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# id: (file, text, name of the contract that must be broken)
BREACHES = {
    "session knows no figure": ("session/bad.py", "import matcube.api\n", "Layers"),
    "engine knows no session": ("engine/bad.py", "def f() -> None:\n    import matcube.session\n", "Layers"),
    "a circle of files": (
        "engine/bindings.py",
        "import matcube.engine.program\n",
        "No import circle, among packages or among files",
    ),
    "upward": ("ir/bad.py", "import matcube.scene\n", "Layers"),
    "upward, inside a function": ("ops/bad.py", "def f() -> None:\n    import matcube.ir\n", "Layers"),
    "sibling": ("values/bad.py", "import matcube.layout\n", "Layers"),
    "errors import": ("errors/bad.py", "import matcube.ops\n", "Layers"),
    "a package in no layer": ("utils/__init__.py", "", "Layers"),
    "a module in no layer": ("helpers.py", "", "Layers"),
    "front page": ("ops/bad.py", "import matcube\n", "No layer imports the front page of the package"),
    "outputs see scene": (
        "outputs/bad.py",
        "import matcube.scene\n",
        "Outputs see only playback, wire and errors",
    ),
    "torch outside sources": (
        "values/bad.py",
        "import torch\n",
        "Torch, JAX and transformers only in sources",
    ),
    "jax inside a function": (
        "api/bad.py",
        "def f() -> None:\n    import jax.numpy\n",
        "Torch, JAX and transformers only in sources",
    ),
    "web server": ("scene/bad.py", "import starlette\n", "The web server only in outputs.server"),
    "widget": (
        "api/bad.py",
        "import anywidget\n",
        "The notebook widget library only in outputs.notebook",
    ),
    "plotting": ("outputs/bad.py", "import matplotlib\n", "No other plotting library anywhere"),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what import-linter reads."""
    ignored = shutil.ignore_patterns("__pycache__", "assets", "data")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(tree: Path) -> tuple[int, str]:
    """Run import-linter on the copy; return its exit status and what it printed."""
    script = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200"}
    run = subprocess.run(
        [script, "--no-cache"], cwd=tree, env=environment, capture_output=True, text=True, timeout=120
    )
    return run.returncode, run.stdout + run.stderr


def test_the_tree_keeps_its_contracts(tree: Path) -> None:
    status, output = lint_imports(tree)
    assert status == 0, output
    assert "0 broken" in output


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_named(tree: Path, breach: str) -> None:
    file, text, contract = BREACHES[breach]
    path = tree / "src" / "matcube" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)
    status, output = lint_imports(tree)
    assert status != 0
    assert f"{contract} BROKEN" in output


def test_a_circle_of_a_file_and_its_package_is_named(tree: Path) -> None:
    package = tree / "src" / "matcube" / "ops" / "__init__.py"
    package.write_text(package.read_text() + "import matcube.ops.bad\n")
    (package.parent / "bad.py").write_text("def f() -> None:\n    import matcube.ops\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tools.circles"]
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1, run.stderr
    assert "matcube.ops.bad" in run.stdout and "matcube.ops " in run.stdout


def test_outputs_must_not_import_each_other(tree: Path) -> None:
    outputs = tree / "src" / "matcube" / "outputs"
    (outputs / "one.py").write_text("import matcube.outputs.two\n")
    (outputs / "two.py").write_text("")
    status, output = lint_imports(tree)
    assert status != 0
    assert "Outputs do not import each other BROKEN" in output


def test_sources_may_import_torch(tree: Path) -> None:
    (tree / "src" / "matcube" / "sources" / "fine.py").write_text("import torch\n")
    status, output = lint_imports(tree)
    assert status == 0, output


# --- TypeScript ----------------------------------------------------------------------------------

UPWARD = [("core", "render"), ("core", "hosts"), ("render", "ui"), ("ui", "hosts")]


@pytest.fixture
def viewer(tmp_path: Path) -> Path:
    """A copy of what tsc reads, without the tests."""
    copy = tmp_path / "viewer"
    copy.mkdir()
    for config in (ROOT / "viewer").glob("tsconfig*.json"):
        shutil.copy(config, copy)
    shutil.copytree(ROOT / "viewer" / "src", copy / "src")
    (copy / "node_modules").symlink_to(ROOT / "viewer" / "node_modules")
    return copy


def tsc(viewer: Path) -> tuple[int, str]:
    """Compile the four layers of the copy."""
    command = [
        str(viewer / "node_modules" / ".bin" / "tsc"),
        "-b",
        "tsconfig.hosts.json",
        "--pretty",
        "false",
    ]
    run = subprocess.run(command, cwd=viewer, capture_output=True, text=True, timeout=120)
    return run.returncode, run.stdout + run.stderr


def test_the_viewer_compiles(viewer: Path) -> None:
    status, output = tsc(viewer)
    assert status == 0, output


@pytest.mark.parametrize(("low", "high"), UPWARD)
def test_an_upward_import_does_not_compile(viewer: Path, low: str, high: str) -> None:
    (viewer / "src" / high / "above.ts").write_text("export const above = 1;\n")
    (viewer / "src" / low / "bad.ts").write_text(f'export {{ above }} from "../{high}/above";\n')
    status, output = tsc(viewer)
    assert status != 0
    assert f"src/{low}/bad.ts" in output
    assert "TS6307" in output  # the file is not in the project's list


@pytest.mark.parametrize("name", ["document", "window", "HTMLElement", "WebGL2RenderingContext"])
def test_core_has_no_dom(viewer: Path, name: str) -> None:
    (viewer / "src" / "core" / "bad.ts").write_text(f"export const found = {name};\n")
    status, output = tsc(viewer)
    assert status != 0
    assert "src/core/bad.ts" in output


CIRCLES = {
    "values": 'import { b } from "./bad_b";\nexport const a = (): number => b();\n',
    "types alone": 'import type { B } from "./bad_b";\nexport type A = B | null;\n',
}
BACK = 'import type { a } from "./bad_a";\nexport const b = (): number => 1;\nexport type B = typeof a;\n'
BACK_TYPES = 'import type { A } from "./bad_a";\nexport type B = A | number;\n'


@pytest.mark.parametrize("kind", CIRCLES)
def test_a_circle_of_files_is_named(viewer: Path, kind: str) -> None:
    shutil.copy(ROOT / "viewer" / "biome.json", viewer)
    (viewer / "src" / "ui" / "bad_a.ts").write_text(CIRCLES[kind])
    (viewer / "src" / "ui" / "bad_b.ts").write_text(BACK if kind == "values" else BACK_TYPES)
    command = [str(viewer / "node_modules" / ".bin" / "biome"), "lint", "--max-diagnostics=20", "."]
    run = subprocess.run(command, cwd=viewer, capture_output=True, text=True, timeout=120)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    assert "src/ui/bad_a.ts" in output
    assert "noImportCycles" in output
