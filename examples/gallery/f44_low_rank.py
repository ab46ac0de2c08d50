"""Rank 4.

A matrix of 128 by 128 out of two thin ones: 1,024 numbers make 16,384. Its rows are mixtures of only four,
which the eye sees as stripes both ways.
"""

import matcube as mc

SECTION = "7 Low rank"


def figure() -> mc.Figure:
    fig = mc.figure("L @ R", L="gaussian(128, 4)", R="gaussian(4, 128)")
    return fig.layout(gap=11.21).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("f44_low_rank.html"))
