"""Eight workers, each with its own rows.

The axis of the rows is cut into eight blocks, through every matrix that has it. The weights are not cut:
each worker needs all of them, and none needs a row of another.
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
    fig = fig.partition({"A.rows": 8})
    return fig.layout(gap=5).style(sensitivity="semilocal")


if __name__ == "__main__":
    print(figure().save("f18_data_parallel.html"))
