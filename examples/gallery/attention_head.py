"""4 An attention head."""

from typing import Any

import matcube as mc
from matcube.api.demo import head

PROGRAM = "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO"

# A film of which only the last product plays, at its end: everything is there.
FINISHED: dict[str, Any] = {
    "each": {"attn @ V": "vmprod", "K_t": "none", "V": "none"}, "fuse": "sync", "time": 96,
}  # fmt: skip
WHOLE: dict[str, Any] = {
    "each": {"attn @ V": "vmprod", "K_t": "none", "V": "none"}, "fuse": "sync", "time": 256,
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "each": {"attn @ V": "vmprod", "attn": "none", "V": "none"}, "fuse": "sync", "time": 96,
}  # fmt: skip

# What stands around attn, V and attn @ V.
AROUND = ["x", "x_t", "wQ", "wK_t", "wV", "wO", "Q", "K_t", "out"]


def f20_head() -> mc.Figure:
    """A trained attention head.

    Six products of one head of SmolLM2-135M on 256 tokens of a nursery rhyme, its rotation of places left
    out. Queries come in from the left, keys from above, values from below, and the result leaves at the
    right.
    """
    fig = mc.figure(PROGRAM, **head(256))
    fig = fig.animate("none", **WHOLE)
    fig = fig.layout(gap=10).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=20, distance=1750)


def f21_head_apart() -> mc.Figure:
    """The same head, its boxes farther apart.

    With a wider gap the sides of the boxes can be told apart: each of them is made by one box and used by
    the next. Turn it, and click a matrix to read its numbers.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=900)


def f22_fused_chain() -> mc.Figure:
    """One token after another.

    K and V are there from the start, and four products run as one: a row passes from the input through Q,
    the scores and the weighted values to the result. Nothing of it needs a later token.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("vmprod", each={"K_t": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=600)


def f23_scores() -> mc.Figure:
    """How scores come about.

    The plane holds one row of Q times every column of K_t; summed over the 64 channels it is a row of
    scores. Q itself is held ready here, so that only this product plays.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("vmprod", each={"Q": "none", "K_t": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn", yaw=-29, pitch=17, distance=260)


def f24_weighted_values() -> mc.Figure:
    """A row of weights at work.

    The plane is V with each row multiplied by the weight of its token; what remains bright is what this
    token looks at. Its sum is a row of attn @ V.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("vmprod", each={"attn": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(hide=AROUND).view(yaw=-50, pitch=26)


def f25_attention() -> mc.Figure:
    """Where the head looks.

    Every row says how one token shares its attention among those before it. Half of it goes to the first
    token; most of the rest goes to what followed the same word earlier in the rhyme, the slanting lines.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn", yaw=-17, pitch=9, distance=210)


def f26_mixed_values() -> mc.Figure:
    """What the head takes along.

    Each row of attn @ V is an average of rows of V, so neighbours that look at the same tokens resemble
    each other. Rows that look at the first token alone stay dark: its values are small.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn @ V", yaw=-57, pitch=9, distance=190)


def f27_input() -> mc.Figure:
    """Channels that stand out.

    The input has 576 channels a token. One of them is fifty times as large as most, in almost every row,
    and shows as a thread from top to bottom; others follow it.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="x", yaw=20, pitch=7, distance=480)


def f28_first_token() -> mc.Figure:
    """The first token is different.

    The top row of the input points away from all rows below it, and is less than a third as long. Heads use
    this token as the place to look at when there is nothing to find.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="x", yaw=14, pitch=18, distance=210)


def f30_another_head(**other: object) -> mc.Figure:
    """Another head.

    Heads of one model have the same shapes and differ in what they do. Where its weights are at hand this
    is head 2 of GPT-2's first layer, fed with positions alone; else it is the head above once more.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("none", **GIVEN)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=640)


def f31_average(**other: object) -> mc.Figure:
    """An average of values.

    Watch a row of weights pass over V. Where the weights are almost even, the result is close to the mean
    of all rows so far.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("vmprod", each={"attn": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(hide=AROUND).view(yaw=-50, pitch=26)


def f32_even_rows(**other: object) -> mc.Figure:
    """Rows that hardly differ.

    Each row of attn @ V is an average of rows of V, and averages differ less than what they are averages
    of. With GPT-2's head they hardly differ at all.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("none", **GIVEN)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn @ V", yaw=-57, pitch=9, distance=190)


def f33_values_below(**other: object) -> mc.Figure:
    """The values themselves do change.

    Seen from below, V changes more from row to row than attn @ V does. What is even there is the doing of
    the weights.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("none", **GIVEN)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(hide=AROUND).view(yaw=-34, pitch=-38)


def f34_output(**other: object) -> mc.Figure:
    """Back to the width of the model.

    wO spreads 64 channels over all channels of the model. The result has at most rank 64, however wide it
    is.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("none", **GIVEN)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="out", yaw=-43, pitch=11, distance=520)


def f35_output_weights(**other: object) -> mc.Figure:
    """The weights of the way out.

    Every row of wO is what one channel of the head writes into the model: 64 directions among many more.
    All that the head can say lies in their span.
    """
    fig = mc.figure(PROGRAM, **(other or head(96)))
    fig = fig.animate("none", **GIVEN)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    fig = fig.view(hide=["x", "x_t", "wQ", "wK_t", "wV", "Q", "K_t", "attn", "V"])
    return fig.view(yaw=-20, pitch=55)


def f36_decoding() -> mc.Figure:
    """One new token.

    While text is written, only the last row of Q is new, and a single row passes through the head. Without
    later tokens in K there is nothing to mask.
    """
    data = head(96)
    fig = mc.figure(
        "out = (attn = softmax((Q = x_last @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64))) @ (V = x @ wV) @ wO",
        x_last=data["x"].array[-1:],
        **data,
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=1)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=28, distance=560)
