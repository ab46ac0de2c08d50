"""Saved pages, pictures and JSON; links and pages that are opened again; what a notebook is given."""

import io
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.api import save
from matcube.api.opening import from_address, from_page
from matcube.errors import DataError, WireError
from matcube.outputs.html import scene_in
from matcube.wire import Head
from matcube.wire.container import decode
from matcube.wire.link import decode_link, encode_link

PROGRAM = "softmax(tril(Q @ K.T / sqrt(16))) @ V"


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    return {
        name: rng.normal(size=(8, 16)).astype(dtype)
        for name, dtype in zip("QKV", ("f2", "f4", "f8"), strict=True)
    }


@pytest.fixture
def fig(arrays):
    return mc.figure(PROGRAM, labels={"Q.rows": [f"t{i}" for i in range(8)]}, **arrays)


def test_a_png_has_its_size(fig, tmp_path):
    path = fig.save(tmp_path / "a.png", size=(320, 200))
    with Image.open(path) as picture:
        assert picture.size == (320, 200)
    with Image.open(io.BytesIO(fig.to_png(size=(320, 200), scale=2))) as picture:
        assert picture.size == (640, 400)


def test_a_picture_is_the_same_every_time(fig):
    assert fig.to_png(size=(200, 120)) == fig.to_png(size=(200, 120))


def test_the_json_is_the_head(fig, tmp_path):
    text = fig.save(str(tmp_path / "a.json")).read_bytes()
    head = msgspec.json.decode(text, type=Head)
    assert head.view == fig.state
    assert [matrix.name for matrix in head.matrices][:3] == ["Q", "K", "Q @ K.T"]
    assert text.count(b"\n") > 50
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} stands in the head"))


def test_a_saved_page_carries_every_layout_and_all_it_can_show(fig, tmp_path):
    page = fig.save(tmp_path / "a.html").read_text(encoding="utf-8")
    scene = decode(scene_in(page))
    keys = [layout.key for layout in scene.head.layouts]
    assert keys == ["blocks", "zigzag", "wheel", "blocks+sheets", "zigzag+sheets", "wheel+sheets"]
    assert scene.head.layout == "blocks"
    assert {(one.scheme, one.sheets_open) for one in scene.head.layouts} == {
        (scheme, opened) for scheme in ("blocks", "zigzag", "wheel") for opened in (False, True)
    }
    assert all(buffer.offset >= 0 for buffer in scene.head.buffers)
    assert "://" not in page.partition("<script")[0]


def test_the_layout_of_the_figure_comes_first(fig):
    scene = decode(scene_in(fig.layout("wheel", sheets="open", gap=3).to_html()))
    assert scene.head.layout == "wheel+sheets"
    assert scene.head.layouts[0].gap == 3


def test_a_heavy_page_leaves_the_sheets_at_home(fig, monkeypatch):
    monkeypatch.setattr(save, "MAX_SHEET_BYTES", 1000)
    scene = decode(scene_in(fig.to_html()))
    assert not any(layout.sheets_open for layout in scene.head.layouts)
    drawn = {face.node for layout in scene.head.layouts for face in layout.faces}
    for matrix in scene.head.matrices:
        if matrix.node in drawn:
            assert matrix.values in scene.buffers


def test_a_page_of_open_sheets_keeps_them_however_heavy(fig, monkeypatch):
    monkeypatch.setattr(save, "MAX_SHEET_BYTES", 1000)
    scene = decode(scene_in(fig.layout(sheets="open").to_html()))
    assert scene.head.layouts[0].sheets_open
    shown = {face.node for face in scene.head.layouts[0].faces}
    assert all(m.values in scene.buffers for m in scene.head.matrices if m.node in shown)


def test_no_path_of_this_machine_is_in_a_page(fig, tmp_path):
    assert str(Path.cwd()) not in fig.to_html()
    assert str(tmp_path) not in fig.save(tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["no/such/folder/a.png", "a.png"])
def test_what_cannot_be_written(fig, tmp_path, name):
    (tmp_path / "a.png").mkdir()
    with pytest.raises(DataError, match=r"there is no folder|is a folder"):
        fig.save(tmp_path / name)


# --- opened again ------------------------------------------------------------------------------------


def test_a_link_restores_everything(fig, arrays):
    changed = (
        fig.layout("wheel", gap=4).style(theme="light").view(yaw=11, select="Q", pin=("Q", 1, 2), hide=["V"])
    )
    again = mc.open_figure("http://127.0.0.1:1234/" + changed.link(), data=arrays)
    assert again.state == changed.state
    np.testing.assert_array_equal(again.value(), changed.value())


def test_a_link_says_what_it_needs_and_holds_no_values(fig, arrays):
    state = decode_link(fig.link())
    assert {name: (ref.shape, ref.dtype) for name, ref in state.data.items()} == {
        "Q": ((8, 16), "float16"), "K": ((8, 16), "float32"), "V": ((8, 16), "float64"),
    }  # fmt: skip
    assert len(fig.link()) < 2000
    with pytest.raises(DataError, match="needs the array K: 8 × 16 float32") as caught:
        mc.open_figure(fig.link())
    assert 'mc.open_figure(link, data={"K": array})' in str(caught.value)
    with pytest.raises(DataError, match=r"the array K here .* has other values"):
        mc.open_figure(fig.link(), data={**arrays, "K": arrays["K"] + 1})
    with pytest.raises(DataError, match="the array V here"):
        mc.open_figure(fig.link(), data={**arrays, "V": arrays["V"].T})


def test_random_leaves_are_the_same_wherever_a_link_is_opened():
    fig = mc.figure("A @ B", A="gaussian(8, 4)", B="uniform(4, 3)")
    np.testing.assert_array_equal(mc.open_figure(fig.link()).value(), fig.value())


def test_a_saved_page_opens_with_the_arrays_it_carries(fig, tmp_path):
    path = fig.style(theme="light").save(tmp_path / "a page.html")
    again = from_page(path, {})
    assert again.state == fig.style(theme="light").state
    for name in ("Q", "K", "V", None):
        np.testing.assert_array_equal(again.value(name), fig.value(name))
    assert [axis.labels for axis in again.scene().head.axes] == [
        axis.labels for axis in fig.scene().head.axes
    ]


def test_the_address_of_a_saved_page_opens_with_its_fragment(fig, tmp_path):
    path = fig.save(tmp_path / "a page.html")
    moved = fig.style(theme="light")
    for address in (path.as_uri() + moved.link(), f"{path}{moved.link()}"):
        assert from_address(address, {}).state == moved.state
    assert from_address(path.as_uri(), {}).state == fig.state
    assert from_address(str(path), {}).state == fig.state
    with pytest.raises(DataError, match="needs the array"):
        from_address("file:///nowhere/page.html" + moved.link(), {})


def test_a_page_with_other_values_than_it_says_is_not_believed(fig, tmp_path):
    scene = decode(scene_in(fig.to_html()))
    state = fig.state
    forged = msgspec.structs.replace(
        state, data={**state.data, "Q": msgspec.structs.replace(state.data["Q"], sha256="0" * 64)}
    )
    path = fig.save(tmp_path / "a.html")
    with pytest.raises(DataError, match="needs the array Q"):
        from_page(path, {}, view=forged)
    assert scene.head.view == state


def test_a_page_carries_whole_numbers_with_every_digit(tmp_path):
    array = np.array([[2**24 + 1, -(2**53)]])
    path = mc.figure("A @ A.T", A=array).save(tmp_path / "a.html")
    found = from_address(str(path), {}).value("A")
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    ("name", "content", "error", "says"),
    [
        ("a.png", b"", DataError, "neither a link nor a saved page"),
        ("a.html", None, DataError, "cannot be read"),
        ("a.html", b"\xff\xfe", DataError, "cannot be read"),
        ("a.html", b"<html></html>", WireError, "not saved by matcube"),
        (
            "a.html",
            b'<script type="application/octet-stream" id="matcube-scene">AAAA</script>',
            WireError,
            "not a matcube",
        ),
    ],
)
def test_what_is_no_page(tmp_path, name, content, error, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=says):
        from_address(str(path), {})


def test_a_link_of_a_program_that_does_not_read_is_an_error(fig):
    broken = encode_link(msgspec.structs.replace(fig.state, program="Q @", data={}))
    with pytest.raises(mc.MatcubeError, match="something is missing"):
        mc.open_figure(broken)


# --- notebook ----------------------------------------------------------------------------------------


def test_a_notebook_is_given_a_picture_and_a_frame():
    bundle = mc.figure("A @ B", A="eye(4, 4)", B="eye(4, 4)")._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/plain", "image/png", "text/html"}
    assert bundle["text/plain"] == "<matcube 'A @ B', 4 × 4>"
    assert 'sandbox="allow-scripts"' in bundle["text/html"]
    assert json.dumps(bundle)


def test_show_serves_until_it_is_closed(fig):
    import httpx

    handle = fig.show(open_browser=False)
    try:
        with httpx.Client(follow_redirects=True) as client:
            assert "matcube" in client.get(handle.url).text
            scene = client.get(handle.url.partition("?")[0] + "scene").content
            assert decode(scene).head.view == fig.state
    finally:
        handle.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{handle.port}/")
