"""An average of values.

Watch a row of weights pass over V. Where the weights are almost even, the result is close to the mean of
all rows so far.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure(**other: object) -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **(other or head(96)),
    )
    fig = fig.animate("vmprod", each={"attn": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn @ V", yaw=-43, pitch=17, distance=280)


if __name__ == "__main__":
    print(figure().save("f31_average.html"))
