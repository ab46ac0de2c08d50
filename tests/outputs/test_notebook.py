"""A figure in a notebook: a picture for all, and a page in a frame that can reach nothing."""

import base64
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from matcube.outputs.notebook import bundle, wanted_forms

PNG = b"\x89PNG\r\n\x1a\n picture"


def frame_of(html: str) -> dict:
    """The attributes of the only element."""
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append((tag, dict(attrs)))

    Reader(convert_charrefs=True).feed(html)
    ((tag, attrs),) = tags
    assert tag == "iframe"
    return attrs


def test_three_forms_for_three_kinds_of_front_end():
    made = bundle(
        title="A @ B", page=lambda: "<!doctype html><p>page</p>", still=lambda: PNG, text="Figure(A @ B)"
    )
    assert set(made) == {"text/plain", "image/png", "text/html"}
    assert made["text/plain"] == "Figure(A @ B)"
    assert base64.b64decode(made["image/png"]) == PNG


def test_the_frame_may_run_scripts_and_nothing_more():
    frame = frame_of(bundle(title="A", page=lambda: "<p>", still=lambda: PNG, text="")["text/html"])
    assert frame["sandbox"].split() == ["allow-scripts"]
    assert "src" not in frame
    assert frame["height"] == "560"


@given(st.text(max_size=300), st.text(max_size=50))
def test_the_page_arrives_letter_by_letter(page, title):
    html = bundle(title=title, page=lambda: page, still=lambda: b"", text="")["text/html"]
    frame = frame_of(html)
    assert frame["srcdoc"] == page
    assert frame["title"] == title


def test_no_encoding_can_damage_it():
    html = bundle(title="Σₖ", page=lambda: "<p>Σₖ 𝄞</p>", still=lambda: b"", text="")["text/html"]
    assert html.isascii()
    assert frame_of(html)["srcdoc"] == "<p>Σₖ 𝄞</p>"


def test_a_page_cannot_leave_its_attribute():
    page = '"><script>alert(1)</script>&quot;&amp;quot;'
    html = bundle(title='"><b>', page=lambda: page, still=lambda: b"", text="")["text/html"]
    assert "<script" not in html
    assert "<b>" not in html
    assert frame_of(html)["srcdoc"] == page


def test_only_what_is_asked_for_is_made():
    def never():
        raise AssertionError("made without being asked for")

    assert set(bundle(title="A", page=never, still=never, text="A", forms={"text/plain"})) == {"text/plain"}
    assert wanted_forms(["image/png", "text/html"], ["text/html"]) == {"image/png"}


def test_a_terminal_is_given_text(monkeypatch):
    shell = SimpleNamespace(display_formatter=SimpleNamespace(active_types=["text/plain"]))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert wanted_forms(None, None) == {"text/plain"}
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert wanted_forms(None, None) == {"text/plain", "image/png", "text/html"}
