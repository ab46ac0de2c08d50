"""Another head.

Heads of one model have the same shapes and differ in what they do. Where its weights are at hand this is
head 2 of GPT-2's first layer, fed with positions alone; else it is the head above once more.
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
    return fig.layout(gap=24).style(sensitivity="local", contrast=6)


if __name__ == "__main__":
    print(figure().save("f30_another_head.html"))
