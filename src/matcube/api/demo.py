"""The demo: one real attention head, copying a nursery rhyme from itself."""

from __future__ import annotations

from matcube.api.figure import Figure
from matcube.api.make import make
from matcube.session.demo_head import arrays, head

__all__ = ["PROGRAM", "demo", "head"]

PROGRAM = (
    "Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV; "
    "out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
)


INPUTS = ("x", "wQ", "wK", "wV")


def demo() -> Figure:
    """Head 6 of layer 18 of SmolLM2-135M on "The House That Jack Built"; tokens are the labels.

    What Q, K and V are made from is hidden at first: it is 576 wide, and attn would be small beside it.
    """
    return make(PROGRAM, arrays()).view(hide=INPUTS, select="attn")
