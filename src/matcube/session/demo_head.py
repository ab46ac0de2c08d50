"""Matrices of the demo: one real attention head, which the demo and figures of the gallery share."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

import numpy as np

from matcube.engine import BoundArray, Engine, bind
from matcube.engine.bindings import bound_array, check_data
from matcube.errors import DataError
from matcube.ops import Array
from matcube.sources.entries import Labels
from matcube.wire import View


def head(tokens: int = 64) -> dict[str, BoundArray]:
    """The demo's matrices for a head whose keys have an input of their own: arguments of ``matcube.figure``.

    Args:
        tokens: how many of the rhyme's tokens, from its beginning (1 to 256).

    Returns:
        ``x`` (i, c), ``x_t`` (c, i), ``wQ``, ``wV`` (c, k), ``wK_t``, ``wO`` (k, c), with i tokens, c
        channels of the model and k of the head; the tokens are labels of x and x_t.

    Example:
        >>> head(8)["x_t"].array.shape
        (576, 8)
    """
    from matcube.sources.files import Loaded

    def bound(name: str, array: Array, labels: Labels = (None, None)) -> BoundArray:
        return bound_array(name, Loaded(np.ascontiguousarray(array), str(array.dtype), labels))

    plain = {name: each.array for name, each in arrays().items()}
    names = tuple((arrays()["x"].labels[0] or ())[:tokens])
    x = plain["x"][:tokens]
    return {
        "x": bound("x", x, (names, None)),
        "x_t": bound("x_t", x.T, (None, names)),
        "wQ": bound("wQ", plain["wQ"]),
        "wK_t": bound("wK_t", plain["wK"].T),
        "wV": bound("wV", plain["wV"]),
        "wO": bound("wO", plain["wO"]),
    }


@cache
def arrays() -> dict[str, BoundArray]:
    """The matrices as they are stored: ``x`` (i, c), ``wQ``, ``wK``, ``wV`` (c, k), ``wO`` (k, c)."""
    from matcube.sources.files import read_all

    with as_file(files("matcube").joinpath("data", "demo_head.safetensors")) as path:
        return {name: bound_array(name, each, file=path.name) for name, each in read_all(path).items()}


def demo_engine(view: View) -> Engine | None:
    """The demo's matrices for a view, or None when it needs others, or none."""
    wanted = view.data.get("x")
    if wanted is None or len(wanted.shape) != 2:
        return None
    matrices: dict[str, object] = dict(head(wanted.shape[0]))
    matrices["x_last"] = head(wanted.shape[0])["x"].array[-1:]
    if any(name not in matrices for name in view.data):
        return None
    bindings = bind({name: matrices[name] for name in view.data}).bindings
    try:
        check_data(view, bindings)
    except DataError:
        return None
    return Engine(bindings)
