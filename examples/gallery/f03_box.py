"""A product is a box.

L stands at the left of a box and R lies on top; every place inside is one multiplication. The result hangs
in front, and each of its cells adds up the line of products behind it.
"""

import matcube as mc

SECTION = "1 A product as a box"


def figure() -> mc.Figure:
    fig = mc.figure(
        "L @ R", L="formula(32, 24, 1 - 2 * (i // 8 % 2))", R="formula(24, 32, 1 - 2 * (j // 8 % 2))"
    )
    return fig.layout(gap=3).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f03_box.html"))
