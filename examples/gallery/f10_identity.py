"""The identity is a mirror.

Only the diagonal plane of this box holds products, so nothing is added to anything. R comes out in front as
it went in.
"""

import matcube as mc

SECTION = "2 Ways to multiply"


def figure() -> mc.Figure:
    fig = mc.figure("L @ R", L="eye(24, 24)", R="row_major(24, 32)")
    fig = fig.animate("vmprod", time=12.5)
    return fig.layout(gap=5).style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("f10_identity.html"))
