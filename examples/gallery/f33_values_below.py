"""The values themselves do change.

Seen from below, V changes more from row to row than attn @ V does. What is even there is the doing of the
weights.
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
    return fig.view(target="V", yaw=-29, pitch=-32, distance=230)


if __name__ == "__main__":
    print(figure().save("f33_values_below.html"))
