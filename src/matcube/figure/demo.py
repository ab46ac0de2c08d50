"""The demo: one real attention head, copying a nursery rhyme from itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

import numpy as np

from matcube.figure.inputs import Known, known_of
from matcube.figure.make import make
from matcube.figure.picture import Figure
from matcube.ops import Array
from matcube.sources.entries import Labels

PROGRAM = (
    "Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV; "
    "out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
)


def demo() -> Figure:
    """Head 6 of layer 18 of SmolLM2-135M on "The House That Jack Built"; tokens are the labels."""
    return make(PROGRAM, _arrays()).view(target="attn", yaw=-0.45, pitch=0.28, distance=1150, select="attn")


def head(tokens: int = 64) -> dict[str, Known]:
    """The demo's matrices for a head whose keys have an input of their own: keywords of ``matcube.figure``.

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

    def known(name: str, array: Array, labels: Labels = (None, None)) -> Known:
        return known_of(name, Loaded(np.ascontiguousarray(array), str(array.dtype), labels))

    found = {name: one.array for name, one in _arrays().items()}
    names = tuple((_arrays()["x"].labels[0] or ())[:tokens])
    x = found["x"][:tokens]
    return {
        "x": known("x", x, (names, None)),
        "x_t": known("x_t", x.T, (None, names)),
        "wQ": known("wQ", found["wQ"]),
        "wK_t": known("wK_t", found["wK"].T),
        "wV": known("wV", found["wV"]),
        "wO": known("wO", found["wO"]),
    }


@cache
def _arrays() -> dict[str, Known]:
    from matcube.sources.files import read_all

    with as_file(files("matcube").joinpath("data", "demo_head.safetensors")) as path:
        return {name: known_of(name, one, file=path.name) for name, one in read_all(path).items()}
