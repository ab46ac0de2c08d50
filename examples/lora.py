"""LoRA: a weight matrix and its low-rank update, side by side with what each does to the input.

    python examples/lora.py

Also a test: it must run, and write what it says.
"""

from pathlib import Path

import matcube as mc


def main(folder: Path = Path()) -> mc.Figure:
    """Make the figure and save it in ``folder``."""
    x = mc.matrix("gaussian(16, 64)", name="x")  # (token, width)
    w = mc.matrix("gaussian(64, 64)", name="W")
    a = mc.matrix("gaussian(64, 4)", name="A")  # rank 4
    b = mc.matrix("gaussian(4, 64)", name="B")
    fig: mc.Figure = mc.figure(x @ w + (x @ a @ b) * 0.25)
    fig.save(folder / "lora.png", size=(960, 600))
    return fig


if __name__ == "__main__":
    main()
