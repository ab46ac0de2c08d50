"""6 A whole layer."""

from typing import Any

import matcube as mc

PROGRAM = (
    "attn_out = layernorm((attn = softmax(tril((Q = input @ wQ) @ (K_t = wK_t @ input_t) / sqrt(192))))"
    " @ (V = input @ wV) @ wO); layer_out = layernorm(gelu(attn_out @ FFN_1) @ FFN_2)"
)
LEAVES = {
    "input": "gaussian(256, 192)",
    "input_t": "gaussian(192, 256)",
    "wQ": "gaussian(192, 192)",
    "wK_t": "gaussian(192, 192)",
    "wV": "gaussian(192, 192)",
    "wO": "gaussian(192, 192, max=0.996)",
    "FFN_1": "gaussian(192, 768)",
    "FFN_2": "gaussian(768, 192)",
}
FINISHED: dict[str, Any] = {
    "each": {"attn @ V": "vmprod", "K_t": "none", "V": "none"}, "fuse": "sync", "time": 256,
}  # fmt: skip


def f39_layer() -> mc.Figure:
    """A whole layer, at true proportions.

    Attention and feed-forward of one layer, a quarter of GPT-2's size along each side, in random numbers.
    The feed-forward at the right is the larger half: its weights are twice those of attention.
    """
    fig = mc.figure(PROGRAM, **LEAVES)
    fig = fig.animate("none", **FINISHED)
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


def f40_layer_blockwise() -> mc.Figure:
    """The layer in blocks.

    Queries and keys are cut into eight blocks, and the cut of the queries runs on through the feed-forward.
    Each worker carries its rows from the input to the end of the layer.
    """
    fig = mc.figure(PROGRAM, **LEAVES)
    fig = fig.animate("none", **FINISHED)
    fig = fig.partition({"attn.i": 8, "attn.j": 8})
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


def f41_feed_forward_cut() -> mc.Figure:
    """The feed-forward cut along its hidden width.

    The hidden features are shared out: FFN_1 by columns, FFN_2 by rows. Each worker makes a partial sum of
    the whole result, and the eight are added at the end.
    """
    fig = mc.figure(PROGRAM, **LEAVES)
    fig = fig.animate("none", **FINISHED)
    fig = fig.partition({"FFN_1.cols": 8})
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


def f42_both_cuts() -> mc.Figure:
    """Both cuts at once.

    Blocks of tokens through the whole layer, and blocks of hidden features within the feed-forward. The
    cuts meet in the hidden matrix, which falls into a grid.
    """
    fig = mc.figure(PROGRAM, **LEAVES)
    fig = fig.animate("none", **FINISHED)
    fig = fig.partition({"attn.i": 8, "attn.j": 8, "FFN_1.cols": 8})
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


def f43_layer_decoding() -> mc.Figure:
    """A layer for one token.

    While text is written, one row passes the layer, and keys and values of earlier tokens are at hand. What
    remains is reading weights: every number of them is used once.
    """
    fig = mc.figure(
        "attn_out = layernorm((attn = softmax(tril((Q = input @ wQ) @ K_t / sqrt(192), offset=255)))"
        " @ V @ wO); layer_out = layernorm(gelu(attn_out @ FFN_1) @ FFN_2)",
        input="gaussian(1, 192)",
        wQ="gaussian(192, 192)",
        K_t="gaussian(192, 256)",
        V="gaussian(256, 192)",
        wO="gaussian(192, 192, max=0.996)",
        FFN_1="gaussian(192, 768)",
        FFN_2="gaussian(768, 192)",
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod"}, fuse="sync", time=1)
    return fig.layout(gap=8).style(sensitivity="local", contrast=2).view(yaw=-30, pitch=50)
