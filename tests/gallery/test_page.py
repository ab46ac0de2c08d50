"""The page of the gallery: everything it names is there, nothing comes from elsewhere, the scripts run."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import matcube as mc
from matcube.api.demo import head
from tools.gallery.__main__ import SIZE, build, main
from tools.gallery.rows import ROOT, rows

pytestmark = pytest.mark.slow

ROWS = rows()
SOME = ["f04", "f18", "n12"]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("gallery")
    build(out, [row for row in ROWS if row.id in SOME], data=None)
    return out


def test_there_is_a_tile_for_each_figure(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<article class="tile" id="(\w+)">', page) == SOME
    plain = unescape(page)
    for row in ROWS:
        words = (row.title, row.text, row.program, row.body)
        assert all((word in plain) == (row.id in SOME) for word in words[1:2]), row.id
        assert row.id not in SOME or all(word in plain for word in words)


def test_everything_that_the_page_names_is_in_the_folder(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:href|src|data-dark|data-light)="([^"]*)"', page)
    files = {name for name in named if not name.startswith("#")}
    assert files == {
        str(path.relative_to(site))
        for path in site.rglob("*")
        if path.name != "index.html" and path.is_file()
    }
    assert all(f'id="{name[1:]}"' in page for name in named if name.startswith("#"))


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"(https?:)?//[a-z]|@import|url\(", page.replace("http://www.w3.org", ""))


def test_pictures_are_of_both_themes(site: Path) -> None:
    for stem in ("f04_dot_products", "n12_causal_softmax"):
        dark, light = (Image.open(site / "pictures" / f"{stem}-{theme}.png") for theme in ("dark", "light"))
        assert dark.size == light.size == SIZE
        assert max(dark.getpixel((2, 2))) < 30 and min(light.getpixel((2, 2))) > 225  # type: ignore[arg-type]


def test_pages_follow_the_readers_theme(site: Path) -> None:
    from matcube.outputs.html import scene_in
    from matcube.wire.container import decode

    head = decode(scene_in((site / "pages" / "f18_data_parallel.html").read_text(encoding="utf-8"))).head
    assert head.view.style.theme == "auto" and head.view.partition == {"A.rows": 8}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_has_a_title_and_two_sentences(row) -> None:
    assert 3 <= len(row.title) <= 48
    assert len(re.findall(r"[.?](?: (?=[A-Z])|$)", row.text)) == 2, row.text
    assert 80 <= len(row.text) <= 260
    assert re.fullmatch(r"[1-8] [A-Z][\w ]+", row.section)
    assert len(row.body.splitlines()) <= 22


def test_titles_and_ids_are_all_different() -> None:
    assert len({row.id for row in ROWS}) == len({row.title for row in ROWS}) == len(ROWS)


def test_the_command_saves_a_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "examples.gallery", "n10"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "n10_convolution.html\n", done.stderr
    assert (tmp_path / "n10_convolution.html").stat().st_size > 50_000


@pytest.mark.parametrize("name", ["f20", "f38", "f42", "n06"])
def test_what_the_page_shows_makes_the_figure(name: str) -> None:
    (row,) = (row for row in ROWS if row.id == name)
    names: dict[str, Any] = {"mc": mc, "head": head}
    function = ast.parse("def figure(): pass").body[0]
    function.body = ast.parse(row.body, mode="exec").body  # type: ignore[attr-defined]
    exec(compile(ast.Module([function], []), "body", "exec"), names)
    assert names["figure"]().state == row.figure().state


def test_an_unknown_figure_is_named(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["gallery", "f99"])
    assert main() == 2
    assert "there is no figure f99" in capsys.readouterr().err
