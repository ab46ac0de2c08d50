"""A column at a time.

Cutting the box upright gives a plane for every column of R. L times that column is one column of the
result.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure(
        "L @ R", L="formula(32, 24, 1 - 2 * (i // 8 % 2))", R="formula(24, 32, 1 - 2 * (j // 8 % 2))"
    )
    fig = fig.animate("mvprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f06_matrix_vector.html"))
