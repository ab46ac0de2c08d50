"""Two layers of a perceptron with their biases, as a staircase with its steps open as sheets.

    python examples/mlp_with_bias.py

Also a test: it must run, and write what it says.
"""

from pathlib import Path

import matcube as mc


def main(folder: Path = Path()) -> mc.Figure:
    """Make the figure and save it in ``folder``."""
    fig = mc.figure(
        "h = gelu(x @ w1 + b1); y = h @ w2 + b2",
        x="gaussian(24, 16)",  # (example, input)
        w1="gaussian(16, 48)",  # (input, hidden)
        b1="gaussian(1, 48)",
        w2="gaussian(48, 8)",  # (hidden, output)
        b2="gaussian(1, 8)",
    )
    fig = fig.layout("zigzag", sheets="open").style(palette="blue-orange")
    fig.save(folder / "mlp_with_bias.html")
    return fig


if __name__ == "__main__":
    main()
