"""The demo: one real attention head, copying a nursery rhyme from itself."""

from __future__ import annotations

from importlib.resources import as_file, files

from matcube.figure.inputs import known_of
from matcube.figure.make import make
from matcube.figure.picture import Figure

PROGRAM = (
    "Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV; "
    "out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
)


def demo() -> Figure:
    """Head 6 of layer 18 of SmolLM2-135M on "The House That Jack Built"; tokens are the labels."""
    from matcube.sources.files import read_all

    with as_file(files("matcube").joinpath("data", "demo_head.safetensors")) as path:
        arrays = {name: known_of(name, one, file=path.name) for name, one in read_all(path).items()}
    return make(PROGRAM, arrays).view(target="attn", yaw=-0.45, pitch=0.28, distance=1150, select="attn")
