"""How scores come about.

The plane holds one row of Q times every column of K_t; summed over the 64 channels it is a row of scores. Q
itself is held ready here, so that only this product plays.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("vmprod", each={"Q": "none", "K_t": "none", "V": "none"}, fuse="sync", time=40.5)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn", yaw=-29, pitch=17, distance=260)


if __name__ == "__main__":
    print(figure().save("f23_scores.html"))
