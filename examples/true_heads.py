"""True heads: a layer of attention with eight query heads that share two keys, every head a box of its own.

    python examples/true_heads.py

One matrix Q in eight blocks, eight boxes of scores in a row, and one matrix again: the heads are cut and
joined, nothing is computed twice. Head 5 stands before the others.
"""

from __future__ import annotations

from pathlib import Path

import matcube as mc

PROGRAM = """h = rmsnorm(x)
q = rope(split(h @ wQ, axis=1, parts=8).permute(axes=(1, 0, 2)))
k = rope(split(h @ wK, axis=1, parts=2).permute(axes=(1, 0, 2)))
v = split(h @ wV, axis=1, parts=2).permute(axes=(1, 0, 2))
attn = softmax(tril(q @ repeat(k, axis=0, times=4).mT / sqrt(8)))
z = attn @ repeat(v, axis=0, times=4)
out = merge(z.permute(axes=(1, 0, 2)), axis=1) @ wO + x"""
SIZES = {"x": "16, 64", "wQ": "64, 64", "wK": "64, 16", "wV": "64, 16", "wO": "64, 64"}


def main(folder: Path = Path()) -> mc.Figure:
    fig = mc.figure(PROGRAM, **{name: f"gaussian({size})" for name, size in SIZES.items()})
    print("scores of all heads:", fig.value("attn").shape, "of head 5:", fig.value("attn[5]").shape)
    fig.head(5).save(folder / "true_heads.png", size=(640, 400))
    fig = fig.layout(pull=[5])
    fig.save(folder / "true_heads.html")
    return fig


if __name__ == "__main__":
    main()
