"""Decoding with a growing cache.

Each step adds one row of keys and one of values to those that are kept, and asks with one row of queries.
Nothing that was computed is computed again.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure(
        "K_t = (x @ wK).T; V = x @ wV; out = (attn = softmax(tril(x @ wQ @ K_t / sqrt(8)))) @ V @ wO",
        x="gaussian(16, 24)",
        wQ="gaussian(24, 8)",
        wK="gaussian(24, 8)",
        wV="gaussian(24, 8)",
        wO="gaussian(8, 24)",
    )
    return fig.layout(gap=6).animate("vmprod", fuse="decode", time=9.5)


if __name__ == "__main__":
    print(figure().save("n09_growing_cache.html"))
