"""Two heads share keys and values.

Four heads ask, and two answer: each pair of heads uses the same K and the same V. The cache of a decoder
shrinks to half, while every head keeps its own queries.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    return mc.figure(
        "q = split(x @ wQ, axis=1, parts=4).permute(axes=(1, 0, 2));"
        "k = split(x @ wK, axis=1, parts=2).permute(axes=(1, 0, 2)).repeat(axis=0, times=2);"
        "v = split(x @ wV, axis=1, parts=2).permute(axes=(1, 0, 2)).repeat(axis=0, times=2);"
        "z = (attn = softmax(tril(q @ k.mT / sqrt(8)))) @ v;"
        "out = merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO",
        x="gaussian(24, 32)",
        wQ="linear(32, 32)",
        wK="linear(32, 16)",
        wV="linear(32, 16)",
        wO="linear(32, 32)",
    )


if __name__ == "__main__":
    print(figure().save("n02_grouped_queries.html"))
