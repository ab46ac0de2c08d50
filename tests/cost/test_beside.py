"""Texts of costs beside the matrices."""

from __future__ import annotations

import matcube as mc
from matcube.outputs.still import words
from matcube.playback.visible import shown_of


def beside(fig: mc.Figure) -> dict[str, list[str]]:
    head = fig.scene().head
    shown = shown_of(head, head.view)
    return {
        shown.matrices[face.node].name: words.badges_of(shown, face)
        for face in shown.faces
        if face.alias_of is None and face.part is None
    }


def test_products_say_operations_and_weights_what_is_learned():
    fig = mc.figure(
        "h = gelu(x @ W1)\ny = h @ W2 + x", x="ones(24, 32)", W1="ones(32, 96)", W2="ones(96, 32)"
    )
    flops, moved = 2 * 24 * 32 * 96, 4 * (24 * 32 + 32 * 96 + 24 * 96)
    text = f"{flops / 1000:.4g} kFLOP, {flops / moved:g} FLOP/B"
    texts = beside(fig.style(costs=True))
    assert texts == {
        "y": [text],
        "h": [text],
        "x": [],
        "W1": ["3.072 k parameters"],
        "W2": ["3.072 k parameters"],
    }
    assert not any(beside(fig).values())


def test_they_stand_beside_what_devices_send():
    fig = mc.figure("A @ B", A="ones(8, 6)", B="ones(6, 4)").partition({"A.cols": 2})
    assert [len(lines) for lines in beside(fig.style(costs=True)).values()] == [2, 0, 0]
