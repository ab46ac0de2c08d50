"""Copies of L, scaled by column.

With random numbers the plane looks like L seen through a filter: each of its columns is multiplied by one
number of R. Added up along k they are one column of the result.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure("L @ R", L="gaussian(32, 24)", R="gaussian(24, 32)")
    fig = fig.animate("mvprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("f07_matrix_vector_random.html"))
