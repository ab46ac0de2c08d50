"""The gallery and the guide in a browser: keys, themes, a phone, and that tiles open what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs.__main__ import write
from tools.docs.chapters import chapters, reference
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
    for page in (*chapters(), *reference()):
        write(out, page, chapters(), reference())
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
    for path in (gallery, guide, guide.parent / "language.html"):
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
