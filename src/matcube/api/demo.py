"""The demo: one real attention head, copying a nursery rhyme from itself."""

from __future__ import annotations

from msgspec.structs import replace

from matcube.api.camera import ViewChanges
from matcube.api.figure import Figure
from matcube.api.make import make
from matcube.session.demo_head import arrays, head

__all__ = ["PROGRAM", "demo", "head"]

PROGRAM = (
    "Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV; "
    "out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
)


INPUTS = ("x", "wQ", "wK", "wV")  # 576 wide: beside them attn would be small
MASKED = "tril(Q @ K.T / sqrt(64))"


def _alone(name: str) -> ViewChanges:
    return {"isolate": name, "select": name}


STORY: tuple[tuple[str, str, ViewChanges], ...] = (
    (
        "A head that copies",
        "One attention head of a small language model reads a nursery rhyme. Where a word has been before, "
        "it looks up what came next. Five stops show how.",
        {
            "target": (-53, -194, -203),
            "yaw": -43,
            "pitch": 17,
            "distance": 1000,
            "hide": INPUTS,
            "select": "attn",
        },
    ),
    (
        "1 · Tokens",
        "Each row of x is one token of the rhyme, 576 numbers wide. Three small matrices turn it into "
        "a query, a key and a value.",
        {"target": "Q", "yaw": -38, "pitch": 14, "distance": 2600, "select": "x"},
    ),
    (
        "2 · Queries meet keys",
        "A query says what a token looks for, a key what a token offers. Their products are the scores, "
        "one for each pair of tokens.",
        {"target": "Q @ K.T", "yaw": -26, "pitch": 12, "distance": 520} | _alone("Q @ K.T"),
    ),
    (
        "3 · The mask",
        "No token sees those that come after it: the upper triangle of the scores is masked.",
        {"target": MASKED, "yaw": -20, "pitch": 10, "distance": 520} | _alone(MASKED),
    ),
    (
        "4 · Softmax",
        "Each row becomes shares that sum to 1. At one “house” the head looks at “that”, "
        "which followed the “house” before: 0.97 of its attention.",
        {"target": "attn", "yaw": -12, "pitch": 8, "distance": 520, "pin": "attn[60, 38]"} | _alone("attn"),
    ),
    (
        "5 · Copying",
        "The shares mix the values of those tokens, and wO writes the mixture back: "
        "this head makes the word that came next more likely.",
        {"target": "out", "yaw": -30, "pitch": 16, "distance": 1300, "hide": INPUTS, "select": "out"},
    ),
)
SHEETS = ("2 · Queries meet keys", "3 · The mask")  # stops with the steps of the attention drawn apart


def demo() -> Figure:
    """Head 6 of layer 18 of SmolLM2-135M on "The House That Jack Built"; tokens are the labels.

    It begins with a title, and its five stops tell what the head does.
    """
    figure = whole = make(PROGRAM, arrays())
    for name, say, seen in STORY:
        shown = whole.layout(sheets="open" if name in SHEETS else "closed").view(**seen)
        figure = shown.with_state(replace(shown.state, stops=figure.state.stops)).stop(name, say=say)
    return figure.at_stop(0)
