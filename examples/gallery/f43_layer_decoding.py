"""A layer for one token.

While text is written, one row passes the layer, and keys and values of earlier tokens are at hand. What
remains is reading weights: every number of them is used once.
"""

import matcube as mc

SECTION = "6 A whole layer"


def figure() -> mc.Figure:
    fig = mc.figure(
        "attn_out = layernorm((attn = softmax(tril((Q = input @ wQ) @ K_t / sqrt(192), offset=255)))"
        " @ V @ wO); layer_out = layernorm(gelu(attn_out @ FFN_1) @ FFN_2)",
        input="gaussian(1, 192)",
        wQ="gaussian(192, 192)",
        K_t="gaussian(192, 256)",
        V="gaussian(256, 192)",
        wO="gaussian(192, 192, max=0.996)",
        FFN_1="gaussian(192, 768)",
        FFN_2="gaussian(768, 192)",
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod"}, fuse="sync", time=1)
    return fig.layout(gap=8).style(sensitivity="local", contrast=2)


if __name__ == "__main__":
    print(figure().save("f43_layer_decoding.html"))
