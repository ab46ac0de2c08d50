"""The feed-forward cut along its hidden width.

The hidden features are shared out: FFN_1 by columns, FFN_2 by rows. Each worker makes a partial sum of the
whole result, and the eight are added at the end.
"""

import matcube as mc

SECTION = "6 A whole layer"


def figure() -> mc.Figure:
    fig = mc.figure(
        "attn_out = layernorm((attn = softmax(tril((Q = input @ wQ) @ (K_t = wK_t @ input_t) / sqrt(192))))"
        " @ (V = input @ wV) @ wO); layer_out = layernorm(gelu(attn_out @ FFN_1) @ FFN_2)",
        input="gaussian(256, 192)",
        input_t="gaussian(192, 256)",
        wQ="gaussian(192, 192)",
        wK_t="gaussian(192, 192)",
        wV="gaussian(192, 192)",
        wO="gaussian(192, 192, max=0.996)",
        FFN_1="gaussian(192, 768)",
        FFN_2="gaussian(768, 192)",
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=256)
    fig = fig.partition({"FFN_1.cols": 8})
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


if __name__ == "__main__":
    print(figure().save("f41_feed_forward_cut.html"))
