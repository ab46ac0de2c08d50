"""The gallery and the guide in a browser: keys, themes, a phone, and that tiles open what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs.book import write
from tools.gallery.__main__ import build
from tools.gallery.rows import rows

SOME = ("f03", "f04", "f06", "f10", "f18", "n10")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("gallery")
    build(out, [row for row in rows() if row.id in SOME], data=None)
    return out / "index.html"


@pytest.fixture(scope="module")
def guide(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("docs")
    write(out)
    return out / "04-films.html"


@pytest.fixture
def opened(open_page):
    def open_site(path: Path, *, width: int = 1280, scheme: str = "dark"):
        viewer = open_page(path.as_uri(), ready=False, width=width, color_scheme=scheme)
        return viewer.page, viewer

    return open_site


def focused(page) -> str:
    return str(page.evaluate("document.activeElement.closest('article')?.id ?? ''"))


def test_arrow_keys_walk_over_the_tiles(gallery, opened) -> None:
    page, found = opened(gallery)
    page.locator("#f03 .open").focus()
    for key, tile in (
        ("ArrowRight", "f04"), ("ArrowDown", "f10"), ("ArrowLeft", "f06"),
        ("ArrowUp", "f03"), ("ArrowLeft", "f03"),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert focused(page) == tile
    assert not found.wrong


def test_a_tile_opens_its_page_by_the_keyboard(gallery, opened) -> None:
    page, found = opened(gallery)
    page.locator("#f18 .open").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/f18_data_parallel.html")
    found.ready()
    assert found.view["partition"] == {"A.rows": 8}
    assert not found.wrong and all(url.startswith(("file:", "data:", "blob:")) for url in found.requests)


def test_themes_change_ground_and_pictures(gallery, opened) -> None:
    page, _ = opened(gallery, scheme="light")
    picture = page.locator("#f03 img")
    assert picture.get_attribute("src") == "pictures/f03_box-light.png"
    page.locator(".theme").click()
    assert picture.get_attribute("src") == "pictures/f03_box-dark.png"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 800


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(gallery, guide, opened, width: int) -> None:
    for path in (
        gallery,
        *(guide.parent / name for name in ("index.html", "language.html", "api-figure.html")),
    ):
        page, _ = opened(path, width=width)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_tile_says_its_program(gallery, opened) -> None:
    page, _ = opened(gallery)
    source = page.locator("#n10 pre")
    assert not source.is_visible()
    page.locator("#n10 summary").focus()
    page.keyboard.press("Enter")
    assert source.is_visible() and "mc.figure(" in source.inner_text()


def test_the_search_leads_to_an_entry_by_the_keyboard(guide, opened) -> None:
    page, found = opened(guide.parent / "language.html")
    page.keyboard.press("/")
    page.keyboard.type("roofline")
    titles = page.locator(".search li b").all_inner_texts()
    assert titles[0] == "roofline" and len(titles) >= 2
    for key, focus in (("ArrowDown", "roofline"), ("ArrowDown", titles[1]), ("ArrowUp", "roofline")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.querySelector('b').textContent") == focus
    page.keyboard.press("Enter")
    page.wait_for_url("**/api-figure.html#roofline")
    assert page.locator("h2#roofline + pre").inner_text().startswith("roofline(")
    assert not found.wrong and all(url.startswith("file:") for url in found.requests)


def test_a_search_without_hits_says_so_and_escape_ends_it(guide, opened) -> None:
    page, _ = opened(guide, width=390)
    field, hits = page.locator(".search input"), page.locator(".search ol")
    field.fill("<b>zebra</b>")
    assert hits.inner_text() == "Nothing" and hits.locator("b").count() == 0
    field.press("Escape")
    assert not hits.is_visible() and field.input_value() == ""
