"""What leaves the page: files, the clipboard, the theme of the system."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from matcube.sources.read_csv import parse_csv
from tests.browser.conftest import TOKENS
from tests.browser.viewer import wait_for


@pytest.fixture
def viewer(open_page, serve, attention):
    served = serve(attention)
    opened = open_page(served.url, permissions=["clipboard-read", "clipboard-write"])
    yield opened
    opened.check(origin=served.origin)


def download(viewer, control):
    """The bytes and the name that a button of the Inspect page saves."""
    with viewer.page.expect_download() as pending:
        viewer.frame.locator(f"[data-control={control}]").click()
    return Path(pending.value.path()).read_bytes(), pending.value.suggested_filename


def test_the_selection_is_saved_as_csv_and_npy(viewer, attention):
    viewer.click("attn", 9, 4)
    viewer.frame.locator("[data-control=inspect]").click()
    truth = attention.value("attn")
    raw, name = download(viewer, "export-npy")
    assert name == "attn.npy"
    array = np.load(BytesIO(raw), allow_pickle=False)
    assert array.dtype == np.float32 and array.shape == (12, 12)
    np.testing.assert_array_equal(array, truth)
    raw, name = download(viewer, "export-csv")
    assert name == "attn.csv"
    values, (rows, cols) = parse_csv(raw.decode("utf-8"), name)
    np.testing.assert_array_equal(values.astype(np.float32), truth)
    assert rows == cols == tuple(token.strip() or "⏎" for token in TOKENS)


def test_the_picture_is_saved_as_png(viewer):
    viewer.click("attn", 9, 4)
    viewer.frame.locator("[data-control=inspect]").click()
    viewer.rest()
    raw, name = download(viewer, "export-png")
    box = viewer.frame.locator(".mc-stage").bounding_box()
    picture = Image.open(BytesIO(raw)).convert("RGB")
    assert name == "matcube.png"
    assert picture.size == (round(box["width"]), round(box["height"]))
    assert np.asarray(picture).std() > 5


def test_a_cell_and_a_link_are_copied(viewer):
    viewer.hover("attn", 9, 4)
    viewer.page.keyboard.press("c")
    viewer.rest()
    assert viewer.js("() => navigator.clipboard.readText()") == "attn[9, 4]"
    assert viewer.text(".mc-toast") == "Copied: attn[9, 4]"
    viewer.frame.locator("[data-control=link]").click()
    viewer.rest()
    copied = viewer.js("() => navigator.clipboard.readText()")
    assert copied.startswith(viewer.js("() => location.origin + '/#m1.'"))


def test_where_the_clipboard_is_closed_the_text_is_shown(open_framed, leaves):
    viewer = open_framed(leaves)
    viewer.focus()
    viewer.hover("C", 3, 3)
    viewer.page.keyboard.press("c")
    viewer.rest()
    shown = viewer.js("() => document.querySelector('.mc-copy-text')?.value ?? ''")
    assert shown == "C[3, 3]" or viewer.text(".mc-toast") == "Copied: C[3, 3]"


def test_a_framed_page_copies_a_command_with_its_state_and_its_data(open_framed, attention):
    viewer = open_framed(attention)
    viewer.frame.locator("[data-control=link]").click()
    wait_for(lambda: viewer.count(".mc-copy-text") == 1, "the text to copy")
    shown = viewer.js("() => document.querySelector('.mc-copy-text').value")
    assert shown.startswith("matcube open '#m1.")
    assert shown.endswith("' --data 'Q.npy' --data 'K.npy' --data 'V.npy'")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_theme_follows_the_system_when_asked(open_page, save, leaves, scheme):
    figure = leaves.style(theme="auto")
    viewer = open_page(save(figure), color_scheme=scheme)
    assert viewer.js("() => document.querySelector('.mc').dataset.theme") == scheme
    other = "light" if scheme == "dark" else "dark"
    viewer.page.emulate_media(color_scheme=other)
    wait_for(lambda: viewer.js("() => document.querySelector('.mc').dataset.theme") == other, other)
