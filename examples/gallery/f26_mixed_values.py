"""What the head takes along.

Each row of attn @ V is an average of rows of V, so neighbours that look at the same tokens resemble each
other. Rows that look at the first token alone stay dark: its values are small.
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
    return fig.view(target="attn @ V", yaw=-57, pitch=9, distance=190)


if __name__ == "__main__":
    print(figure().save("f26_mixed_values.html"))
