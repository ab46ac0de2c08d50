"""Where the head looks.

Every row says how one token shares its attention among those before it. Half of it goes to the first token;
most of the rest goes to what followed the same word earlier in the rhyme, the slanting lines.
"""

import matcube as mc
from matcube.api.demo import head

SECTION = "4 An attention head"


def figure() -> mc.Figure:
    fig = mc.figure(
        "out = (attn = softmax(tril((Q = x @ wQ) @ (K_t = wK_t @ x_t) / sqrt(64)))) @ (V = x @ wV) @ wO",
        **head(96),
    )
    fig = fig.animate("none", each={"attn @ V": "vmprod", "K_t": "none", "V": "none"}, fuse="sync", time=96)
    fig = fig.layout(gap=24).style(sensitivity="local", contrast=3)
    return fig.view(target="attn", yaw=-17, pitch=9, distance=210)


if __name__ == "__main__":
    print(figure().save("f25_attention.html"))
