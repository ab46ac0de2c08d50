"""Arrays of your own, the link to a figure of them, and what that link does not carry.

    python examples/numpy_array.py

Also a test: it must run, and the link must restore the figure.
"""

import numpy as np

import matcube as mc


def main() -> mc.Figure:
    """Make the figure, and open its link again."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    waves = np.stack([np.cos(k * angles) for k in range(12)])  # (frequency, sample)
    fig = mc.figure("gram = W @ W.T", W=waves).style(theme="light", sensitivity="local")
    print("matcube open '" + fig.link()[:40] + "...' --data W.npy")
    again = mc.open_figure(fig.link(), data={"W": waves})  # values do not travel: bring them
    assert np.array_equal(again.value("gram"), fig.value("gram"))
    return fig


if __name__ == "__main__":
    main()
