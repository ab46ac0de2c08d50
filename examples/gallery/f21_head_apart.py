"""The same head, its boxes farther apart.

With a wider gap the sides of the boxes can be told apart: each of them is made by one box and used by the
next. Turn it, and click a matrix to read its numbers.
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
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=900)


if __name__ == "__main__":
    print(figure().save("f21_head_apart.html"))
