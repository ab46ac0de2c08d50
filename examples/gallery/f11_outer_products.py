"""A sum of outer products.

Cutting the box from front to back gives 24 planes, each a column of L times a row of R. Added up they are
the whole result, so every plane is a summand of every cell.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure(
        "L @ R", L="formula(32, 24, 1 - 2 * (i // 8 % 2))", R="formula(24, 32, 1 - 2 * (j // 8 % 2))"
    )
    fig = fig.animate("outer", time=12.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f11_outer_products.html"))
