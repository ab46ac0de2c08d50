"""Rank grows plane by plane.

Each plane has rank 1: all of its rows are multiples of one another. After k of them the running sum has
rank k, and its pattern loses its stripes.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure("L @ R", L="gaussian(32, 24)", R="gaussian(24, 32)")
    fig = fig.animate("outer", time=12.5)
    return fig.layout(gap=5).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("f12_outer_products_random.html"))
