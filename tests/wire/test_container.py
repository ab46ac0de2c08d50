"""Scene bytes: there and back, shared buffers, and refusal of whatever is damaged."""

from __future__ import annotations

import struct

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcube import wire
from matcube.errors import WireError
from matcube.wire import View
from matcube.wire.container import MAGIC, Scene, decode, describe


def scene_of(*arrays: np.ndarray) -> Scene:
    """A scene that holds these flat arrays and nothing else."""
    entries = [describe(array) for array in arrays]
    head = wire.Head(
        version=wire.VERSION,
        title="t",
        view=View(program="A @ B"),
        axes=[],
        matrices=[],
        layouts=[],
        layout="",
        film=None,
        palettes=[],
        themes=[],
        vocabulary=wire.Vocabulary(operations=[], schemes=[], sensitivities=[], algorithms=[]),
        buffers=entries,
    )
    held = {entry.sha256: array for entry, array in zip(entries, arrays, strict=True)}
    return Scene(head=head, buffers=held, shown=frozenset(held))


@given(
    st.lists(st.floats(width=32), max_size=40),
    st.lists(st.floats(), max_size=40),
    st.lists(st.integers(0, 255), max_size=40),
)
def test_a_round_trip_changes_no_bit(floats: list[float], doubles: list[float], flags: list[int]) -> None:
    scene = scene_of(
        np.array(floats, "<f4"), np.array(doubles, "<f8"), np.array(flags, np.uint8), np.array([1.5], "<f2")
    )
    back = decode(scene.encode())
    assert {sha: a.tobytes() for sha, a in back.buffers.items()} == {
        sha: a.tobytes() for sha, a in scene.buffers.items()
    }
    assert msgspec.json.encode(back.head.view) == msgspec.json.encode(scene.head.view)
    assert back.encode() == scene.encode()


def test_buffers_start_at_multiples_of_16() -> None:
    data = scene_of(np.zeros(3, "<f4"), np.ones(5, np.uint8)).encode()
    assert len(data) % 16 == 0
    assert all(entry.offset % 16 == 0 for entry in decode(data).head.buffers)


def test_cached_buffers_are_not_sent_again() -> None:
    scene = scene_of(np.arange(100_000, dtype="<f4"))
    sha = next(iter(scene.buffers))
    short = scene.encode(have=[sha])
    assert len(short) < 2000
    assert decode(short).buffers == {}
    assert decode(short).head.buffers[0].offset == -1


def test_cached_fields_of_the_head_are_not_sent_again() -> None:
    axes = [wire.Axis(n, f"axis {n}", 3, ["word"] * 3) for n in range(200)]
    scene = scene_of()
    scene = Scene(msgspec.structs.replace(scene.head, axes=axes), scene.buffers, scene.shown)
    first = decode(scene.encode()).head
    assert set(first.parts) == set(wire.PARTS)
    short = scene.encode(have=first.parts.values())
    assert len(short) < 2000
    assert decode(short, held=first).head == first
    other = msgspec.structs.replace(first, parts={**first.parts, "axes": "0" * 64})
    for held in (None, other):
        with pytest.raises(WireError, match="leaves out axes"):
            decode(short, held=held)
    changed = Scene(msgspec.structs.replace(scene.head, axes=axes[:2]), {}, frozenset())
    again = decode(changed.encode(have=first.parts.values()), held=first).head
    assert [axis.id for axis in again.axes] == [0, 1]
    assert again.vocabulary == first.vocabulary


def test_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(WireError, match="int64"):
        describe(np.zeros(3, np.int64))


def test_every_cut_is_refused() -> None:
    data = scene_of(np.arange(64, dtype="<f4")).encode()
    for length in range(len(data)):
        with pytest.raises(WireError):
            decode(data[:length])


def test_a_changed_value_is_noticed() -> None:
    data = bytearray(scene_of(np.arange(64, dtype="<f4")).encode())
    data[-1] ^= 1
    with pytest.raises(WireError, match="hash"):
        decode(bytes(data))


def test_unknown_versions_are_named() -> None:
    data = scene_of().encode()
    with pytest.raises(WireError, match="format 9"):
        decode(MAGIC[:7] + b"\x09" + data[8:])
    later = data.replace(b'{"version":1,"title"', b'{"version":7,"title"', 1)
    with pytest.raises(WireError, match="version 7"):
        decode(later)


def test_a_head_longer_than_the_bytes_is_refused() -> None:
    with pytest.raises(WireError, match="cut short"):
        decode(struct.pack("<8sII", MAGIC, 2**31, 0) + b"{}")
    with pytest.raises(WireError, match="not a matcube scene"):
        decode(b"PK\x03\x04 something else entirely")
