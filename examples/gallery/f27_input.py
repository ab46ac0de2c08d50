"""Channels that stand out.

The input has 576 channels a token. One of them is fifty times as large as most, in almost every row, and
shows as a thread from top to bottom; others follow it.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=96)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="x", yaw=20, pitch=7, distance=480)


if __name__ == "__main__":
    print(figure().save("f27_input.html"))
