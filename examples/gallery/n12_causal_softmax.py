"""What happens inside a causal softmax.

From the back to the front: the raw scores, the scores divided by 4, the triangle that may be seen, and the
shares of each row. Masked cells are marked; they are not zeros.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "attn = softmax(tril(Q @ K.T / sqrt(16)))",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
    )
    return fig.layout(gap=8, sheets="open").view(select="attn")


if __name__ == "__main__":
    print(figure().save("n12_causal_softmax.html"))
