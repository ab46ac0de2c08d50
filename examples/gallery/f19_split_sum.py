"""Cutting the axis that is summed.

The left product is cut along its columns, the right one along its rows, and the outer product along k. Each
worker makes a whole sheet of partial results, and the eight sheets must be added.
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
    fig = fig.partition({"B.cols": 8})
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f19_split_sum.html"))
