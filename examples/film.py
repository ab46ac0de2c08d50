"""A film: attention as one fused chain, a token at a time from input to output.

    python examples/film.py

K and V are there from the start; every row of the rest is formed from left to right within one step.
"""

from __future__ import annotations

from pathlib import Path

import matcube as mc

PROGRAM = "K_t = (x @ wK).T; V = x @ wV; out = (attn = softmax(tril(x @ wQ @ K_t / sqrt(8)))) @ V @ wO"
SIZES = {"x": "16, 24", "wQ": "24, 8", "wK": "24, 8", "wV": "24, 8", "wO": "8, 24"}


def main(folder: Path = Path()) -> mc.Figure:
    fig = mc.figure(PROGRAM, **{name: f"gaussian({size})" for name, size in SIZES.items()})
    fig = fig.animate("vmprod", each={"K_t": "none", "V": "none"}, fuse="sync")
    assert fig.film is not None
    print(f"{len(fig.film.sweeps)} products run as one, in {fig.film.duration:g} steps")
    fig.save(folder / "film.gif", seconds=2, fps=8, size=(480, 300))
    return fig.animate("vmprod", each={"K_t": "none", "V": "none"}, fuse="sync", time=8.5)


if __name__ == "__main__":
    main()
