"""Backward through a linear layer.

The box that multiplied forwards multiplies backwards as well: the gradient of the result lies in front of
it, and its products with w and with x give the gradients of x and of w. Three products share one body.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure("y = x @ w", x="gaussian(24, 16)", w="linear(16, 20)", dy="gaussian(24, 20)")
    return fig.backward("y")


if __name__ == "__main__":
    print(figure().save("n11_backward.html"))
