"""Two precisions side by side: where a head of bfloat16 weights looks elsewhere than one of float32.

    python examples/compare.py

Also a test: it must run, and write what it says.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import matcube as mc

PROGRAM = "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V"


def bfloat16(array: np.ndarray) -> np.ndarray:
    """The nearest numbers with 8 significant bits, towards zero."""
    return (array.astype(np.float32).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def main(folder: Path = Path()) -> mc.Figure:
    """Compare the two, print where they differ most, and save the page in ``folder``."""
    draw = np.random.default_rng(0)
    exact = {name: 3 * draw.normal(size=(24, 16)).astype(np.float32) for name in "QKV"}  # (token, channel)
    rounded = {name: bfloat16(array) for name, array in exact.items()}
    figures = mc.figure(PROGRAM, **exact), mc.figure(PROGRAM, **rounded)
    both = mc.compare(*figures, titles=["float32", "bfloat16"], matrix="attn")
    print(both.differences("attn", top=5))
    print("wrote", both.save(folder / "compare.html"))
    return figures[0]


if __name__ == "__main__":
    main()
