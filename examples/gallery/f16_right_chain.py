"""The other way round.

In A @ (B @ C) the inner product lies on top of the outer one instead of at its left. Here the columns run
through: this is a network whose examples stand in columns.
"""

import matcube as mc

SECTION = "3 Expressions"


def figure() -> mc.Figure:
    fig = mc.figure(
        "A @ (B @ C)",
        A="row_major(32, 96)",
        B="col_major(96, 32)",
        C="formula(32, 64, 1 - 2 * (j // 8 % 2))",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f16_right_chain.html"))
