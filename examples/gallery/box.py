"""1 A product as a box."""

import matcube as mc

BANDS = "formula(32, 24, 1 - 2 * (i // 8 % 2))"
STRIPES = "formula(24, 32, 1 - 2 * (j // 8 % 2))"


def f03_box() -> mc.Figure:
    """A product is a box.

    L stands at the left of a box and R lies on top; every place inside is one multiplication. The result
    hangs in front, and each of its cells adds up the line of products behind it.
    """
    fig = mc.figure("L @ R", L=BANDS, R=STRIPES)
    return fig.layout(gap=3).style(sensitivity="semilocal")


def f04_dot_products() -> mc.Figure:
    """One cell at a time.

    A line of 24 products lies behind each cell of the result. The film forms these lines row by row: 1,024
    dot products.
    """
    fig = mc.figure("L @ R", L=BANDS, R=STRIPES)
    fig = fig.animate("dot_row", time=500.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")
