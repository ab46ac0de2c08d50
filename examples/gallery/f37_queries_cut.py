"""Queries cut, keys whole.

Eight workers share the queries, and each of them needs all keys and values. That is why K and V are sent
round when a sequence is shared out.
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
    fig = fig.partition({"attn.i": 8})
    fig = fig.layout(gap=10).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=640)


if __name__ == "__main__":
    print(figure().save("f37_queries_cut.html"))
