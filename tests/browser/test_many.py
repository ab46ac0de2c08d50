"""More figures on one page than a browser has contexts: each is alive when it comes into view."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest

import matcube as mc

MANY = 40
DRAWN = """() => {
    const canvas = document.querySelector('.mc-canvas');
    if (canvas === null || canvas.width === 0) return false;
    const copy = document.createElement('canvas').getContext('2d');
    [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let at = 0; at < data.length; at += 4) if (Math.abs(data[at] - data[0]) > 16) drawn += 1;
    return drawn > 50;
}"""


SMALL = f"(size) => document.querySelector('.mc-canvas').width === size && ({DRAWN})()"


@pytest.mark.slow
def test_forty_frames_scrolled_through_are_all_alive(open_page: Any, tmp_path: Path) -> None:
    figure = mc.figure("A @ B", A="gaussian(6, 4)", B="gaussian(4, 5)")
    text = escape(figure.to_html(size=(96, 60)))
    frame = f'<p><iframe sandbox="allow-scripts" width="360" height="260" srcdoc="{text}">'
    path = tmp_path / "notebook.html"
    text = "<!doctype html><meta charset=utf-8><title>notebook</title>" + f"{frame}</iframe></p>" * MANY
    path.write_text(text, encoding="utf-8")
    viewer = open_page(path.as_uri(), ready=False, width=420, height=560)
    page = viewer.page
    frames = page.frames[1:]
    assert len(frames) == MANY
    for at in [*range(MANY), *reversed(range(0, MANY, 5))]:
        page.evaluate("at => document.querySelectorAll('iframe')[at].scrollIntoView()", at)
        frames[at].wait_for_function("() => window.matcubeProbe !== undefined")
        frames[at].wait_for_function(DRAWN)
        assert frames[at].evaluate("() => matcubeProbe.picture()").startswith("data:image/png")
    for one in frames:  # those out of view keep their pictures
        assert one.evaluate(DRAWN)
        assert one.evaluate("() => document.querySelector('.is-lost, .is-still') === null")
    for size in (56, 64):  # all in view; the second time most of them have lost their contexts
        page.add_style_tag(content=f"p {{ display: inline }} iframe {{ width: {size}px; height: 60px }}")
        for one in frames:
            one.wait_for_function(SMALL, arg=size)
    for one in frames:
        assert one.evaluate(DRAWN)
        assert one.evaluate("() => document.querySelector('.is-lost, .is-still') === null")
    for one in (frames[0], frames[-1]):  # the context of the first was taken by the last
        assert one.evaluate("() => matcubeProbe.picture()").startswith("data:image/png")
