"""Rows that hardly differ.

Each row of attn @ V is an average of rows of V, and averages differ less than what they are averages of.
With GPT-2's head they hardly differ at all.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure(**other: object) -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **(other or head(96)),
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "attn": "none", "V": "none"}, fuse="sync", time=96)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn @ V", yaw=-57, pitch=9, distance=190)


if __name__ == "__main__":
    print(figure().save("f32_even_rows.html"))
