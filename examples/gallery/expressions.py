"""3 Expressions."""

import matcube as mc

LONG = {
    "A": "formula(64, 96, 1 - 2 * (i // 8 % 2))",
    "B": "row_major(96, 64)",
    "C": "col_major(64, 32)",
    "D": "col_major(32, 64)",
    "E": "col_major(64, 96)",
}
BALANCED = {
    "A": "formula(64, 64, 1 - 2 * (i // 8 % 2))",
    "B": "row_major(64, 64)",
    "C": "col_major(64, 64)",
    "D": "formula(64, 64, 1 - 2 * (j // 8 % 2))",
}


def f13_chain() -> mc.Figure:
    """The result of one box is a side of the next.

    In A @ B @ C the first product becomes the left face of the second, so the two boxes share a wall. The
    wide middle is the shape of a feed-forward block.
    """
    fig = mc.figure(
        "A @ B @ C",
        A="formula(64, 32, 1 - 2 * (i // 8 % 2))",
        B="row_major(32, 96)",
        C="col_major(96, 32)",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f14_bottleneck() -> mc.Figure:
    """A bottleneck.

    The same chain with a narrow middle: 96 features pass through 32 and become 96 again. Whatever A @ B @ C
    shows, its rank is at most 32.
    """
    fig = mc.figure(
        "A @ B @ C",
        A="formula(64, 96, 1 - 2 * (i // 8 % 2))",
        B="row_major(96, 32)",
        C="col_major(32, 96)",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f15_long_chain() -> mc.Figure:
    """Four products in a row.

    Boxes that open outwards and inwards take turns, so a long chain stays compact. The rows run through all
    four: row i of the result needs row i of A and no other.
    """
    fig = mc.figure("A @ B @ C @ D @ E", **LONG)
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f16_right_chain() -> mc.Figure:
    """The other way round.

    In A @ (B @ C) the inner product lies on top of the outer one instead of at its left. Here the columns
    run through: this is a network whose examples stand in columns.
    """
    fig = mc.figure(
        "A @ (B @ C)",
        A="row_major(32, 96)",
        B="col_major(96, 32)",
        C="formula(32, 64, 1 - 2 * (j // 8 % 2))",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f17_binary() -> mc.Figure:
    """Products on both sides.

    Both sides of the outer product are products themselves. The shape of the picture is the shape of the
    expression, brackets and all.
    """
    fig = mc.figure("A @ B @ (C @ D)", **BALANCED)
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f18_data_parallel() -> mc.Figure:
    """Eight workers, each with its own rows.

    The axis of the rows is cut into eight blocks, through every matrix that has it. The weights are not
    cut: each worker needs all of them, and none needs a row of another.
    """
    fig = mc.figure("A @ B @ C @ D @ E", **LONG)
    fig = fig.partition({"A.rows": 8})
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f19_split_sum() -> mc.Figure:
    """Cutting the axis that is summed.

    The left product is cut along its columns, the right one along its rows, and the outer product along k.
    Each worker makes a whole sheet of partial results, and the eight sheets must be added.
    """
    fig = mc.figure("A @ B @ (C @ D)", **BALANCED)
    fig = fig.partition({"B.cols": 8})
    return fig.layout(gap=5).style(sensitivity="semilocal")
