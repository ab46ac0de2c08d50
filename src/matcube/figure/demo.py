"""The demo: one real attention head, copying a nursery rhyme from itself."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

import numpy as np

from matcube.figure.inputs import Known, known_of
from matcube.figure.make import make
from matcube.figure.picture import Figure

PROGRAM = (
    "Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV; "
    "out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
)


def demo() -> Figure:
    """Head 6 of layer 18 of SmolLM2-135M on "The House That Jack Built"; tokens are the labels."""
    return make(PROGRAM, _arrays()).view(target="attn", yaw=-0.45, pitch=0.28, distance=1150, select="attn")


def head(tokens: int = 64) -> dict[str, Any]:
    """The demo's matrices for a head whose keys have an input of their own: keywords of ``matcube.figure``.

    Args:
        tokens: how many of the rhyme's tokens, from its beginning (1 to 256).

    Returns:
        ``x`` (token, channel), ``x_t`` (channel, token), ``wQ``, ``wV`` (channel, head channel), ``wK_t`` (head
        channel, channel), ``wO`` (head channel, channel), and the tokens as ``labels``.

    Example:
        >>> head(8)["x_t"].shape
        (576, 8)
    """
    found = _arrays()
    x, names = found["x"].array[:tokens], list((found["x"].labels[0] or ())[:tokens])
    return {
        "x": x,
        "x_t": np.ascontiguousarray(x.T),
        "wQ": found["wQ"].array,
        "wK_t": np.ascontiguousarray(found["wK"].array.T),
        "wV": found["wV"].array,
        "wO": found["wO"].array,
        "labels": {"x.rows": names, "x_t.cols": names},
    }


def _arrays() -> dict[str, Known]:
    from matcube.sources.files import read_all

    with as_file(files("matcube").joinpath("data", "demo_head.safetensors")) as path:
        return {name: known_of(name, one, file=path.name) for name, one in read_all(path).items()}
