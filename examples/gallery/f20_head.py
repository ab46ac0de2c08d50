"""A trained attention head.

Six products of one head of SmolLM2-135M on 96 tokens of a nursery rhyme, its rotation of places left out.
Queries come in from the left, keys from above, values from below, and the result leaves at the right.
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
    return fig.layout(gap=10).style(sensitivity="local", contrast=6)


if __name__ == "__main__":
    print(figure().save("f20_head.html"))
