"""One token after another.

K and V are there from the start, and four products run as one: a row passes from the input through Q, the
scores and the weighted values to the result. Nothing of it needs a later token.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("vmprod", each={"K_t": "none", "V": "none"}, fuse="sync", time=40.5)
    return fig.layout(gap=24).style(sensitivity="local", contrast=6)


if __name__ == "__main__":
    print(figure().save("f22_fused_chain.html"))
