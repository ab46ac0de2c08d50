"""The result of one box is a side of the next.

In A @ B @ C the first product becomes the left face of the second, so the two boxes share a wall. The wide
middle is the shape of a feed-forward block.
"""

import matcube as mc

SECTION = "3 Expressions"


def figure() -> mc.Figure:
    fig = mc.figure(
        "A @ B @ C",
        A="formula(64, 32, 1 - 2 * (i // 8 % 2))",
        B="row_major(32, 96)",
        C="col_major(96, 32)",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f13_chain.html"))
