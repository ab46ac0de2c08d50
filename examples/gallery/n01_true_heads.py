"""Four heads and their shared weights.

One projection makes the queries of all heads, each head attends on its own, and their results side by side
pass through wO. Nothing is papered over: every head is a box of the deck and can be pulled out.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    return mc.figure(
        "q = split(x @ wQ, axis=1, parts=4).permute(axes=(1, 0, 2));"
        "k = split(x @ wK, axis=1, parts=4).permute(axes=(1, 0, 2));"
        "v = split(x @ wV, axis=1, parts=4).permute(axes=(1, 0, 2));"
        "z = (attn = softmax(tril(q @ k.mT / sqrt(8)))) @ v;"
        "out = merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO",
        x="gaussian(24, 32)",
        wQ="linear(32, 32)",
        wK="linear(32, 32)",
        wV="linear(32, 32)",
        wO="linear(32, 32)",
    )


if __name__ == "__main__":
    print(figure().save("n01_true_heads.html"))
