"""SVG and PDF: rasterised by poppler and compared with the still, text as text, sizes, hostile names."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.engine.still import PX_PER_MM
from matcube.errors import DataError, OptionError
from matcube.outputs import still
from matcube.outputs.still.paper import drawing_of
from matcube.outputs.still.paper.drawing import MOST_CELLS, on_white
from matcube.outputs.still.paper.items import Disc, Line, Picture, Polygon, Strokes, Words

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(8, 6)), RNG.normal(size=(6, 7))
SVG = "{http://www.w3.org/2000/svg}"


def product():
    return mc.figure("C = A @ B", A=A, B=B)


def poppler(*arguments: object) -> bytes:
    return subprocess.run(
        [str(item) for item in arguments], check=True, capture_output=True, timeout=60
    ).stdout


def raster(pdf: Path, size: tuple[int, int]) -> np.ndarray:
    """The page of a PDF as pixels."""
    out = poppler("pdftoppm", "-png", "-scale-to-x", size[0], "-scale-to-y", size[1], pdf)
    return np.asarray(Image.open(io.BytesIO(out)).convert("RGB"), np.float64) / 255


def still_on_white(figure, size: tuple[int, int]) -> np.ndarray:
    """The still on white, without arrows."""
    scene = figure.style(theme="light", arrows=False).scene()
    image = still.render(on_white(scene.head), scene.buffers, size=size, supersample=2)
    return np.asarray(image, np.float64) / 255


@pytest.mark.parametrize("many", [8, 150], ids=["discs", "an embedded picture"])
def test_poppler_shows_what_the_still_shows(tmp_path, many):
    rng = np.random.default_rng(1)
    figure = mc.figure("C = A @ B", A=rng.normal(size=(many, many)), B=rng.normal(size=(many, many)))
    size = (900, 600)
    path = figure.save(tmp_path / "c.pdf", size=size)
    page, picture = raster(path, size), still_on_white(figure, size)
    shrunk = [image.reshape(60, 10, 90, 10, 3).mean(axis=(1, 3)) for image in (page, picture)]
    assert np.abs(shrunk[0] - shrunk[1]).mean() < 0.02
    assert np.corrcoef(shrunk[0].ravel(), shrunk[1].ravel())[0, 1] > 0.93
    assert np.corrcoef(shrunk[0].ravel(), np.roll(shrunk[1], 5, axis=1).ravel())[0, 1] < 0.8


def test_few_cells_are_discs_and_many_a_picture():
    scene = product().scene()
    items = drawing_of(scene.head, scene.buffers, size=(640, 400)).items
    assert sum(isinstance(item, Disc) for item in items) >= np.count_nonzero(A) + np.count_nonzero(B) + 56
    assert not any(isinstance(item, Picture) for item in items)
    side = int(np.sqrt(MOST_CELLS / 3)) + 1
    large = mc.figure("A @ B", A=np.ones((side, side)), B=np.ones((side, side))).scene()
    items = drawing_of(large.head, large.buffers, size=(640, 400)).items
    assert sum(isinstance(item, Picture) for item in items) == 1


def test_large_cells_are_tiles_with_their_digits_as_lines():
    figure = mc.figure("A", A=np.array([[1.0, -2, 0], [10, np.nan, np.inf]])).flat()
    items = drawing_of(figure.scene().head, figure.scene().buffers, size=(640, 400)).items
    digits = [item for item in items if isinstance(item, Strokes)]
    strokes = {"1": 2, "−": 1, "2": 1, "0": 1, "N": 1, "a": 2, "∞": 1}
    wanted = [sum(strokes[sign] for sign in text) for text in ("1", "−2", "0", "10", "NaN", "∞")]
    assert sorted(len(item.lines) for item in digits) == sorted(wanted)
    assert sum(isinstance(item, Polygon) and len(item.points) == 16 for item in items) == 6


def test_odd_values_keep_their_shapes_on_paper():
    values = np.array([[np.nan, np.inf, -np.inf, 1.0]])
    figure = mc.figure("A", A=values).flat().style(numbers="never")
    items = drawing_of(figure.scene().head, figure.scene().buffers, size=(640, 400)).items
    (cross,) = [item for item in items if isinstance(item, Strokes)]
    up, down = [item.points for item in items if isinstance(item, Polygon) and len(item.points) == 3]
    assert len(cross.lines) == 2
    assert up[0][1] < up[1][1] == pytest.approx(up[2][1]), "a tip above, a side below"
    assert down[0][1] > down[1][1] == pytest.approx(down[2][1])


def test_a_disc_is_where_the_still_has_its_ball():
    """Cell (2, 3) of C alone is not 0: the ink of the still has its middle where the disc is."""
    lonely = np.zeros((8, 7))
    lonely[2, 3] = 5.0
    figure = mc.figure("C", C=lonely).style(guides=False, legends=False, numbers="never")
    scene = figure.scene()
    (disc,) = [
        item
        for item in drawing_of(scene.head, scene.buffers, size=(900, 600)).items
        if isinstance(item, Disc) and 100 < item.centre[0] < 600
    ]
    light = figure.style(theme="light", arrows=False).scene()
    image = still.render(light.head, light.buffers, size=(900, 600), corners=False)
    ink = np.ptp(np.asarray(image, np.float64), axis=2) / 255  # plates and frames have next to no hue
    ink[ink < 0.2] = 0
    y, x = np.indices(ink.shape)
    middle = (x * ink).sum() / ink.sum() + 0.5, (y * ink).sum() / ink.sum() + 0.5
    assert np.hypot(disc.centre[0] - middle[0], disc.centre[1] - middle[1]) < 2
    assert np.sqrt(np.prod(disc.radii)) == pytest.approx(np.sqrt((ink > 0.3).sum() / np.pi), rel=0.1)


def test_text_is_text_in_both(tmp_path):
    figure = product()
    words = poppler("pdftotext", figure.save(tmp_path / "c.pdf"), "-").decode()
    svg = ET.fromstring(figure.save(tmp_path / "c.svg").read_text(encoding="utf-8"))
    written = [text.text for text in svg.iter(f"{SVG}text")]
    for name, shape in (("A", "8 × 6"), ("B", "6 × 7"), ("C", "8 × 7")):
        assert re.search(rf"\b{name}\b", words) and set(shape) <= set(words)  # a text on a plane has no lines
        assert name in written and any(shape in str(text) for text in written)
    assert b"FontFile2" in (tmp_path / "c.pdf").read_bytes(), "the font is embedded"
    assert "@font-face" in (tmp_path / "c.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("width_mm", [85, 174.5])
def test_width_on_paper_is_exact(tmp_path, width_mm):
    info = poppler("pdfinfo", product().save(tmp_path / "c.pdf", width_mm=width_mm, size=(800, 500))).decode()
    wide, high = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", info).groups())  # type: ignore[union-attr]
    assert wide == pytest.approx(width_mm * 72 / 25.4, abs=0.01)
    assert high / wide == pytest.approx(5 / 8, abs=0.005)
    svg = ET.fromstring(product().save(tmp_path / "c.svg", width_mm=width_mm).read_text(encoding="utf-8"))
    assert svg.get("width") == f"{width_mm}mm"


def test_letters_have_one_size_on_paper_at_any_width():
    scene = product().scene()
    for width_mm in (60, 85, 170):
        width = round(width_mm * PX_PER_MM)
        items = drawing_of(scene.head, scene.buffers, size=(width, round(width * 0.6))).items
        written = [item for item in items if isinstance(item, Words)]
        points = {item.px * width_mm / width * 72 / 25.4: item.down == (0, 1) for item in written}
        assert min(points) >= 6
        assert max(size for size, upright in points.items() if upright) <= 8.5
        assert max(points) <= 26, "on the plane of a face"


def test_a_scale_makes_everything_larger_alike():
    figure = product()
    single, three = (
        np.asarray(Image.open(io.BytesIO(figure.to_png(size=(400, 260), scale=scale))), np.float64) / 255
        for scale in (1, 3)
    )
    assert three.shape == (780, 1200, 3)
    shrunk = three.reshape(260, 3, 400, 3, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - single).mean() < 0.01
    assert np.corrcoef(shrunk.ravel(), single.ravel())[0, 1] > 0.97


def test_the_ground_is_transparent_and_there_is_no_arrow_and_no_program(tmp_path):
    svg = product().save(tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "<rect" not in svg and "A @ B" not in re.sub("<title>.*</title>", "", svg)


def test_hostile_names_are_escaped(tmp_path):
    labels = {"A.rows": ["</text><script>alert(1)</script>", '"&<x', "\x1b]52;c\x07", "\ud800", *"efgh"]}
    figure = mc.figure("A", A=np.ones((8, 2)), labels=labels).flat()
    svg = figure.save(tmp_path / "a.svg", size=(900, 900)).read_text(encoding="utf-8")
    ET.fromstring(svg)
    assert "<script" not in svg and "\x1b" not in svg and "&lt;scrip" in svg
    assert figure.save(tmp_path / "a.pdf").stat().st_size > 1000


def test_nan_masks_films_and_empty_matrices(tmp_path):
    holes = np.array([[1.0, np.nan], [np.inf, -2.0]])
    figures = {
        "nan": mc.figure("A @ B", A=holes, B=np.eye(2)),
        "masked": mc.figure("softmax(tril(S))", S=np.ones((5, 5))),
        "empty": mc.figure("A @ B", A=np.ones((0, 3)), B=np.ones((3, 2))),
        "single": mc.figure("A", A=[[3.0]]),
        "film": product().animate("outer", time=2.0),
        "pinned": product().view(pin="C[1, 2]"),
    }
    for name, figure in figures.items():
        assert ET.fromstring(figure.save(tmp_path / f"{name}.svg").read_text(encoding="utf-8")) is not None
        assert raster(figure.save(tmp_path / f"{name}.pdf"), (300, 200)).min() < 0.9


def test_the_same_figure_has_the_same_bytes(tmp_path):
    for form in ("svg", "pdf"):
        first, second = (product().save(tmp_path / f"{n}.{form}").read_bytes() for n in "ab")
        assert first == second and len(first) < 100_000


def test_flat_is_face_on_and_alone():
    flat = mc.figure("attn = softmax(S)\nattn @ V", S=np.ones((4, 4)), V=np.ones((4, 2))).flat("attn")
    scene = flat.style(numbers="never").scene()
    items = drawing_of(scene.head, scene.buffers, size=(600, 600)).items
    discs = [item for item in items if isinstance(item, Disc)][:16]
    rows, cols = (sorted({round(item.centre[axis]) for item in discs}) for axis in (1, 0))
    assert len(rows) == len(cols) == 4 and np.ptp(np.diff(rows)) <= 1
    assert "attn" in [item.text for item in items if isinstance(item, Words)]


def test_a_pdf_without_its_package_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(DataError, match="needs the package fpdf2") as caught:
        product().save(tmp_path / "c.pdf")
    assert caught.value.hint == "pip install 'matcube[paper]', or save .svg or .png"
    monkeypatch.setitem(sys.modules, "fontTools", None)
    assert "@font-face" in product().save(tmp_path / "c.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("width_mm", [0, -5, 9, 1e9, float("nan"), True, "85"])
def test_widths_that_cannot_be(tmp_path, width_mm):
    with pytest.raises(OptionError, match="width_mm="):
        product().save(tmp_path / "c.svg", width_mm=width_mm)


def test_blocks_have_the_numbers_of_their_devices_and_packets_are_lines(tmp_path):
    leaves = {"x": "gaussian(6, 6)", "W1": "gaussian(6, 8)", "W2": "gaussian(8, 6)"}
    figure = mc.figure("h = relu(x @ W1); y = h @ W2", **leaves).partition({"W1.cols": 4})
    tints = figure.scene().head.themes[1].devices[:4]
    resting, sending = (
        drawing_of(played.scene().head, played.scene().buffers, size=(900, 600))
        for played in (figure, figure.animate("vmprod", time=13))
    )
    numbers = [item.text for item in resting.items if isinstance(item, Words) and item.text in "1234"]
    assert {number: numbers.count(number) >= 3 for number in "1234"} == dict.fromkeys("1234", True)
    grounds = {item.colour for item in resting.items if isinstance(item, Polygon)}
    assert grounds >= set(tints)
    packets = [item for item in sending.items if isinstance(item, Line) and item.width == 6]
    assert [packet.colour for packet in packets] == list(tints)
    assert not [item for item in resting.items if isinstance(item, Line) and item.width == 6]
    text = poppler("pdftotext", figure.save(tmp_path / "split.pdf", size=(900, 600)), "-").decode()
    assert {"1", "2", "3", "4", "all"} <= set(text.split())
