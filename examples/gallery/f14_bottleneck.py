"""A bottleneck.

The same chain with a narrow middle: 96 features pass through 32 and become 96 again. Whatever A @ B @ C
shows, its rank is at most 32.
"""

import matcube as mc

SECTION = "3 Expressions"


def figure() -> mc.Figure:
    fig = mc.figure(
        "A @ B @ C",
        A="formula(64, 96, 1 - 2 * (i // 8 % 2))",
        B="row_major(96, 32)",
        C="col_major(32, 96)",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f14_bottleneck.html"))
