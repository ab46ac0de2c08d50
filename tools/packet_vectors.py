"""Vectors of packets: the exchanges of a film at some moments, their sentences, links and packets."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from matcube.api.front import figure
from matcube.playback import packets
from matcube.playback.visible import layout_of
from matcube.scene import colour
from tools.plate_vectors import mark_of

MLP = "h = relu(x @ W1); y = h @ W2"
ATTENTION = "out = softmax(Q @ K.T) @ V"
LAYERS = {"x": "gaussian(6, 4)", "W1": "gaussian(4, 8)", "W2": "gaussian(8, 5)"}
ROWS = dict.fromkeys("QKV", "gaussian(6, 4)")
HEADS = "\n".join(
    [
        *(f"{name} = split(x @ w{name}, axis=1, parts=2).permute(axes=(1, 0, 2))" for name in "qkv"),
        "z = softmax(q @ k.mT) @ v",
        "out = merge(permute(z, axes=(1, 0, 2)), axis=1) @ wo",
    ]
)
WEIGHTS = {"x": "gaussian(3, 4)", **{f"w{name}": "gaussian(4, 4)" for name in "qkvo"}}
FILMS: tuple[tuple[str, dict[str, str], dict[str, int]], ...] = (
    (MLP, LAYERS, {"W1.cols": 4}),
    (MLP, LAYERS, {"W1.cols": 2, "x.rows": 3}),
    (MLP, LAYERS, {"preset:fsdp": 3}),
    (ATTENTION, ROWS, {"preset:ring": 3}),
    (ATTENTION, ROWS, {"K.rows": 2}),
    ("A @ (B @ C).T", {"A": "gaussian(4, 6)", "B": "gaussian(8, 5)", "C": "gaussian(5, 6)"}, {"B.rows": 4}),
    (HEADS, WEIGHTS, {"preset:megatron": 2}),
)
SHARES = (0.0, 0.2, 0.7)


def vectors() -> dict[str, Any]:
    """The content of the file."""
    return {
        "about": "packets of exchanges among devices at some moments of films",
        "theme": to_builtins(colour.themes()[0]),
        "cases": [_case(*film) for film in FILMS],
    }


def _case(program: str, leaves: dict[str, str], splits: dict[str, int]) -> dict[str, Any]:
    head = figure(program, **leaves).partition(splits).animate("vmprod").scene().head
    assert head.film is not None
    layout = layout_of(head)
    starts = dict.fromkeys((one.start, one.steps) for one in head.film.exchanges)
    times = [start + steps * share for start, steps in starts for share in SHARES]
    return {
        "partition": to_builtins(head.partition), "film": to_builtins(head.film),
        "faces": to_builtins(layout.faces),
        "matrices": [{"node": matrix.node, "inputs": matrix.inputs} for matrix in head.matrices],
        "held": sorted(map(list, packets.held_until(head.film).items())),
        "moments": [_moment(head, layout.faces, t) for t in (*times, head.film.duration)],
    }  # fmt: skip


def _moment(head: Any, faces: Any, t: float) -> dict[str, Any]:
    playing = packets.playing_at(head.film, t)
    return {
        "t": t, "sentences": packets.sentences_of(head, playing),
        "playing": [{"exchange": to_builtins(one.exchange), "share": one.share} for one in playing],
        "marks": [mark_of(mark) for mark in packets.packets_of(head, faces, colour.themes()[0], playing)],
    }  # fmt: skip
