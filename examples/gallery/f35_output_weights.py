"""The weights of the way out.

Every row of wO is what one channel of the head writes into the model: 64 directions among many more. All
that the head can say lies in their span.
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
    return fig.view(target="wO", yaw=-43, pitch=43, distance=520)


if __name__ == "__main__":
    print(figure().save("f35_output_weights.html"))
