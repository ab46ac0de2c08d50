"""Where does the NaN come from? The first row of the report is where it is born.

    python examples/nan_hunt.py

Also a test: it must find the NaN, and select the matrix that it comes from.
"""

import numpy as np

import matcube as mc


def main() -> mc.Figure:
    """Make a figure with a NaN in it, and find it."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(12, 12))
    scores[4, 7] = -1.0  # log of it is NaN
    fig = mc.figure(
        "logs = log(S * S + shift); P = softmax(logs); out = P @ V", S=scores, V="gaussian(12, 6)", shift=-0.9
    )
    for entry in fig.nonfinite():
        print(f"{entry.name}: {entry.nan} NaN, {entry.inf} Inf, the first at {list(entry.first)}")
    born = fig.nonfinite()[0]
    row, col = born.first
    return fig.view(select=born.name, pin=(born.name, row, col))


if __name__ == "__main__":
    main()
