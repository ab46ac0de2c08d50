"""A row of weights at work.

The plane is V with each row multiplied by the weight of its token; what remains bright is what this token
looks at. Its sum is a row of attn @ V.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("vmprod", each={"attn": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn @ V", yaw=-43, pitch=17, distance=280)


if __name__ == "__main__":
    print(figure().save("f24_weighted_values.html"))
