"""Hostile and huge input: one small case for each fault that was found, and its right answer."""

import io

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.cli.main import main
from matcube.wire.link import decode_link

LINK = mc.figure("A @ B", A="eye(2,2)", B="eye(2,2)").link()


@pytest.mark.parametrize(
    "damaged", ["#m１." + LINK[4:], "#m01." + LINK[4:], "#m1." + LINK, "#m1.#m1.", "#m1#m1."]
)
def test_a_link_has_one_spelling(damaged):
    with pytest.raises(mc.WireError):
        decode_link(damaged)
    assert decode_link(LINK) == decode_link("https://example.org/a" + LINK)


def test_a_deck_of_any_size_is_refused():
    with pytest.raises(mc.ShapeError, match="at most 256 are drawn"):
        mc.figure("A", A="shape(2147483647,2,2)").scene()


def test_no_name_moves_the_cursor_of_a_terminal(capsys):
    with pytest.raises(SystemExit):
        main(["save", "A", "--data", "\x1b]52;c;AAAA\x07\u202e.npy", "out.png"])
    said = capsys.readouterr().err
    assert "\\x1b]52;c;AAAA\\x07\\u202e.npy" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def lit(side: int, *, peak: bool) -> int:
    """The brightest pixel of a still of zeros with one cell of 5."""
    cells = np.zeros((side, side), np.float32)
    cells[side // 16, side // 2] = 5
    look = mc.figure("A", A=cells).style(peak=peak, legends=False, letters=False, guides=False)
    out = io.BytesIO()
    look.save(out, format="png", size=(300, 200))
    pixels = np.asarray(Image.open(out).convert("RGB"))[:100].astype(int)  # without the colour bar
    return int(pixels.max())


def test_a_peak_has_its_full_size_in_a_matrix_of_any_size():
    assert lit(2048, peak=True) >= 0.95 * lit(512, peak=True) > 2 * lit(2048, peak=False)
