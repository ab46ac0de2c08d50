"""Four products in a row.

Boxes that open outwards and inwards take turns, so a long chain stays compact. The rows run through all
four: row i of the result needs row i of A and no other.
"""

import matcube as mc

SECTION = "3 Expressions"


def figure() -> mc.Figure:
    fig = mc.figure(
        "A @ B @ C @ D @ E",
        A="formula(64, 96, 1 - 2 * (i // 8 % 2))",
        B="row_major(96, 64)",
        C="col_major(64, 32)",
        D="col_major(32, 64)",
        E="col_major(64, 96)",
    )
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f15_long_chain.html"))
