"""7 Low rank."""

import matcube as mc


def f44_low_rank() -> mc.Figure:
    """Rank 4.

    A matrix of 128 by 128 out of two thin ones: 1,024 numbers make 16,384. Its rows are mixtures of only
    four, which the eye sees as stripes both ways.
    """
    fig = mc.figure("L @ R", L="gaussian(128, 4)", R="gaussian(4, 128)")
    return fig.layout(gap=11.21).style(sensitivity="local", contrast=2.5)


def f45_low_rank_head() -> mc.Figure:
    """A head with factored weights.

    Each of the four weight matrices is itself a product of two thin ones, which stand along its edges like
    low fences. They hold 4,096 numbers where the weights have 12,288.
    """
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = input @ (wQ = wQ_A @ wQ_B))"
        " @ (K_t = (wK_t = wK_t_A @ wK_t_B) @ input_t) / sqrt(32))))"
        " @ (V = input @ (wV = wV_A @ wV_B)) @ (wO = wO_A @ wO_B)",
        input="gaussian(64, 96)",
        input_t="gaussian(96, 64)",
        wQ_A="gaussian(96, 8)",
        wQ_B="gaussian(8, 32)",
        wK_t_A="gaussian(32, 8)",
        wK_t_B="gaussian(8, 96)",
        wV_A="gaussian(96, 8)",
        wV_B="gaussian(8, 32)",
        wO_A="gaussian(32, 8)",
        wO_B="gaussian(8, 96)",
    )
    return fig.layout(gap=2, scatter=8, molecule=2).animate("none", spin=-3).style(sensitivity="local")
