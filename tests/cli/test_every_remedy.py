"""Every remedy of the command line is typed as its error words it, and works; the texts are collected."""

import ast
import re
import shlex
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import matcube
from matcube.outputs import server
from tests.regressions.remedies import texts_of

from .conftest import Binary

FOLDER = Path(matcube.__file__).parent / "cli"
OFFER = re.compile(r"(?<![\w-])--[a-z]+ [^a-z]*\S|-o -|\bmatcube (show|save|config|open) |\brm ")
GAUSS = "--let A=gaussian(8,4) --let B=gaussian(4,8)"


class Case(NamedTuple):
    """A line that fails.

    Args:
        line: what is typed after ``matcube``.
        stdin: what it reads.
        put: words of the remedy that stand for something, with what a reader puts there.
    """

    line: str
    stdin: str = ""
    put: tuple[tuple[str, str], ...] = ()


CASES = [
    Case("config get theme", put=(("VALUE", "dark"),)),
    Case("save 'x @ x.T' --data x=- a.json", stdin="1,2\n3,4"),
    Case("save 'x @ x.T' --data - a.json", stdin="1,2\n3,4"),
    Case("save 'Q.T' --data 'Q=*.csv' a.json"),
    Case(f"save 'A @ B' {GAUSS} a.json --set contrast=2"),
    Case(f"save 'A @ B' {GAUSS} a.json --view yaw"),
    Case("save 'A * Q' --let A=ones(64,16) --let Q a.json"),
    Case("save 'A @ A' --let A=gaussian(3,3) --labels A.rows a.json"),
    Case("save 'Q.T' --data head.npz:Q a.json"),
    Case("save 'Q.T' --data 'head.npz:Q[0:2]' a.json"),
    Case("save 'a_b @ a_b.T' --data twice.npz a.json", put=(("NAME", "x"), ("a_b @ a_b.T", "x @ x.T"))),
    Case("ls twice.npz", put=(("NAME=FILE", "a_b=twice.npz"),)),
    Case("save 'A @ A' --data A.npy 'my folder/A.npy' a.json", put=(("A @ A", "A @ A2"),)),
    Case("save -q '-A @ B' o.png"),
    Case("show -q '-A @ B'"),
    Case("draw 'A @ B'"),
    Case("compare A 'A * 2' --let 'A=ones(2,2)' --title x -o a.html"),
    Case("save 'A > 0' --data A=A8.npy a.json", put=(("file.npy", "A8.npy"), ("A > 0", "M"))),
    Case("save 'inv(A)' --data A=A8.npy a.json", put=(("file.npy", "A8.npy"), ("inv(A)", "R"))),
    Case(f"save 'A @ B' {GAUSS} a.json --fuse decode"),
    Case(f"save 'A @ B' {GAUSS}"),
    Case(f"save 'A @ B' {GAUSS} -o -"),
    Case(f"save 'A @ B' {GAUSS} a.png --size big"),
    Case(f"save 'A @ B' {GAUSS} a.json --tiles 4.5"),
    Case(
        "save 'C = relu(x @ w) @ w2' --let x=ones(8,4) --let w=ones(4,8) --let w2=ones(8,4) a.json"
        " --partition 8",
        put=(("tokens", "x.rows"), ("attn.i", "C.i")),
    ),
    Case(
        "save 'relu(x @ w) @ w2' --let x=ones(8,4) --let w=ones(4,8) --let w2=ones(8,4) a.json"
        " --partition preset:megatron=3"
    ),
    Case("save 'A @ zed' --let A=gaussian(8,8) a.json", put=(("FILE", "A8.npy"),)),
    Case("save 'x @ layers.0.weight' --data x=A.npy a.json", put=(("FILE", "layers.npz"),)),
    Case(f"save 'C = A @ B; relu(C)' {GAUSS} a.json --backward 'relu(C)'"),
    Case(f"save 'C = A @ B' {GAUSS} --let dC=gaussian(3,3) a.json --backward C"),
    Case(f"save 'A @ B' {GAUSS} a.json --set view.device=1", put=(("tokens=8", "A.rows=8"),)),
    Case(f"save 'A @ B' {GAUSS} film.gif --seconds 0.2 --size 64x48"),
    Case(f"cost 'A @ B' {GAUSS} --peak 1e12"),
    Case("save 'C = A @ B' --let A=ones(900,900) --let B=ones(900,1) a.json --memory 1MB"),
    Case("save 'attn = Q @ K.T; attn @ V' --data full.npz a.json"),
    Case(f"save 'A @ B' {GAUSS} a.json --pin 5", put=(("attn[3, 7]", "A[3, 3]"),)),
]
# Words alone, and remedies that other tests run.
ELSEWHERE = {
    "--let gives {} twice",
    "--animate names {}",
    "--port 0",  # below
    r"--data \1=FILE",  # tests/cli/test_remedies.py
    "mend it, or remove the file: rm {}",  # below
    "matcube config unset {}",
}


@pytest.fixture
def folder(files):
    """More files."""
    np.savez("twice.npz", **{"a.b": np.eye(3), "a_b": np.eye(3)})  # type: ignore[arg-type]
    np.savez("full.npz", **{name: np.ones((6, 4)) for name in "QKV"}, attn=np.eye(6))  # type: ignore[arg-type]
    np.savez("layers.npz", **{"layers.0.weight": np.eye(4)})  # type: ignore[arg-type]
    np.save("A8.npy", np.eye(8))
    Path("tokens.txt").write_text("the\ncat\nsat\n")
    Path("my folder").mkdir()
    np.save("my folder/A.npy", np.eye(4))
    return files


def texts() -> Iterator[str]:
    """The texts of the command line that offer something to type."""
    for path in FOLDER.glob("*.py"):
        for text, _ in texts_of(ast.parse(path.read_text())):
            if OFFER.search(text) and not text.startswith("\b\nExamples"):
                yield text


_WORD = r"""(?:\$?'(?:[^'\\]|\\.)*'|[^\s;(]+?)(?=[,;:]?(?:\s|$))"""
_OPTIONS = re.compile(rf"(?<!\S)--?[a-z]+ {_WORD}(?: --[a-z]+ {_WORD})*")
_LINE = re.compile(rf"(?:matcube|rm) {_WORD}(?: (?!{{|or ){_WORD})*")
_OTHERS = re.compile(rf"(?:(?:, | or )(?!--)({_WORD}))")


def remedies(said: str) -> list[list[str]]:
    """What an error offers to type: options with their values, and whole lines."""
    found = []
    for line in said.splitlines():
        _, mark, offer = line.replace("say which: ", "hint: --data ").partition("hint: ")
        if not mark:
            continue
        lines = [shlex.split(part) for part in re.split("; |, ", offer) for part in _LINE.findall(part)]
        if lines:
            found += lines
            continue
        end = 0
        for match in _OPTIONS.finditer(offer):
            found.append(shlex.split(match[0]))
            end = match.end()
        if offer[end:].startswith(", or npy:"):  # formats of a stream
            continue
        while found and (other := _OTHERS.match(offer, end)):
            found.append([found[-1][0], *shlex.split(other[1])])
            end = other.end()
    return found


def works(command, case: Case, typed: list[str], stdin: str) -> bool:
    """Whether a line with a remedy ends well: in the place of the wrong option, or beside it."""
    words = shlex.split(case.line)
    for old, new in case.put:
        typed = [word.replace(old, new) for word in typed]
        words = [word.replace(old, new) for word in words]
    if typed[0] == "matcube":
        if typed[1] == "show":
            typed = ["matcube", "save", *typed[2:], "out.html"]
        given = shlex.split(GAUSS) if typed[1] == "save" else []
        return command(typed[1], *given, *typed[2:]).code == 0
    option = typed[0]
    places = [at for at, word in enumerate(words) if word == option]
    lines = [[*words, *typed]]
    lines += [[*words[:at], *words[at + 2 :], *typed] for at, word in enumerate(words) if word[:2] == "--"]
    for at in places:
        lines.append([*words[:at], *typed, *words[at + 2 :]])
        lines.append([*words[: at + 2], *typed, *words[at + 2 :]])
    if words[0] == "ls":
        lines = [["save", "a_b.T", "a.json", *typed]]
    return any(command(*line, stdin=stdin.encode()).code == 0 for line in lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line[:40])
@pytest.mark.usefixtures("folder")
def test_a_remedy_works_as_it_is_typed(command, case, monkeypatch):
    ended = command(*shlex.split(case.line), stdin=case.stdin.encode())
    typed = remedies(ended.err + ended.out.replace("shares the name", "hint: shares the name"))
    assert typed, ended.err
    for each in typed:
        monkeypatch.setattr(sys, "stdout", Binary())  # one of them writes a picture there
        assert works(command, case, each, case.stdin), f"{each}\n{ended.err}"


@pytest.mark.usefixtures("folder")
def test_every_text_that_offers_something_to_type_is_run(command):
    said = []
    for case in CASES:
        ended = command(*shlex.split(case.line), stdin=case.stdin.encode())
        said.append(ended.err + ended.out)
    missing = []
    for text in set(texts()) - ELSEWHERE:
        pattern = "".join(".*?" if piece == "{}" or re.fullmatch(r"\\\d", piece) else re.escape(piece)
                          for piece in re.split(r"(\{\}|\\\d)", text))  # fmt: skip
        if not any(re.search(pattern, each, re.DOTALL) for each in said):
            missing.append(text)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("wrong", ["theme = ", 'theme = "nowhere"'])
@pytest.mark.usefixtures("folder")
def test_settings_that_are_wrong_are_mended_as_the_error_says(command, settings_of_nobody, wrong):
    file = settings_of_nobody / "matcube" / "config.toml"
    file.parent.mkdir()
    file.write_text(wrong)
    line = shlex.split(f"save 'A @ B' {GAUSS} a.json")
    ended = command(*line)
    assert ended.code == 2
    (typed,) = remedies(ended.err)
    if typed[0] == "rm":
        Path(typed[1]).unlink()
    else:
        assert command(*typed[1:]).code == 0
    assert command(*line).code == 0


@pytest.mark.usefixtures("folder")
def test_a_port_that_is_taken(command, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        line = shlex.split(f"show 'A @ B' {GAUSS} --no-open --port {taken.getsockname()[1]}")
        ended = command(*line)
    assert ended.code == 2
    assert remedies(ended.err) == [["--port", "0"]]
    ports = []
    monkeypatch.setattr(server, "serve", lambda *_, **given: ports.append(given["port"]))
    assert command(*line[:-2], "--port", "0").code == 0
    assert ports == [0]
