"""The guide: its code runs and answers as it says, and its site is whole."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import matcube as mc
from tools.docs.book import write
from tools.docs.chapters import chapters, reference

GUIDE = chapters()
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("chapter", GUIDE, ids=lambda chapter: chapter.stem)
def test_its_code_answers_as_it_says(chapter) -> None:
    said: list[str] = []
    found = doctest.DocTestRunner(optionflags=FLAGS).run(chapter.examples(), out=said.append)
    assert found.attempted >= 2 and not found.failed, "".join(said)


def test_a_wrong_answer_is_found() -> None:
    (films,) = (one for one in GUIDE if one.stem == "04-films")
    wrong = type(films)(films.stem, films.text.replace("320.0", "321.0"), films.title, films.summary)
    assert doctest.DocTestRunner(optionflags=FLAGS).run(wrong.examples(), out=lambda _: None).failed == 1


@pytest.mark.parametrize("chapter", GUIDE, ids=lambda chapter: chapter.stem)
def test_every_caption_has_a_figure(chapter) -> None:
    figures = chapter.figures()
    assert all(isinstance(figure, mc.Figure) for figure in figures)
    assert len(figures) == len([block for block in chapter.blocks if block.caption]) >= 1
    assert all(block.language in ("python", "pycon") for block in chapter.blocks)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("docs")
    write(out)
    return out


def test_every_link_leads_somewhere(site: Path) -> None:
    for page in site.glob("*.html"):
        html = page.read_text(encoding="utf-8")
        for to in re.findall(r'href="([^"]*)"', html):
            file, _, anchor = to.partition("#")
            target = site / file if file else page
            assert target.is_file(), f"{page.name} → {to}"
            assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8")


def test_every_picture_is_one_of_the_chapters(site: Path) -> None:
    for chapter in GUIDE:
        html = (site / f"{chapter.stem}.html").read_text(encoding="utf-8")
        count = len([block for block in chapter.blocks if block.caption])
        wanted = [f"pictures/{chapter.stem}-{number}-light.png" for number in range(1, count + 1)]
        assert re.findall(r'data-light="([^"]*)"', html) == wanted


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    for page in site.glob("*.html"):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.read_text(encoding="utf-8"))


def test_every_page_of_docs_is_in_the_reference() -> None:
    written = {path.stem for path in (Path(__file__).parents[2] / "docs").glob("*.md")}
    assert {page.stem for page in reference()} == written
