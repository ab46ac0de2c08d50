"""``import matcube`` is light, and its front page is complete."""

import json
import os
import subprocess
import sys

import pytest

import matcube as mc

HEAVY = [
    "torch",
    "jax",
    "matplotlib",
    "starlette",
    "uvicorn",
    "click",
    "PIL",
    "httpx",
    "anyio",
    "transformers",
]


def run(code: str, **variables: str) -> str:
    """What a fresh interpreter prints."""
    unmeasured = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    command, environment = [sys.executable, "-c", code], {**unmeasured, **variables}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment)
    return done.stdout.strip()


def loaded(code: str) -> set[str]:
    return set(json.loads(run(f"{code}\nimport sys, json; print(json.dumps(list(sys.modules)))")))


def test_import_brings_nothing_heavy():
    assert not loaded("import matcube") & {*HEAVY, "numpy", "msgspec"}


def test_a_figure_brings_no_server_no_picture_library_and_no_framework():
    code = (
        "import matcube as mc; f = mc.figure('relu(A @ B)', A='gaussian(3, 3)', B=[[1.0], [2.0], [3.0]]);"
        "f.value(); f.layout('zigzag').style(theme='light').scene().encode(); f.link()"
    )
    assert not loaded(code) & set(HEAVY)
    assert "numpy" in loaded(code)


COUNT = """
import json, os, sys
new = set(sys.modules) - before
files = [getattr(sys.modules[name], "__file__", None) or "" for name in new]
print(json.dumps([len(new), sum(os.path.getsize(file) for file in files if file.endswith(".py"))]))
"""


def modules_and_bytes(code: str) -> tuple[int, int]:
    """How many modules a statement loads, and how long their sources are."""
    modules, size = json.loads(run(f"import sys; before = set(sys.modules)\n{code}\n{COUNT}"))
    return modules, size


def test_import_loads_no_more_than_numpy_and_a_figure_no_more_than_three_times_that():
    """Counts stand for time, which a busy machine would falsify; benchmarks/startup.py measures it."""
    modules, size = modules_and_bytes("import numpy")
    ours = modules_and_bytes("import matcube")
    assert ours[0] < modules / 3 and ours[1] < size / 3
    figure = modules_and_bytes("import matcube as mc; mc.Figure; mc.matrix")  # NumPy is among it
    assert modules < figure[0] <= 3 * modules and size < figure[1] <= 2 * size


@pytest.mark.parametrize("name", mc.__all__)
def test_everything_on_the_front_page_is_there(name):
    assert getattr(mc, name) is not None
    assert name in dir(mc)


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'figur'"):
        getattr(mc, "figur")  # noqa: B009


def test_figure_is_a_function_whatever_is_loaded():
    code = "import matcube as mc; import matcube.api.figure; import matcube.api.front"
    assert run(code + "; print(type(mc.figure).__name__)") == "function"


@pytest.mark.slow
def test_typing_of_the_front_page(tmp_path):
    pytest.importorskip("mypy")
    from mypy import api

    probe = tmp_path / "probe.py"
    probe.write_text(
        "import matcube as mc\n"
        "import numpy as np\n"
        "fig = mc.figure('A @ B', A=np.eye(2), B='eye(2, 2)').layout('zigzag', gap=8).style(theme='light')\n"
        "reveal_type(fig)\n"
        "reveal_type(fig.value('A'))\n"
        "reveal_type(fig.link())\n"
        "reveal_type(mc.matrix(np.eye(2)) @ np.eye(2))\n"
        "A = mc.matrix(np.eye(2))\n"
        "lazy = (np.eye(2) @ (A @ A.T).relu() * 2 + A).named('C')\n"
        "reveal_type(lazy.figure())\n"
        "reveal_type(lazy.show())\n"
        "fig.layout(gapp=8)\n"
        "fig.style(theme='blue')\n"
        "mc.figur\n"
    )
    out, _, _ = api.run(["--strict", "--no-error-summary", f"--cache-dir={tmp_path}", str(probe)])
    assert 'Revealed type is "matcube.api.figure.Figure"' in out
    assert 'Revealed type is "str"' in out or 'Revealed type is "builtins.str"' in out
    assert 'probe.py:7: note: Revealed type is "matcube.api.matrix.Matrix"' in out
    assert 'probe.py:10: note: Revealed type is "matcube.api.figure.Figure"' in out
    assert 'probe.py:11: note: Revealed type is "matcube.outputs.server.run.Handle"' in out
    errors = [line for line in out.splitlines() if "probe.py" in line and ": error:" in line]
    assert sorted({int(line.split("probe.py:")[1].split(":")[0]) for line in errors}) == [12, 13, 14], out
