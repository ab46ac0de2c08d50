"""Two weights shared out, one sum.

Four workers share the hidden features of a feed-forward block: w1 is cut by columns and w2 by rows, and
gelu needs nobody's help. Each ends with partial sums of the whole result; one all-reduce adds them up, for
which each sends 4,608 bytes.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "h = gelu(x @ w1); y = h @ w2",
        x="gaussian(24, 32)",
        w1="linear(32, 64)",
        w2="linear(64, 32)",
    )
    return fig.layout(gap=6).partition(preset="megatron", devices=4)


if __name__ == "__main__":
    print(figure().save("n07_megatron.html"))
