"""Queries and keys cut.

With the keys cut as well, the scores fall into a grid of eight by eight blocks. Blocks above the diagonal
are all masked, so nobody has to compute them.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "5 A head in parts"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=96)
    fig = fig.partition({"attn.i": 8, "attn.j": 8})
    fig = fig.layout(gap=10).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=640)


if __name__ == "__main__":
    print(figure().save("f38_queries_and_keys_cut.html"))
