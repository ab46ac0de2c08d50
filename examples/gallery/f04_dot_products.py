"""One cell at a time.

A line of 24 products lies behind each cell of the result. The film forms these lines row by row: 1,024 dot
products.
"""

import matcube as mc

SECTION = "1 A product as a box"


def figure() -> mc.Figure:
    fig = mc.figure(
        "L @ R", L="formula(32, 24, 1 - 2 * (i // 8 % 2))", R="formula(24, 32, 1 - 2 * (j // 8 % 2))"
    )
    fig = fig.animate("dot_row", time=500.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f04_dot_products.html"))
