"""Boxes in the bodies of others: the same products at the same places, read along other axes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcube as mc
from matcube.engine.view_options import layout_options
from matcube.errors import OptionError
from matcube.layout import SCHEMES, Arrangement, LayoutOptions, box_corners, place
from matcube.wire import Box, Layout
from tests.layout.judge import (
    assert_consistent,
    assert_faces_multiply,
    assert_products_project,
    cell_centre,
    product_centre,
    volume_of,
)

PROGRAMS = {
    "matrices": ("C = A @ B", {"A": "gaussian(5, 4)", "B": "gaussian(4, 3)"}),
    "scores": ("C = A @ B.T", {"A": "gaussian(5, 4)", "B": "gaussian(5, 4)"}),
    "itself": ("C = A @ A.T", {"A": "gaussian(5, 4)"}),
    "row": ("C = A @ B", {"A": "gaussian(4)", "B": "gaussian(4, 3)"}),
    "column": ("C = A @ B", {"A": "gaussian(5, 4)", "B": "gaussian(4)"}),
    "bias": ("C = A @ B + c", {"A": "gaussian(5, 4)", "B": "gaussian(4, 3)", "c": "ones(3)"}),
    "deep": (
        "C = softmax(P @ Q) @ relu(B)",
        {"P": "gaussian(6, 2)", "Q": "gaussian(2, 4)", "B": "gaussian(4, 3)"},
    ),
    "both": ("C = (P @ Q) @ (R @ S)", dict.fromkeys("PQRS", "gaussian(4, 4)")),
    "square": ("C = A @ A.T", {"A": "gaussian(4, 4)"}),
    "cube": ("C = A @ B", {"A": "gaussian(4, 4)", "B": "gaussian(4, 4)"}),
}  # fmt: skip


def graph_of(name: str):
    program, leaves = PROGRAMS[name]
    fig = mc.figure(program, **leaves).backward("C", seed=5)
    return fig._program.graph, layout_options(fig.state.layout, fig._program.names).inside


def bodies(placement: Layout, box: Box) -> np.ndarray:
    return volume_of(box_corners(box))


@pytest.mark.untraced
@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "custom"])
@given(code=st.tuples(*[st.booleans()] * 4), sheets=st.sampled_from([(), "all"]))
def test_the_cube_is_one_and_its_faces_stand_apart(name, scheme, code, sheets):
    graph, inside = graph_of(name)
    options = LayoutOptions(scheme=scheme, root=Arrangement(*code), sheets=sheets, inside=inside)
    placement = place(graph, options)
    assert_consistent(graph, placement)
    assert_products_project(placement)
    assert_faces_multiply(graph, placement)
    by_node = {box.node: box for box in placement.boxes}
    for node, host in inside:
        assert np.allclose(bodies(placement, by_node[node]), bodies(placement, by_node[host]))
    drawn = [face for face in placement.faces if face.cover is None]
    volumes = [bodies(placement, box) for box in placement.boxes if box.node not in dict(inside)]
    for face in drawn:
        spots = np.array([cell_centre(face, r, c) for r in (0, face.rows - 1) for c in (0, face.cols - 1)])
        volumes.append(np.concatenate([spots.min(axis=0) - 0.5, spots.max(axis=0) + 0.5]))
    for at, volume in enumerate(volumes):
        for other in volumes[:at]:
            assert not np.all((volume[:3] < other[3:] - 1e-6) & (other[:3] < volume[3:] - 1e-6))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_products_lie_where_their_letters_say(name, order):
    """dC[i, j] · B[k, j] and A[i, k] · dC[i, j] are at (i, j, k): a cover's cells are those it covers."""
    graph, inside = graph_of(name)
    placement = place(graph, LayoutOptions(inside=inside[::order]))
    covered = [(face, face.cover) for face in placement.faces if face.cover is not None]
    assert len(covered) == 3  # B in the box of dA; A and dC in that of dB
    for face, by in covered:
        cover = placement.faces[by]
        assert cover.cover is None
        for row in range(face.rows):
            for col in range(face.cols):
                own = (col, row) if face.transposed else (row, col)
                shown = own[::-1] if cover.transposed else own
                assert np.allclose(cell_centre(face, row, col), cell_centre(cover, *shown))
    named = {str(graph[face.node].name): face for face in placement.faces if face.cover is None}
    for name_of_grad, face in named.items():  # a gradient lies before its matrix, cell on cell
        if not name_of_grad.startswith("d"):
            continue
        of = name_of_grad[1:]
        side = next((name for name in ("left", "right") if of.endswith(f"_{name}")), "")
        owner = placement.faces[getattr(placement.boxes[0], side)] if side else named[of]
        for place_of in np.ndindex(face.rows, face.cols):
            own = place_of[::-1] if face.transposed else place_of
            away = cell_centre(face, *place_of) - cell_centre(
                owner, *(own[::-1] if owner.transposed else own)
            )
            assert np.count_nonzero(np.abs(away) > 1e-6) == 1
    host = next(box for box in placement.boxes if box.node == inside[0][1])
    for node, _ in inside:
        box = next(item for item in placement.boxes if item.node == node)
        ends = {tuple(product_centre(host, *at).round(9)) for at in np.ndindex(host.sizes)}
        assert {tuple(product_centre(box, *at).round(9)) for at in np.ndindex(box.sizes)} == ends


def test_what_does_not_fit_is_refused():
    leaves = {"A": "gaussian(5, 4)", "B": "gaussian(4, 3)", "E": "gaussian(6, 3)"}
    fig = mc.figure("C = A @ B\nD = E @ B.T\nF = B @ B.T", **leaves)
    with pytest.raises(OptionError, match=r"6 × 3 by 3 × 4.*5 × 4 by 4 × 3.*letter by letter") as error:
        fig.layout(inside={"D": "C"})
    assert "dA = dC @ B.T" in str(error.value.hint)
    with pytest.raises(OptionError, match="letter by letter"):
        fig.layout(inside={"F": "C"})
    with pytest.raises(OptionError, match="G uses it"):
        mc.figure("C = A @ B\nG = relu(E @ C.T)", **leaves).layout(inside={"E @ C.T": "C"})
    with pytest.raises(OptionError, match='no matrix "dQ"'):
        fig.layout(inside={"dQ": "C"})
    with pytest.raises(OptionError, match="lies in another box itself"):
        fig.layout(inside={"D": "C", "F": "D"})
    two = mc.figure("C = A @ B\ndC = P @ Q\ndA = dC @ B.T", A="gaussian(5, 4)", B="gaussian(4, 3)",
                    P="gaussian(5, 2)", Q="gaussian(2, 3)")  # fmt: skip
    with pytest.raises(OptionError, match="dC is itself a product"):
        two.layout(inside={"dA": "C"})


def test_a_box_is_named_by_its_text_too():
    fig = mc.figure("A @ B\ndA = dC @ B.T", A="gaussian(5, 4)", B="gaussian(4, 3)", dC="ones(5, 3)")
    fig = fig.layout(inside={"dA": "A@B"})
    assert [face.cover for face in fig._program.place(fig.state).faces].count(None) == 5


def test_a_program_that_lost_a_name_still_shows():
    fig = mc.figure("C = A @ B", A="gaussian(5, 4)", B="gaussian(4, 3)").backward("C")
    from msgspec.structs import replace

    other = fig.with_state(replace(fig.state, program="C = A @ B"))
    assert len(other._program.place(other.state).boxes) == 1
