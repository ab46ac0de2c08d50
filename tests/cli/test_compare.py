"""``matcube compare``: programs, links and saved pages, files, tables and JSON."""

import json
from pathlib import Path

import numpy as np
import pytest

import matcube as mc
from matcube.outputs import server

pytestmark = pytest.mark.usefixtures("files")
HEAD = ("--data", "head.npz")


def test_programs_share_their_arrays_and_are_printed_as_a_table(command):
    ended = command("compare", "S = Q @ K.T", "S = Q @ K.T / 2", *HEAD, "--top", "2", "-q")
    assert (ended.code, ended.err) == (0, "")
    with np.load("head.npz") as data:
        a = (data["Q"] @ data["K"].T).astype(np.float64)
    lines = ended.out.splitlines()
    assert lines[0].startswith("S: Largest |B − A| ")
    row, col = (int(index) for index in np.unravel_index(np.abs(a).argmax(), a.shape))
    assert lines[1].split() == ["cell", "A", "B", "B", "−", "A"]
    assert lines[2].startswith(f"[{row}, {col}]") and len(lines) == 4


def test_each_panel_may_have_its_own_scale(command):
    both = ("compare", "S = Q @ K.T", "S = Q @ K.T / 2", *HEAD)
    assert command(*both, "--scales", "own", "-o", "own.html").code == 0
    assert '"scale":"own"' in Path("own.html").read_text("utf-8")
    assert command(*both, "-o", "one.html").code == 0
    assert '"scale":"one"' in Path("one.html").read_text("utf-8")
    ended = command(*both, "--scales", "both", "-o", "x.html")
    assert ended.code == 2 and "'one', 'own'" in ended.err


def test_json_has_every_number(command):
    ended = command(
        "compare", "S = Q @ K.T", "S = relu(Q @ K.T)", "S = Q @ Q.T", *HEAD, "--json", "--top", "1"
    )
    assert ended.code == 0
    read = json.loads(ended.out)
    assert read["matrix"] == "S"
    assert [each["figure"] for each in read["differences"]] == ["B", "C"]
    first = read["differences"][0]
    assert set(first) == {
        "figure", "largest", "mean", "relative", "moved", "total", "differing", "nonfinite", "alike", "cells",
    }  # fmt: skip
    assert first["moved"] is None and first["total"] == 36
    (cell,) = first["cells"]
    assert cell["b"] - cell["a"] == cell["difference"] == first["largest"]


def test_pages_links_and_programs_become_one_page(command):
    mc.figure("C = A @ B", A="eye(3, 3)", B="ones(3, 2)").save("a.html", size=(300, 200))
    link = mc.figure("C = A @ B", A="eye(3, 3)", B="gaussian(3, 2, seed=4)").link()
    ended = command(
        "compare", "a.html", link, "C = relu(x)", "--let", "x=gaussian(3,2)", "--theme", "light",
        "--title", "page", "--title", "link", "--title", "program", "--size", "900x600",
        "-o", "all.html", "-o", "all.svg", "--width-mm", "170",
    )  # fmt: skip
    assert (ended.code, ended.out) == (0, "wrote all.html\nwrote all.svg\n")
    page = Path("all.html").read_text("utf-8")
    assert page.count('class="matcube-scene"') == 5
    assert '"title":"program"' in page
    assert 'width="170mm"' in Path("all.svg").read_text("utf-8")


def test_it_is_served_where_nothing_is_to_be_written(command, monkeypatch):
    served = []
    monkeypatch.setattr(server, "serve", lambda source, **how: served.append((source, how)))
    assert command("compare", "Q @ K.T", "K @ Q.T", *HEAD, "--no-open").code == 0
    ((source, how),) = served
    assert how["open_browser"] is False
    assert source.title == "Q @ K.T and K @ Q.T"
    assert source.blocks.count('class="matcube-scene"') == 3


WRONG = {
    "one": (("Q @ K.T",), 2, "compare takes 2 to 9 figures, not 1"),
    "sizes": (("S = Q @ K.T", "S = Q.T @ K"), 1, "S is 6 × 6 in A and 4 × 4 in B"),
    "titles": (
        ("Q", "K", "--title", "one"),
        2,
        "does not fit 2 figures\n  hint: --title before --title after",
    ),
    "matrix": (("Q", "Q", "--matrix", "Qx"), 2, "did you mean Q"),
    "ending": (("Q", "Q", "-o", "x.gif"), 2, "it writes html, png, svg, pdf"),
    "stdout": (("Q", "Q", "-o", "-"), 2, "-o - --format png"),
    "no file": (("Q", "none.html"), 1, "none"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_said(command, name):
    words, code, text = WRONG[name]
    ended = command("compare", *words, *HEAD)
    assert ended.code == code, ended
    assert text in ended.err
