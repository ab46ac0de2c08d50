"""What a film shows at any time is the float64 partial sum of the products that were formed by then."""

import itertools
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube import figure
from matcube.ir import Contraction
from matcube.playback import steps as stepping
from matcube.playback.interior import Lit
from matcube.playback.moment import Moment, at
from matcube.timeline import FilmOptions
from matcube.wire import FilmView
from tests.heads import arrays_of, attention
from tests.timeline.films import PLAYING, scene_with

LEAVES = {
    "A": "gaussian(7, 5)", "B": "gaussian(5, 6)", "C": "gaussian(6, 4)", "x": "gaussian(6)",
    "b": "gaussian(4)", "Q": "gaussian(6, 3)", "K": "gaussian(6, 3)", "V": "gaussian(6, 4)",
}  # fmt: skip
PROGRAMS = (
    "A @ B", "A @ B @ C", "A @ (B @ C)", "(A @ B @ C).T @ A", "softmax(tril(Q @ K.T / sqrt(3))) @ V",
    "gelu(A @ B) @ C + b", "B @ x", "x @ C", "(B @ x) * 2", "relu(V.T @ Q).T @ V.T", "A @ B * (A @ B) @ C",
    "x @ x", 'softmax(einsum("i k, k j -> j i", A, B)) @ A', 'einsum("i k, k j -> j i", A, B)',
    "softmax((A @ B).T) @ A", "softmax((Q @ K.T).T) @ V", "(Q @ K.T + Q @ K.T) @ V",
)  # fmt: skip


ORDERS = ("ijk", "ikj", "jik", "jki", "kij", "kji")
TILES = (((2, 3, 2),), ((4, 4, 3), (2, 1, 2)), ((5, 3, 4), (3, 3, 2), (1, 2, 1)), ((99, 99, 99),))


def scene_of(program: str, algorithm: str, fuse: str, sheets: str = "closed", blocks=None, **more):
    names = {name: text for name, text in LEAVES.items() if re.search(rf"\b{name}\b", program)}
    fig = mc.figure(program, **names).layout(sheets=sheets)  # type: ignore[arg-type]
    graph = fig._program.graph
    nodes = [node.id for node in graph.nodes if isinstance(node.kind, Contraction)]
    split = tuple((node, blocks) for node in nodes) if blocks else ()
    options = FilmOptions(algorithm, (), fuse, blocks=split, **more)  # type: ignore[arg-type]
    return fig, scene_with(fig, options)


def sums(fig, sweep, steps_done: int):
    """Partial sums and sums of absolute products of a contraction, cell by cell, from the graph's values."""
    node = fig._program.graph[sweep.node]
    operands = [fig._program.values[operand].cells.values.astype(np.float64) for operand in node.inputs]
    rows, cols, depth = sweep.sizes
    left = operands[0].reshape((depth, rows)).T if node.spec.inputs[0][0] == "k" else operands[0]
    left, right = left.reshape(rows, depth), operands[1].reshape(depth, cols)
    counts, whole = stepping.counts(sweep, steps_done), stepping.complete(sweep, steps_done)
    if stepping.part_count(sweep) > 1:
        counts = np.where(whole, counts, 0)  # a part of a sum is not the result's
    total, size = np.zeros(counts.shape), np.zeros(counts.shape)
    for (i, j), c in np.ndenumerate(counts):
        for k in range(c):
            total[i, j] += left[i, k] * right[k, j]
            size[i, j] += abs(left[i, k] * right[k, j])
    return total, size, counts


@settings(max_examples=150)
@given(
    program=st.sampled_from(PROGRAMS), algorithm=st.sampled_from([*PLAYING, "tiled", "tiled"]),
    share=st.floats(0, 1), fuse=st.sampled_from(["none", "sync", "async"]),
    sheets=st.sampled_from(["closed", "open"]), blocks=st.none() | st.tuples(*[st.integers(1, 5)] * 3),
    tiles=st.sampled_from(TILES), order=st.sampled_from(ORDERS),
)  # fmt: skip
def test_every_face_shows_the_partial_sums(
    program, algorithm, share, fuse, sheets, blocks, tiles, order
) -> None:
    fig, scene = scene_of(program, algorithm, fuse, sheets, blocks, tiles=tiles, order=(order,))
    check(fig, scene, share)


@pytest.mark.parametrize("sheets", ["closed", "open"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.66, 0.999])
def test_every_face_shows_the_partial_sums_of_a_token_at_a_time(share, sheets) -> None:
    program = "softmax(tril((A @ B) @ (A @ B).T)) @ (A @ B) @ C"
    fig, scene = scene_of(program, "vmprod", "decode", sheets)
    check(fig, scene, share)


def check(fig, scene, share: float) -> None:
    """Every face at a share of the film against plain loops."""
    film = scene.head.film
    assert film is not None
    t = share * film.duration
    moment = at(scene.head, scene.buffers, t)
    sweeps = {sweep.node: sweep for sweep in film.sweeps}
    (layout,) = scene.head.layouts
    seen_sums = 0
    for face in layout.faces:
        matrix = next(matrix for matrix in scene.head.matrices if matrix.node == face.node)
        finished = fig._program.values[face.node].cells.values.reshape(matrix.rows, matrix.cols)
        layers = moment.faces.get(face.id)
        if layers is None:
            assert all(
                stepping.complete(sweep, stepping.done(sweep, t)).all() for sweep in waits(film, face.node)
            )
            continue
        assert len(layers) == 1 or not (layers[0].seen & layers[1].seen).any()
        for layer in layers:
            assert layer.values.shape == layer.seen.shape == finished.shape
            if layer.node not in sweeps:
                assert np.array_equal(layer.values, finished) and layer.finished
                continue
            sweep = sweeps[layer.node]
            total, size, counts = sums(fig, sweep, stepping.done(sweep, t))
            own = [
                np.reshape(values, finished.shape)
                for values in turned(film, face.node, sweep, total, size, counts)
            ]
            close = np.abs(layer.values - own[0]) <= 1e-6 * own[1] + 1e-12
            assert close[layer.seen].all()
            if face.node == layer.node:
                assert (layer.seen == (own[2] > 0)).all()
            seen_sums += layer.seen.sum()
    if share == 0:
        assert not seen_sums


def waits(film, node: int):
    """The sweeps of a node, or those that it needs."""
    named = {node, *(need.sweep for need in film.needs if need.node == node)}
    return [sweep for sweep in film.sweeps if sweep.node in named]


def turned(film, node, sweep, *arrays):
    """Arrays over (i, j) as a map above the sweep has them; a transpose may lie between."""
    needs = [need for need in film.needs if need.node == node and need.sweep == sweep.node]
    flip = any(need.row == "j" or need.col == "i" for need in needs)
    flip = sweep.turned if node == sweep.node else flip
    return [array.T if flip and min(array.shape) > 1 else array for array in arrays]


@pytest.mark.parametrize("blocks", [None, (4, 3, 5), (2, 2, 2)])
@pytest.mark.parametrize("algorithm", PLAYING)
@pytest.mark.parametrize(
    "program", ["A @ B", "(A @ B @ C).T @ A", "B @ x", "x @ C", 'einsum("i k, k j -> j i", A, B) @ A']
)
def test_the_planes_of_a_sweep_hold_every_product_once(program: str, algorithm: str, blocks) -> None:
    tiles = ((3, 2, 2), (2, 1, 2))
    fig, scene = scene_of(program, algorithm, "none", blocks=blocks, tiles=tiles, order=("kij", "jik"))
    (layout,) = scene.head.layouts
    film = scene.head.film
    assert film is not None
    for box in layout.boxes:
        sweep = next(sweep for sweep in film.sweeps if sweep.node == box.node)
        total = np.full(box.sizes, np.nan)
        for step in range(sweep.steps):
            planes = at(scene.head, scene.buffers, sweep.start + step + 0.5).planes
            for plane in (plane for plane in planes if plane.face.node == box.node):
                note(plane, box, total)
        value = fig._program.values[box.node].cells.values
        shown = np.atleast_2d(value).T if sweep.turned else np.atleast_2d(value)
        assert np.allclose(total.sum(axis=2), shown.T if box.transposed else shown, atol=1e-5)


def note(plane, box, total) -> None:
    """Write the products of a plane at their places, each of which has none yet."""
    for (r, c), value in np.ndenumerate(plane.values):
        if value == 0:
            continue  # where none is formed; the leaves hold no zeros
        place = dict(zip("ijk", plane.first, strict=True))
        place[plane.face.row_letter] += r
        place[plane.face.col_letter] += c
        where = place["i"], place["j"], place["k"]
        assert np.isnan(total[where])
        total[where] = value
        centre = np.array(plane.face.origin) + np.array(plane.face.across) * (c + 0.5)
        centre = centre + np.array(plane.face.down) * (r + 0.5)
        assert np.allclose(centre, centre_of(box, where))


def centre_of(box, where):
    steps = (box.i_step, box.j_step, box.k_step)
    return np.array(box.corner) + sum(np.array(s) * (n + 0.5) for s, n in zip(steps, where, strict=True))


def test_at_the_end_all_is_as_in_the_still_figure_and_without_a_film_too() -> None:
    _, scene = scene_of("softmax(tril(Q @ K.T / sqrt(3))) @ V", "vmprod", "async")
    assert scene.head.film is not None
    assert at(scene.head, scene.buffers, scene.head.film.duration) == Moment()
    assert at(scene.head, scene.buffers, 1e9) == Moment()
    still = mc.figure("A @ B", A="eye(2, 2)", B="eye(2, 2)").scene()
    assert at(still.head, still.buffers, 0.0) == Moment()
    begun = at(scene.head, scene.buffers, 0.0)
    assert not any(layer.seen.any() for layers in begun.faces.values() for layer in layers)


def test_a_row_softmax_appears_a_row_at_a_time_and_the_raw_sums_lie_under_it() -> None:
    _, scene = scene_of("softmax(tril(Q @ K.T / sqrt(3))) @ V", "axpy", "none")
    (layout,) = scene.head.layouts
    face = next(face for face in layout.faces if len(face.chain) == 4)
    finished, raw = at(scene.head, scene.buffers, 7.5).faces[face.id]
    assert not finished.seen.any() and raw.seen.sum() == 3 * 6  # two columns whole, one begun
    _, scene = scene_of("softmax(tril(Q @ K.T / sqrt(3))) @ V", "dot_row", "none")
    finished, raw = at(scene.head, scene.buffers, 8.5).faces[face.id]
    assert finished.seen.all(axis=1).tolist() == [True, False, False, False, False, False]
    assert raw.seen[1].sum() == 2 and not raw.seen[0].any()


def test_what_a_step_reads_is_lit_and_inputs_can_be_hidden() -> None:
    _, scene = scene_of("A @ B", "axpy", "none")
    (box,) = scene.head.layouts[0].boxes
    moment = at(scene.head, scene.buffers, 7.0, hide_inputs=True)
    read = {box.left: (Lit(None, (2, 3)),), box.right: (Lit((2, 3), (1, 2)),)}
    assert moment.lit == {**read, box.result: (Lit(None, (1, 2), 1.0),)}
    assert moment.hidden == {box.left, box.right}
    moment = at(scene.head, scene.buffers, 30.0)
    assert not moment.lit and not moment.hidden


@pytest.mark.parametrize("algorithm", PLAYING)
def test_large_products_seek_quickly(algorithm: str) -> None:
    fig = mc.figure("A @ B", A="gaussian(512, 512)", B="gaussian(512, 512)")
    view = FilmView(algorithm)
    scene = fig.with_state(msgspec.structs.replace(fig.state, film=view)).scene()
    assert scene.head.film is not None
    assert at(scene.head, scene.buffers, scene.head.film.duration / 3).faces


@pytest.mark.parametrize("algorithm", ["axpy", "outer", "dot_row"])
def test_joined_heads_show_what_each_head_has_by_then(algorithm):
    case, heads, wide = attention(heads=4), 4, 2
    arrays = arrays_of(case)
    fig = figure(case.program, **arrays).animate(algorithm)
    v, deep = arrays["x"] @ arrays["wV"], 6
    P = fig.value("P").astype(np.float64)
    assert fig.film is not None
    first = next(sweep for sweep in fig.film.sweeps if fig._program.drawn.graph[sweep.node].name == "z[0]")
    partly = 0
    for t in np.arange(first.start - 1, first.start + first.steps + 1, 0.5).tolist():
        scene = fig.animate(algorithm, time=t).scene()
        joined = next(matrix for matrix in scene.head.matrices if matrix.name == "z")
        face = next(face for face in scene.head.layouts[0].faces if face.node == joined.node)
        counts = stepping.counts(first, stepping.done(first, t))
        wanted = np.zeros((deep, heads * wide))
        for h, (i, j) in itertools.product(range(heads), np.ndindex(deep, wide)):
            for k in range(counts[i, j]):
                wanted[i, h * wide + j] += P[h, i, k] * v[k, h * wide + j]
        layers = at(scene.head, scene.buffers, t).faces.get(face.id)
        begun = np.tile(counts > 0, heads)
        if layers is None:
            assert (counts == deep).all()
            continue
        assert np.array_equal(np.sum([layer.seen for layer in layers], axis=0), begun)
        shown = np.sum([np.where(layer.seen, layer.values, 0.0) for layer in layers], axis=0)
        np.testing.assert_allclose(shown, wanted, atol=1e-12)
        partly += bool(begun.any() and (counts < deep).any())
    assert partly > 3
