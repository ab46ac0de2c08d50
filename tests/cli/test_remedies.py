"""Remedies of the command line: in its own words, and true."""

import ast
import re
import shlex
import sys
from pathlib import Path

import pytest

import matcube
from matcube.cli.remedies import PYTHON, remedy, translated

from .conftest import Binary

ROOT = Path(matcube.__file__).parent
GAUSS = ("--let", "A=gaussian(8,4)", "--let", "B=gaussian(4,8)")

pytestmark = pytest.mark.usefixtures("files")


def hints() -> list[str]:
    """Every hint that the package writes, with … for what is put in."""
    found = []
    for path in ROOT.rglob("*.py"):
        if path.parent.name == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values = (
                [word.value for word in node.keywords if word.arg == "hint"]
                if isinstance(node, ast.Call)
                else []
            )
            if isinstance(node, ast.Assign) and any(
                "hint" in ast.unparse(each).lower() for each in node.targets
            ):
                values = [node.value]
            for value in values:
                found += [text for each in ast.walk(value) if (text := _text(each))]
    return found


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_no_hint_is_in_python():
    assert len(hints()) > 60
    for hint in hints():
        said = remedy(hint)
        assert said is None or not PYTHON.search(said), hint


@pytest.mark.parametrize(
    ("python", "typed"),
    [
        ('choose an algorithm: fig.animate("vmprod")', "choose an algorithm: --animate vmprod"),
        (
            "for the last product in it: fig.backward('A @ B')",
            "for the last product in it: --backward 'A @ B'",
        ),
        (
            'arrays do not travel in links: mc.open_figure(link, data={"K": np.load("a.npy")})',
            "arrays do not travel in links: --data K=a.npy",
        ),
        ('bind it: mc.figure(program, K="gaussian(64, 16)"), or K=array', None),
        ("port=0 takes a free one", "--port 0 takes a free one"),
        ("split an axis first: partition(tokens=8)", "split an axis first: --partition tokens=8"),
        ('preset="megatron", devices=4', "--partition preset:megatron=4"),
        ("width and height in pixels: (1280, 800)", "--size 1280x800"),
        ('grad="gaussian(8, 8, seed=1)"', "--let 'dC=gaussian(8, 8, seed=1)'"),
        ('mc.figure("A @ B", A=a, B=b), or (mc.matrix(a) @ mc.matrix(b)).figure()', None),
        (
            "for a part write slice(A, start=(0, 0), stop=(3, 7))",
            "for a part write slice(A, start=(0, 0), stop=(3, 7))",
        ),
    ],
)
def test_python_becomes_options(python, typed):
    assert remedy(python) == typed
    assert translated("it must be True or False") == "it must be true or false"


@pytest.mark.parametrize(
    "words",
    [
        ["save", "A @ B", *GAUSS, "film.gif", "--seconds", "0.2", "--size", "64x48"],
        ["save", "C = A @ B; relu(C)", *GAUSS, "a.json", "--backward", "relu(C)"],
        ["save", "A @ B", *GAUSS, "a.json", "--set", "view.device=1"],
        ["save", "A @ B", *GAUSS, "a.png", "--size", "big"],
        ["save", "A @ B", *GAUSS, "a.json", "--set", "contrast=2"],
        ["save", "A @ B", *GAUSS, "a.json", "--view", "yaw"],
        ["save", "A @ B", *GAUSS],
        ["save", "A @ B @ zed", *GAUSS, "a.json"],
        ["save", "A @ B", *GAUSS, "-o", "-"],
        ["save", "Q @ K.T", "--data", "Q=head.npz", "--data", "K=head.npz:K", "a.json"],
    ],
    ids=lambda words: " ".join(words[-2:]),
)
def test_a_remedy_works_as_it_is_typed(command, words, monkeypatch):
    """The option in the hint is put in the place of the wrong one, and the command ends well."""
    ended = command(*words)
    assert ended.code in (1, 2)
    said = ended.err.replace(":NAME", ":Q").replace("say which: ", "hint: --data ").splitlines()
    hint = next(line for line in said if "hint: " in line and "-" in line)
    typed = re.search(r"(?<!\S)--?[a-z]+ ('[^']*'|[^\s,;]+)(( --format) \w+)?", hint)
    assert typed is not None, hint
    option, *values = shlex.split(typed[0].replace("tokens=8", "A.rows=8"))
    monkeypatch.setattr(sys, "stdout", Binary())  # one of them writes a picture there
    at = words.index(option) if option in words else len(words)
    assert command(*words[:at], option, *values, *words[at + 2 :]).code == 0 or _with(
        command, words, option, values
    )


def _with(command, words, option, values) -> bool:
    """The remedy beside what was there, where it is an addition."""
    return command(*words, option, *values).code == 0


def test_a_link_without_its_data_says_how_to_bring_them(command, monkeypatch):
    from matcube.outputs import server

    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    import numpy as np

    np.save("K.npy", np.load("head.npz")["K"])
    fig = matcube.figure("K.T @ K", K=np.load("K.npy"))
    link = fig.link()
    said = command("open", link).err
    assert "data={" not in said and "Python" not in said
    typed = re.search(r"--data K=FILE", said)
    assert typed is not None
    assert command("open", link, *typed[0].replace("FILE", "K.npy").split()).code == 0
