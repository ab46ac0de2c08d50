"""Products on both sides.

Both sides of the outer product are products themselves. The shape of the picture is the shape of the
expression, brackets and all.
"""

import matcube as mc

SECTION = "3 Expressions"


def figure() -> mc.Figure:
    fig = mc.figure(
        "A @ B @ (C @ D)",
        A="formula(64, 64, 1 - 2 * (i // 8 % 2))",
        B="row_major(64, 64)",
        C="col_major(64, 64)",
        D="formula(64, 64, 1 - 2 * (j // 8 % 2))",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f17_binary.html"))
