"""Bias and residual.

A feed-forward block with everything that belongs to it: biases stretched along the rows, gelu, and the
input added at the end. Each step is a sheet behind the face that it made.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "h = gelu(x @ w1 + b1); y = x + (h @ w2 + b2)",
        x="gaussian(24, 20)",
        w1="linear(20, 48)",
        b1="gaussian(1, 48)",
        w2="linear(48, 20)",
        b2="gaussian(1, 20)",
    )
    return fig.layout(gap=6, sheets="open")


if __name__ == "__main__":
    print(figure().save("n04_bias_and_residual.html"))
