"""A row at a time.

Cutting the box flat gives a plane for every row of L. That row times R is one row of the result: this is
how one token passes through a weight matrix.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure(
        "L @ R", L="formula(32, 24, 1 - 2 * (i // 8 % 2))", R="formula(24, 32, 1 - 2 * (j // 8 % 2))"
    )
    fig = fig.animate("vmprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f08_vector_matrix.html"))
