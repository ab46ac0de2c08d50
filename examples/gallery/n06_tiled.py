"""Tile by tile.

A fast product never takes whole rows: it takes blocks that fit into near memory. Here tiles of 8 × 8 × 8
products are finished one after another, and sums grow block by block.
"""

import matcube as mc

SECTION = "8 Further"


def figure() -> mc.Figure:
    fig = mc.figure("C = A @ B", A="gaussian(32, 24)", B="gaussian(24, 32)")
    return fig.layout(gap=5).animate("tiled", tiles=[(8, 8, 8)], order="ijk", time=20.5)


if __name__ == "__main__":
    print(figure().save("n06_tiled.html"))
