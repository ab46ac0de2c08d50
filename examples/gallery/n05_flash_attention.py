"""Attention without the whole matrix of scores.

Keys and values come in blocks; a running maximum and a running sum stand beside the result and correct it
after every block. At the end it is the softmax of all scores, of which no more than a block was ever held.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
        V="gaussian(32, 16)",
    )
    return fig.layout(gap=6).animate("online", time=6.6)


if __name__ == "__main__":
    print(figure().save("n05_flash_attention.html"))
