"""Keys and values go round.

Four workers hold a quarter of the tokens each, queries as well as keys and values. Blocks of keys and
values travel from neighbour to neighbour, and after three steps every query has met every key.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(Q @ K.T / sqrt(16))) @ V",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
        V="gaussian(32, 16)",
    )
    return fig.layout(gap=6).partition(preset="ring", devices=4)


if __name__ == "__main__":
    print(figure().save("n08_ring_attention.html"))
