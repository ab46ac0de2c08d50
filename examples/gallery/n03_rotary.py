"""Rotary positions.

The same vector of ones stands at all 48 places of Q and of K; rope turns each pair of channels by an angle
that grows with the place. Their products then depend on the distance of two tokens alone, so every diagonal
has one colour.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure("S = rope(Q, base=100) @ rope(K, base=100).T", Q="ones(48, 32)", K="ones(48, 32)")
    return fig.layout(gap=8, sheets="open").style(sensitivity="local")


if __name__ == "__main__":
    print(figure().save("n03_rotary.html"))
