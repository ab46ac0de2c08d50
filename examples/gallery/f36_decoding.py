"""One new token.

While text is written, only the last row of Q is new, and a single row passes through the head. Without
later tokens in K there is nothing to mask.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    data = head(96)
    fig = mc.figure(
        "out = (attn = softmax((Q = x_last @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64))) @ (V = x @ wV) @ wO",
        x_last=data["x"].array[-1:],
        **data,
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=1)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=800)


if __name__ == "__main__":
    print(figure().save("f36_decoding.html"))
