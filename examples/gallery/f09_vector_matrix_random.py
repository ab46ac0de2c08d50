"""Copies of R, scaled by row.

The flat plane is R with each row multiplied by one number of L. Its sum along k is a row of the result, a
mixture of the rows of R.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure("L @ R", L="gaussian(32, 24)", R="gaussian(24, 32)")
    fig = fig.animate("vmprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("f09_vector_matrix_random.html"))
