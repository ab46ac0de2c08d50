"""Each kind of contract is broken once, in a copy of the tree, and must be reported by name."""

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# (file, text, contract that it breaks, what the report says of it)
BREACHES = [
    ("ir/upward.py", "import matcube.scene\n", "Layers", "matcube.ir.upward -> matcube.scene (l.1)"),
    (
        "ops/inside.py",
        "def f() -> None:\n    import matcube.ir\n",
        "Layers",
        "matcube.ops.inside -> matcube.ir (l.2)",
    ),
    (
        "values/sibling.py",
        "import matcube.layout\n",
        "Layers",
        "matcube.values.sibling -> matcube.layout (l.1)",
    ),
    ("session/above.py", "import matcube.api\n", "Layers", "matcube.session.above -> matcube.api (l.1)"),
    (
        "engine/bindings.py",
        "import matcube.engine.program\n",
        "No import circle, among packages or among files",
        ".program -> .bindings",
    ),
    ("errors/above.py", "import matcube.ops\n", "Layers", "matcube.errors.above -> matcube.ops (l.1)"),
    ("utils/__init__.py", "", "Layers", "matcube.utils"),
    ("helpers.py", "", "Layers", "matcube.helpers"),
    (
        "ops/front.py",
        "import matcube\n",
        "No layer imports the front page of the package",
        "matcube.ops.front -> matcube (l.1)",
    ),
    (
        "outputs/sees.py",
        "import matcube.scene\n",
        "Outputs see only playback, wire and errors",
        "matcube.outputs.sees -> matcube.scene (l.1)",
    ),
    (
        "outputs/left.py",
        "import matcube.outputs.right\n",
        "Outputs do not import each other",
        "matcube.outputs.left -> matcube.outputs.right (l.1)",
    ),
    ("outputs/right.py", "", "Outputs do not import each other", ""),
    (
        "values/framework.py",
        "import torch\n",
        "Torch, JAX and transformers only in sources",
        "matcube.values.framework -> torch (l.1)",
    ),
    (
        "api/framework.py",
        "def f() -> None:\n    import jax.numpy\n",
        "Torch, JAX and transformers only in sources",
        "matcube.api.framework -> jax (l.2)",
    ),
    (
        "scene/web.py",
        "import starlette\n",
        "The web server only in outputs.server",
        "matcube.scene.web -> starlette (l.1)",
    ),
    (
        "api/widget.py",
        "import anywidget\n",
        "The notebook widget library only in outputs.notebook",
        "matcube.api.widget -> anywidget (l.1)",
    ),
    (
        "outputs/plots.py",
        "import matplotlib\n",
        "No other plotting library anywhere",
        "matcube.outputs.plots -> matplotlib (l.1)",
    ),
]


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


def sections(output: str) -> dict[str, str]:
    """The part of the report about each broken contract, by the contract's name."""
    _, _, broken = output.partition("Broken contracts")
    parts = re.split(r"^(.+)\n-+$", broken, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_tree_keeps_its_contracts_and_sources_may_import_torch(tree: Path) -> None:
    (tree / "src" / "matcube" / "sources" / "fine.py").write_text("import torch\n")
    status, output = lint_imports(tree)
    assert status == 0, output
    assert "0 broken" in output


def test_each_breach_is_reported_under_its_contract(tree: Path) -> None:
    for file, text, _, _ in BREACHES:
        path = tree / "src" / "matcube" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)
    status, output = lint_imports(tree)
    assert status != 0
    reported = sections(output)
    missing = [
        breach
        for breach in BREACHES
        if breach[3] not in reported.get(breach[2], "") or f"{breach[2]} BROKEN" not in output
    ]
    assert missing == [], output


def test_a_circle_of_a_file_and_its_own_package_is_named(tree: Path) -> None:
    package = tree / "src" / "matcube" / "ops" / "__init__.py"
    package.write_text(package.read_text() + "import matcube.ops.bad\n")
    (package.parent / "bad.py").write_text("def f() -> None:\n    import matcube.ops\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tools.circles"]
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1, run.stderr
    assert "matcube.ops.bad" in run.stdout and "matcube.ops " in f"{run.stdout} "


# --- TypeScript ----------------------------------------------------------------------------------

LAYERS = ["core", "render", "ui", "panel", "hosts"]
UPWARD = [*pairwise(LAYERS), ("core", "hosts")]
BROWSER = ["document", "window", "HTMLElement", "WebGL2RenderingContext"]


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
    run = subprocess.run(command, cwd=viewer, capture_output=True, text=True, timeout=600)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.slow
def test_the_viewer_compiles(viewer: Path) -> None:
    status, output = tsc(viewer)
    assert status == 0, output


@pytest.mark.slow
def test_core_has_no_dom_and_no_layer_imports_from_above(viewer: Path) -> None:
    for name in BROWSER:
        (viewer / "src" / "core" / f"uses_{name}.ts").write_text(f"export const used = {name};\n")
    for low, high in UPWARD:
        (viewer / "src" / high / "above.ts").write_text("export const above = 1;\n")
        text = f'export {{ above }} from "../{high}/above";\n'
        (viewer / "src" / low / f"from_{high}.ts").write_text(text)
    status, output = tsc(viewer)
    assert status != 0
    errors = [line.partition("(")[0] + " " + line.partition("error ")[2][:6] for line in output.splitlines()]
    for name in BROWSER:
        assert any(error.startswith(f"src/core/uses_{name}.ts") for error in errors), name
    for low, high in UPWARD:
        assert f"src/{low}/from_{high}.ts TS6307" in errors  # the file is not in the project's list


CIRCLES = {
    "values": (
        'import { b } from "./values_b";\nexport const a = (): number => b();\n',
        'import type { a } from "./values_a";\nexport const b = (): number => 1;\nexport type B = typeof a;',
    ),
    "types": (
        'import type { B } from "./types_b";\nexport type A = B | null;\n',
        'import type { A } from "./types_a";\nexport type B = A | number;\n',
    ),
}


def test_circles_of_files_are_named(viewer: Path) -> None:
    shutil.copy(ROOT / "viewer" / "biome.json", viewer)
    for kind, texts in CIRCLES.items():
        for letter, text in zip("ab", texts, strict=True):
            (viewer / "src" / "ui" / f"{kind}_{letter}.ts").write_text(text)
    command = [str(viewer / "node_modules" / ".bin" / "biome"), "lint", "--max-diagnostics=20", "."]
    run = subprocess.run(command, cwd=viewer, capture_output=True, text=True, timeout=600)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    for kind in CIRCLES:
        assert re.search(rf"src/ui/{kind}_a\.ts:\S+ lint/\S+noImportCycles", output), output
