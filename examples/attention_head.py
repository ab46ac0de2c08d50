"""An attention head of random data: a page, a picture, and a row of its weights.

    python examples/attention_head.py

Also a test: it must run, and write what it says.
"""

from pathlib import Path

import numpy as np

import matcube as mc

TOKENS = ["The", " cat", " sat", " on", " the", " mat", ".", " The"]


def main(folder: Path = Path()) -> mc.Figure:
    """Make the figure and save it in ``folder``."""
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(8, 16)) for _ in range(3))  # (token, channel)
    fig = mc.figure(
        "attn = softmax(tril(Q @ K.T / sqrt(d))); out = attn @ V",
        Q=q,
        K=k,
        V=v,
        d=16,
        labels={"Q.rows": TOKENS, "K.rows": TOKENS},
    )
    print("the last token looks at:")
    for token, weight in zip(TOKENS, fig.value("attn")[-1], strict=True):  # (token,)
        print(f"  {weight:.3f} {token!r}")
    fig = fig.view(select="attn", pin=("attn", 7, 0))
    fig.save(folder / "attention_head.html")
    fig.save(folder / "attention_head.png", size=(960, 600))
    return fig


if __name__ == "__main__":
    main()
