"""Links: what goes in comes out, and what is damaged or hostile is refused with a sentence."""

import base64
import json
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.errors import WireError
from matcube.wire import Camera, DataRef, LayoutView, Pin, Selection, StyleView, View
from matcube.wire.link import MAX_VIEW_BYTES, decode_link, encode_link

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)
NUMBERS = st.floats(-1e12, 1e12)
NODES = st.integers(0, 10**9)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
SHAS = st.text("0123456789abcdef", min_size=64, max_size=64)

VIEWS = st.builds(
    View,
    program=TEXTS,
    leaves=st.dictionaries(NAMES, TEXTS, max_size=5),
    data=st.dictionaries(
        NAMES,
        st.builds(
            DataRef, shape=st.lists(NODES, max_size=4).map(tuple), dtype=TEXTS, sha256=SHAS, file=TEXTS
        ),
        max_size=3,
    ),
    constants=st.dictionaries(NAMES, NUMBERS, max_size=3),
    labels=st.dictionaries(
        st.builds("{}.{}".format, NAMES, st.sampled_from(["rows", "cols"])),
        st.lists(TEXTS, max_size=4).map(tuple),
        max_size=3,
    ),
    layout=st.builds(
        LayoutView,
        gap=st.none() | st.floats(1, 64),
        scatter=st.floats(0, 128),
        molecule=st.integers(1, 10000),
        blast=st.floats(-2, 2),
        custom=st.dictionaries(NAMES, TEXTS, max_size=2),
        sheets=st.sampled_from(["closed", "open"]),
        parts=st.integers(0, 64),
    ),
    style=st.builds(
        StyleView, theme=st.sampled_from(["dark", "light", "auto"]), contrast=st.floats(0.05, 20)
    ),
    camera=st.none()
    | st.builds(
        Camera,
        target=st.tuples(NUMBERS, NUMBERS, NUMBERS),
        yaw=NUMBERS,
        pitch=st.floats(-1.5, 1.5),
        distance=st.floats(1e-6, 1e9),
    ),
    selection=st.builds(
        Selection,
        node=st.none() | NODES,
        pins=st.lists(st.builds(Pin, node=NODES, row=NODES, col=NODES), max_size=4).map(tuple),
    ),
    hidden=st.lists(NODES, max_size=5).map(tuple),
    isolated=st.none() | NODES,
    device=st.none() | NODES,
)


def packed(text: bytes | str | dict, *, version: int = 1) -> str:
    """A link around any bytes, as a hostile page would make it."""
    if isinstance(text, dict):
        text = json.dumps(text)
    data = text.encode() if isinstance(text, str) else text
    packer = zlib.compressobj(9, wbits=-15)
    raw = packer.compress(data) + packer.flush()
    return f"#m{version}." + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@given(VIEWS)
@settings(deadline=None, max_examples=150)
def test_round_trip(view):
    link = encode_link(view)
    assert decode_link(link) == view
    assert encode_link(decode_link(link)) == link


def test_a_link_needs_no_escaping():
    link = encode_link(View(program="softmax(tril(Q @ K.T / sqrt(16))) @ V" * 20))
    assert link.startswith("#m1.")
    assert set(link[4:]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "around", ["{}", "http://127.0.0.1:8000/{}", "file:///tmp/demo.html{}", "  {}\n", "https://a.b/?q=1{}"]
)
def test_a_link_is_found_at_the_end_of_any_address(around):
    view = View(program="A @ B")
    assert decode_link(around.format(encode_link(view))) == view
    assert decode_link(encode_link(view)[1:]) == view


@pytest.mark.parametrize("link", ["", "#", "hello", "#m.", "#mx.AAAA", "http://127.0.0.1:8000/", "#m1AAAA"])
def test_what_is_no_link(link):
    with pytest.raises(WireError, match="not a matcube link"):
        decode_link(link)


def test_unknown_version_of_the_form_and_of_the_view():
    with pytest.raises(WireError, match="this link is of version 2, and this matcube reads version 1"):
        decode_link(packed({"version": 1}, version=2))
    with pytest.raises(WireError, match="this view is of version 7, and this matcube reads version 1"):
        decode_link(packed({"version": 7, "program": "A @ B"}))


def test_fields_of_a_newer_version_are_named():
    newer = {"version": 2, "program": "A @ B", "style": {"theme": "dark", "plates": True}, "held": {}}
    with pytest.raises(WireError, match=r"reads version 1; unknown to it: style\.plates, held\n") as raised:
        decode_link(packed(newer))
    assert raised.value.hint == "update matcube to the version that made the view"
    many = {"version": 2, **{f"field{number}": 0 for number in range(1000)}, "\x1b[31m": 0, "x" * 10_000: 0}
    with pytest.raises(WireError) as raised:
        decode_link(packed(many))
    assert len(str(raised.value)) < 300 and "\x1b" not in str(raised.value)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_link_never_passes_as_another_view(data):
    view = View(program="softmax(Q @ K.T) @ V", leaves={"Q": "gaussian(4, 4)"})
    link = encode_link(view)
    at = data.draw(st.integers(0, len(link) - 1))
    how = data.draw(st.sampled_from(["cut", "change", "double"]))
    letter = data.draw(st.sampled_from("AZaz09-_.#%é"))
    damaged = {"cut": link[:at], "change": link[:at] + letter + link[at + 1 :], "double": link + link[at:]}[
        how
    ]
    try:
        decode_link(damaged)  # a flipped bit may by chance be another view, which is then checked like any
    except WireError as error:
        assert error.message


@pytest.mark.parametrize("cut", [1, 2, 5, 20])
def test_a_link_cut_short_is_damaged(cut):
    link = encode_link(View(program="A @ B", leaves={"A": "gaussian(64, 64, seed=12345)"}))
    with pytest.raises(WireError, match="damaged"):
        decode_link(link[:-cut])


def test_bytes_after_the_end_are_refused():
    link = encode_link(View(program="A @ B"))
    raw = base64.urlsafe_b64decode(link[4:] + "=" * (-len(link[4:]) % 4)) + b"more"
    with pytest.raises(WireError, match="after its end"):
        decode_link("#m1." + base64.urlsafe_b64encode(raw).decode())


def test_a_bomb_is_not_decompressed():
    bomb = packed(b" " * 300_000_000)
    assert len(bomb) < 500_000
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(WireError, match="decompresses to more than 1,000,000 bytes"):
        decode_link(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MAX_VIEW_BYTES


def test_a_very_long_fragment_is_refused_unread():
    with pytest.raises(WireError, match="longer than"):
        decode_link("#m1." + "A" * 2_000_000)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("surprise", 1, "unknown field `surprise`"),
        ("__proto__", {"polluted": 1}, "unknown field `__proto__`"),
        ("constructor", {}, "unknown field"),
        ("program", 7, "Expected `str`"),
        ("program", "x" * 4001, "has 4,001 characters, and a link holds 4,000"),
        ("program", "x" * 500_001, "length <= 500000"),
        ("leaves", {"Q": "x" * 4001}, "length <= 4000"),
        ("leaves", {"__proto__": "gaussian(2, 2)"}, "is not a name"),
        ("leaves", {"a b": "gaussian(2, 2)"}, "is not a name"),
        ("leaves", {f"a{n}": "" for n in range(4001)}, "length <= 4000"),
        ("constants", {"__class__": 1}, "is not a name"),
        ("constants", {"d": "64"}, "Expected `float`"),
        ("constants", {"d": 1e13}, "<= 1000000000000"),
        ("data", {"Q": {"shape": [2], "dtype": "f4", "sha256": "x"}}, "sha256"),
        ("data", {"Q": {"shape": [-1], "dtype": "f4", "sha256": "0" * 64}}, ">= 0"),
        ("layout", {"scheme": "blocks", "then": 1}, "unknown field `then`"),
        ("layout", {"custom": {"__proto__": "-LTF"}}, "'__proto__' is not a name"),
        ("layout", {"inside": {"__proto__": "C"}}, "'__proto__' is not a name"),
        ("film", {"each": {"__proto__": "none"}}, "'__proto__' is not a name"),
        ("partition", {"__proto__": 2}, "'__proto__' is not a name"),
        ("layout", {"gap": 0.5}, ">= 1"),
        ("layout", {"gap": 65}, "<= 64"),
        ("labels", {"Q.rows": "abc"}, "Expected `array`"),
        ("labels", {"Q.rows": [""] * 16385}, "length <= 16384"),
        ("labels", {"Q.rows": ["x" * 201]}, "length <= 200"),
        ("labels", {f"Q{n}.rows": [] for n in range(4001)}, "length <= 4000"),
        ("labels", {"Q.depth": ["a"]}, "names no side"),
        ("labels", {"__proto__": ["a"]}, "names no side"),
        ("labels", {"__proto__.rows": ["a"]}, "names no side"),
        ("style", {"theme": "blue"}, "Invalid enum value 'blue'"),
        ("style", {"dot_scale": 1e9}, "<= 4"),
        ("camera", {"target": [0, 0], "yaw": 0, "pitch": 0, "distance": 1}, "length 3"),
        ("camera", {"target": [0, 0, 0], "yaw": 0, "pitch": 0, "distance": 0}, "> 0"),
        ("selection", {"pins": [{"node": 0, "row": 0, "col": 0}] * 65}, "length <= 64"),
        ("hidden", list(range(1001)), "length <= 1000"),
        ("isolated", -1, ">= 0"),
    ],
)
def test_fields_are_checked(field, value, says):
    with pytest.raises(WireError) as caught:
        decode_link(packed({field: value}))
    assert says in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '{"program": "\\ud800"}',
        '{"constants": {"d": NaN}}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_the_json_of_a_view(text):
    with pytest.raises(WireError):
        decode_link(packed(text))


def test_deep_nesting_is_refused():
    with pytest.raises(WireError):
        decode_link(packed('{"leaves": ' + '{"a":' * 50_000 + "1" + "}" * 50_001))


def test_missing_fields_take_their_defaults():
    assert decode_link(packed({"program": "A"})) == View(program="A")


def test_a_view_out_of_its_range_makes_no_link():
    with pytest.raises(WireError, match="pitch"):
        encode_link(View(camera=Camera(target=(0, 0, 0), yaw=0, pitch=3, distance=1)))
    with pytest.raises(WireError):
        encode_link(View(constants={"d": float("nan")}))


def test_a_view_too_large_makes_no_link():
    leaves = {f"name{n}": "é" * 4000 for n in range(180)}
    with pytest.raises(WireError, match="too large for a link"):
        encode_link(View(leaves=leaves))


def test_the_view_travels_as_plain_json():
    link = encode_link(View(program="A @ B"))
    raw = base64.urlsafe_b64decode(link[4:] + "=" * (-len(link[4:]) % 4))
    assert json.loads(zlib.decompress(raw, wbits=-15)) == json.loads(
        msgspec.json.encode(View(program="A @ B"))
    )
