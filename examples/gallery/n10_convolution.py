"""A convolution as a product.

Five weights slide along a signal of 48 steps: written as a matrix they stand on a band, and all else is
zero. Of the 2,496 cells of that matrix 240 hold a weight, so a plain product does 90.4 % of its work for
nothing.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "y = band @ x",
        band="formula(52, 48, (abs(i - j - 2) <= 2) * (1 - 0.6 * abs(i - j - 2)))",
        x="formula(48, 12, sin((i + 3 * j) * (j + 1) / 16))",
    )
    return fig.layout(gap=6).animate("vmprod", time=26.5).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("n10_convolution.html"))
