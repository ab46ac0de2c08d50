"""The first token is different.

The top row of the input points away from all rows below it, and is less than a third as long. Heads use this
token as the place to look at when there is nothing to find.
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
    return fig.view(target="x", yaw=26, pitch=20, distance=330)


if __name__ == "__main__":
    print(figure().save("f28_first_token.html"))
