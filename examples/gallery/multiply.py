"""2 Ways to multiply."""

import matcube as mc
from examples.gallery.box import BANDS, STRIPES

RANDOM = {"L": "gaussian(32, 24)", "R": "gaussian(24, 32)"}


def f06_matrix_vector() -> mc.Figure:
    """A column at a time.

    Cutting the box upright gives a plane for every column of R. L times that column is one column of the
    result.
    """
    fig = mc.figure("L @ R", L=BANDS, R=STRIPES)
    fig = fig.animate("mvprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f07_matrix_vector_random() -> mc.Figure:
    """Copies of L, scaled by column.

    With random numbers the plane looks like L seen through a filter: each of its columns is multiplied by
    one number of R. Added up along k they are one column of the result.
    """
    fig = mc.figure("L @ R", **RANDOM)
    fig = fig.animate("mvprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="local")


def f08_vector_matrix() -> mc.Figure:
    """A row at a time.

    Cutting the box flat gives a plane for every row of L. That row times R is one row of the result: this
    is how one token passes through a weight matrix.
    """
    fig = mc.figure("L @ R", L=BANDS, R=STRIPES)
    fig = fig.animate("vmprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f09_vector_matrix_random() -> mc.Figure:
    """Copies of R, scaled by row.

    The flat plane is R with each row multiplied by one number of L. Its sum along k is a row of the result,
    a mixture of the rows of R.
    """
    fig = mc.figure("L @ R", **RANDOM)
    fig = fig.animate("vmprod", time=16.5)
    return fig.layout(gap=5).style(sensitivity="local")


def f10_identity() -> mc.Figure:
    """The identity is a mirror.

    Only the diagonal plane of this box holds products, so nothing is added to anything. R comes out in
    front as it went in.
    """
    fig = mc.figure("L @ R", L="eye(24, 24)", R="row_major(24, 32)")
    fig = fig.animate("vmprod", time=12.5)
    return fig.layout(gap=5).style(sensitivity="local")


def f11_outer_products() -> mc.Figure:
    """A sum of outer products.

    Cutting the box from front to back gives 24 planes, each a column of L times a row of R. Added up they
    are the whole result, so every plane is a summand of every cell.
    """
    fig = mc.figure("L @ R", L=BANDS, R=STRIPES)
    fig = fig.animate("outer", time=12.5)
    return fig.layout(gap=5).style(sensitivity="semilocal")


def f12_outer_products_random() -> mc.Figure:
    """Rank grows plane by plane.

    Each plane has rank 1: all of its rows are multiples of one another. After k of them the running sum has
    rank k, and its pattern loses its stripes.
    """
    fig = mc.figure("L @ R", **RANDOM)
    fig = fig.animate("outer", time=12.5)
    return fig.layout(gap=5).style(sensitivity="local")
