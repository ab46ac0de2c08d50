"""8 Further."""

import matcube as mc


def n01_true_heads() -> mc.Figure:
    """Four heads and their shared weights.

    One projection makes the queries of all heads, each head attends on its own, and their results side by
    side pass through wO. Nothing is papered over: every head is a box of the deck and can be pulled out.
    """
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


def n02_grouped_queries() -> mc.Figure:
    """Two heads share keys and values.

    Four heads ask, and two answer: each pair of heads uses the same K and the same V. The cache of a
    decoder shrinks to half, while every head keeps its own queries.
    """
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


def n03_rotary() -> mc.Figure:
    """Rotary positions.

    The same vector of ones stands at all 48 places of Q and of K; rope turns each pair of channels by an
    angle that grows with the place. Their products then depend on the distance of two tokens alone, so
    every diagonal has one colour.
    """
    fig = mc.figure("S = rope(Q, base=100) @ rope(K, base=100).T", Q="ones(48, 32)", K="ones(48, 32)")
    return fig.layout(gap=8, sheets="open").style(sensitivity="local")


def n04_bias_and_residual() -> mc.Figure:
    """Bias and residual.

    A feed-forward block with everything that belongs to it: biases stretched along the rows, gelu, and the
    input added at the end. Each step is a sheet behind the face that it made.
    """
    fig = mc.figure(
        "h = gelu(x @ w1 + b1); y = x + (h @ w2 + b2)",
        x="gaussian(24, 20)",
        w1="linear(20, 48)",
        b1="gaussian(1, 48)",
        w2="linear(48, 20)",
        b2="gaussian(1, 20)",
    )
    return fig.layout(gap=6, sheets="open")


def n05_flash_attention() -> mc.Figure:
    """Attention without the whole matrix of scores.

    Keys and values come in blocks; a running maximum and a running sum stand beside the result and correct
    it after every block. At the end it is the softmax of all scores, of which no more than a block was ever
    held.
    """
    fig = mc.figure(
        "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
        V="gaussian(32, 16)",
    )
    return fig.layout(gap=6).animate("online", time=6.6)


def n06_tiled() -> mc.Figure:
    """Tile by tile.

    A fast product never takes whole rows: it takes blocks that fit into near memory. Here tiles of 8 × 8 ×
    8 products are finished one after another, and sums grow block by block.
    """
    fig = mc.figure("C = A @ B", A="gaussian(32, 24)", B="gaussian(24, 32)")
    return fig.layout(gap=5).animate("tiled", tiles=[(8, 8, 8)], order="ijk", time=20.5)


def n07_megatron() -> mc.Figure:
    """Two weights shared out, one sum.

    Four workers share the hidden features of a feed-forward block: w1 is cut by columns and w2 by rows, and
    gelu needs nobody's help. Each ends with partial sums of the whole result; one all-reduce adds them up,
    for which each sends 4,608 bytes.
    """
    fig = mc.figure(
        "h = gelu(x @ w1); y = h @ w2",
        x="gaussian(24, 32)",
        w1="linear(32, 64)",
        w2="linear(64, 32)",
    )
    return fig.layout(gap=6).partition(preset="megatron", devices=4)


def n08_ring_attention() -> mc.Figure:
    """Keys and values go round.

    Four workers hold a quarter of the tokens each, queries as well as keys and values. Blocks of keys and
    values travel from neighbour to neighbour, and after three steps every query has met every key.
    """
    fig = mc.figure(
        "out = (attn = softmax(Q @ K.T / sqrt(16))) @ V",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
        V="gaussian(32, 16)",
    )
    return fig.layout(gap=6).partition(preset="ring", devices=4)


def n09_growing_cache() -> mc.Figure:
    """Decoding with a growing cache.

    Each step adds one row of keys and one of values to those that are kept, and asks with one row of
    queries. Nothing that was computed is computed again.
    """
    fig = mc.figure(
        "K_t = (x @ wK).T; V = x @ wV; out = (attn = softmax(tril(x @ wQ @ K_t / sqrt(8)))) @ V @ wO",
        x="gaussian(16, 24)",
        wQ="gaussian(24, 8)",
        wK="gaussian(24, 8)",
        wV="gaussian(24, 8)",
        wO="gaussian(8, 24)",
    )
    return fig.layout(gap=6).animate("vmprod", fuse="decode", time=9.5)


def n10_convolution() -> mc.Figure:
    """A convolution as a product.

    Five weights slide along a signal of 48 steps: written as a matrix they stand on a band, and all else is
    zero. Of the 2,496 cells of that matrix 240 hold a weight, so a plain product does 90.4 % of its work
    for nothing.
    """
    fig = mc.figure(
        "y = band @ x",
        band="formula(52, 48, (abs(i - j - 2) <= 2) * (1 - 0.6 * abs(i - j - 2)))",
        x="formula(48, 12, sin((i + 3 * j) * (j + 1) / 16))",
    )
    return fig.layout(gap=6).animate("vmprod", time=26.5).style(sensitivity="local")


def n11_backward() -> mc.Figure:
    """Backward through a linear layer.

    The box that multiplied forwards multiplies backwards as well: the gradient of the result lies in front
    of it, and its products with w and with x give the gradients of x and of w. Three products share one
    body.
    """
    fig = mc.figure("y = x @ w", x="gaussian(24, 16)", w="linear(16, 20)", dy="gaussian(24, 20)")
    return fig.backward("y")


def n12_causal_softmax() -> mc.Figure:
    """What happens inside a causal softmax.

    From the back to the front: the raw scores, the scores divided by 4, the triangle that may be seen, and
    the shares of each row. Masked cells are marked; they are not zeros.
    """
    fig = mc.figure(
        "attn = softmax(tril(Q @ K.T / sqrt(16)))",
        Q="gaussian(32, 16)",
        K="gaussian(32, 16)",
    )
    return fig.layout(gap=8, sheets="open").view(select="attn")
