"""The saved page: one file without any request, that can be read back."""

import base64
import hashlib
import io
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matcube.errors import WireError
from matcube.outputs.html import page, scene_in
from matcube.outputs.html import page as page_function
from tools.bundle_hash import ASSETS


def png_of(image):
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


PNG = png_of(Image.new("RGB", (24, 16), (255, 114, 72)))


class Reader(HTMLParser):
    """The elements of a page, with their attributes and their text."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict, list[str]]] = []
        self.open: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open = []
        self.tags.append((tag, dict(attrs), self.open))

    def handle_endtag(self, tag):
        self.open = None

    def handle_data(self, data):
        if self.open is not None:
            self.open.append(data)

    def all(self, tag: str) -> list[tuple[dict, str]]:
        return [(attrs, "".join(text)) for name, attrs, text in self.tags if name == tag]


def policy_of(text: str) -> dict[str, list[str]]:
    (content,) = [
        a["content"] for a, _ in Reader(text).all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    ]
    return {words.split()[0]: words.split()[1:] for words in content.split(";")}


def sha256_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def with_assets(monkeypatch, **assets: str) -> None:
    files = {"viewer.js": "js", "viewer.css": "css", "page.css": "page"}
    names = {name: assets.get(key, "") for name, key in files.items()}
    monkeypatch.setitem(page_function.__globals__, "_asset", names.__getitem__)


def test_the_policy_allows_what_is_in_the_page_and_nothing_else():
    text = page(title="A @ B", scene=b"scene", still=PNG)
    policy = policy_of(text)
    read = Reader(text)
    (script,) = [body for attrs, body in read.all("script") if attrs["type"] == "module"]
    assert len(script) > 10_000
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == [sha256_source(script)]
    assert policy["style-src"] == [sha256_source(body) for _, body in read.all("style")]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert set(policy) == {
        "default-src", "script-src", "style-src", "img-src", "worker-src", "base-uri", "form-action",
    }  # fmt: skip
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & {
        w for ws in policy.values() for w in ws
    }


def test_the_policy_stands_before_everything_it_governs():
    text = page(title="A", scene=b"")
    assert text.index("Content-Security-Policy") < min(
        text.index("<style"), text.index("<script"), text.index("<link")
    )


def test_no_reference_leads_outside():
    read = Reader(page(title="A @ B", scene=b"scene", still=PNG))
    references = [
        value
        for _, attrs, _ in read.tags
        for name, value in attrs.items()
        if name in ("src", "href", "action", "data", "poster", "srcset", "background")
    ]
    assert references
    assert all(value.startswith("data:") for value in references)
    assert not [
        attrs for _, attrs, _ in read.tags for name in attrs if name.startswith("on") or name == "style"
    ]


def test_the_style_loads_nothing():
    ((_, style),) = Reader(page(title="", scene=b"")).all("style")
    assert "@import" not in style
    assert not re.findall(r"url\((?!['\"]?data:)", style)


def test_the_bundle_is_there_whole(monkeypatch):
    with_assets(monkeypatch, js='let x = "ü";\r\nrun(x);', css="b{color:red}")
    read = Reader(page(title="", scene=b""))
    scripts = [body for attrs, body in read.all("script") if attrs["type"] == "module"]
    assert scripts == ['let x = "ü";\nrun(x);']
    assert "b{color:red}" in read.all("style")[0][1]


@pytest.mark.parametrize("mark", ["</script>", "</SCRIPT >", "<script>", "<!--", "</scRipt"])
def test_no_text_of_a_script_ends_its_element(monkeypatch, mark):
    with_assets(monkeypatch, js=f'let a = "{mark}"; let b = 1 < 2;')
    text = page(title="", scene=b"scene")
    _, body = [body for _, body in Reader(text).all("script")]
    assert body == 'let a = "' + mark.replace("<", "\\x3c") + '"; let b = 1 < 2;'
    assert policy_of(text)["script-src"] == [sha256_source(body)]
    assert scene_in(text) == b"scene"


def test_no_text_of_the_style_ends_its_element(monkeypatch):
    with_assets(monkeypatch, css='b::after{content:"</style><script>x()</script>"}')
    read = Reader(page(title="", scene=b""))
    assert len(read.all("script")) == 2
    assert "x()" in read.all("style")[0][1]


TITLE = '</title><script>alert("x")</script> & \'quoted\' "too" {brace} %s Σₖ'


def test_a_title_is_text():
    text = page(title=TITLE, scene=b"", still=PNG)
    read = Reader(text)
    assert unescape(text.partition("<title>")[2].partition("</title>")[0]) == TITLE
    ((still, _),) = read.all("img")
    assert still["alt"] == TITLE
    assert len(read.all("script")) == 2


def test_the_still_is_inside():
    ((still, _),) = Reader(page(title="", scene=b"", still=PNG)).all("img")
    assert still["id"] == "matcube-still"
    head, _, data = still["src"].partition(",")
    assert head == "data:image/webp;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert (picture.format, picture.size) == ("WEBP", (24, 16))
        assert np.allclose(np.asarray(picture)[5, 5], (255, 114, 72), atol=6)
    assert not Reader(page(title="", scene=b"")).all("img")


def test_without_javascript_there_is_a_sentence():
    assert (
        "with JavaScript" in page(title="", scene=b"").partition("<noscript>")[2].partition("</noscript>")[0]
    )


@given(st.binary(max_size=2000))
def test_the_scene_comes_back(scene):
    text = page(title="t", scene=scene)
    assert scene_in(text) == scene
    ((_, body),) = [tag for tag in Reader(text).all("script") if tag[0].get("id") == "matcube-scene"]
    assert base64.b64decode(body) == scene


@pytest.mark.parametrize(
    "text", ["", "<html></html>", '<script type="application/octet-stream" id="matcube-scene">AAAA']
)
def test_what_is_no_saved_page(text):
    with pytest.raises(WireError, match="not saved by matcube, or it is cut short"):
        scene_in(text)


def test_a_damaged_scene_is_said_to_be():
    whole = page(title="", scene=b"0123456789")
    with pytest.raises(WireError, match="damaged"):
        scene_in(whole.replace(base64.b64encode(b"0123456789").decode(), "AAAAA"))
    with pytest.raises(WireError, match="not saved by matcube"):
        scene_in(whole.replace(base64.b64encode(b"0123456789").decode(), "<b>AAAA</b>"))


def test_the_page_costs_little_more_than_its_parts():
    scene = bytes(3_000_000)
    text = page(title="", scene=scene)
    empty = page(title="", scene=b"")
    assert len(text) - len(empty) == 4_000_000
    parts = [ASSETS / name for name in ("viewer.js", "viewer.css", "page.css")]
    assert len(empty) < sum(part.stat().st_size for part in parts) + 3000
