"""Attention at any moment of its film: every number is that of the keys its row has seen, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.errors import OptionError
from matcube.playback.moment import at
from matcube.playback.online_softmax import Layer

CAUSAL = "out = (attn = softmax(tril(Q @ K.T / sqrt(d)))) @ V"
PLAIN = "out = (attn = softmax(Q @ K.T / sqrt(d))) @ V"
TURNED = "out = ((attn = softmax(tril(Q @ K.T / sqrt(d)))) @ V).T"
INSIDE = "out = relu((attn = softmax(tril(Q @ K.T / sqrt(d)))) @ V) @ W"
FLIPPED = "out = relu(((attn = softmax(tril(Q @ K.T / sqrt(d)))) @ V).T)"
ROWS, COLS, DEPTH = 13, 5, 4


def arrays(seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    q, k, v = (rng.normal(size=(ROWS, n)) * 2 for n in (DEPTH, DEPTH, COLS))
    return {"Q": q, "K": k, "V": v}


def film_of(program: str, tiles: Any, given: dict[str, Any], **options: Any) -> tuple[mc.Figure, str]:
    given = given | ({"W": np.eye(COLS)} if "W" in program else {})
    fig = mc.figure(program, d=DEPTH, **given).layout(**options)
    graph = fig._program.graph
    product = next(node.label for node in graph.nodes if node.spec.summed and node.text.endswith("@ V"))
    return fig.animate("vmprod", each={product: "online"}, tiles=[tiles]), product


def cells(layers: tuple[Layer, ...] | None, exact: np.ndarray) -> np.ndarray:
    """What a face shows, NaN where nothing is; layers do not overlap."""
    if layers is None:
        return exact
    seen = np.sum([layer.seen for layer in layers], axis=0)
    assert seen.max(initial=0) <= 1
    out = np.full(exact.shape, np.nan)
    for layer in layers:
        out[layer.seen] = np.asarray(layer.values)[layer.seen]
    return out


def oracle(given: dict[str, Any], is_causal: bool, seen: np.ndarray):
    """Maximum, sum, output and shares of each row over the keys that it has seen."""
    scores = given["Q"] @ given["K"].T / np.sqrt(DEPTH)
    if is_causal:
        scores = np.where(np.arange(ROWS)[None] <= np.arange(ROWS)[:, None], scores, -np.inf)
    scores = np.where(np.arange(ROWS)[None] < seen[:, None], scores, -np.inf)
    highest = scores.max(axis=1)
    with np.errstate(invalid="ignore"):  # rows that have seen no key
        raised = np.exp(scores - highest[:, None])
        total = raised.sum(axis=1)
        shares = raised / total[:, None]
        return highest, total, shares @ given["V"], shares


@settings(max_examples=60, deadline=None)
@given(
    program=st.sampled_from([CAUSAL, PLAIN, TURNED, INSIDE, FLIPPED]), share=st.floats(0, 1),
    queries=st.integers(1, 14), keys=st.integers(1, 14), sheets=st.sampled_from(["closed", "open"]),
)  # fmt: skip
def test_every_number_is_that_of_the_keys_seen_so_far(program, share, queries, keys, sheets):
    given_arrays = arrays()
    fig, _ = film_of(program, (queries, keys), given_arrays, sheets=sheets)
    scene, film = fig.scene(), fig.film
    assert film is not None
    sweep = next(sweep for sweep in film.sweeps if sweep.loops[-1].letter == "k")
    t = share * (sweep.start + sweep.steps)
    moment = at(scene.head, scene.buffers, t)
    steps = int(np.clip(np.floor(t - sweep.start + 1e-6), 0, sweep.steps))
    queries, keys = min(queries, ROWS), min(keys, ROWS)
    rounds = -(-ROWS // keys)
    blocks = np.clip(steps - np.arange(ROWS) // queries * rounds, 0, rounds)
    seen = np.minimum(blocks * keys, ROWS)
    highest, total, output, shares = oracle(given_arrays, "tril" in program, seen)
    none = (seen == 0)[:, None]
    want = {
        "running max": np.where(none, np.nan, highest[:, None]),
        "running sum": np.where(none, np.nan, total[:, None]),
        "product": np.where(none, np.nan, output),
    }
    columns = {
        matrix.name: matrix.node for matrix in scene.head.matrices if matrix.name.startswith("running")
    }
    nodes = {columns["running max"]: "running max", columns["running sum"]: "running sum"}
    nodes[sweep.node] = "product"
    checked = set()
    for face in scene.head.layouts[0].faces:
        if face.chain[-1] == sweep.node != face.node and sheets == "closed":  # the relu over it
            matrix = next(matrix for matrix in scene.head.matrices if matrix.node == face.node)
            exact = np.asarray(scene.buffers[str(matrix.values)]).reshape(matrix.rows, matrix.cols)
            over = np.where((seen == ROWS)[:, None], np.maximum(output, 0), want["product"])
            shown_cells = cells(moment.faces.get(face.id), exact)
            expected = over.T if program == FLIPPED else over
            assert np.allclose(shown_cells, expected, rtol=1e-6, atol=1e-9, equal_nan=True)
        if face.node not in nodes:
            continue
        name = nodes[face.node]
        matrix = next(matrix for matrix in scene.head.matrices if matrix.node == face.node)
        exact = np.asarray(scene.buffers[str(matrix.values)]).reshape(matrix.rows, matrix.cols)
        shown_cells = cells(moment.faces.get(face.id), exact)
        assert np.allclose(shown_cells, want[name], rtol=1e-6, atol=1e-9, equal_nan=True)
        checked.add(name)
    assert {"running max", "running sum"} <= checked
    _check_shares(fig, scene, moment, seen, blocks, shares, keys)


def _check_shares(fig, scene, moment, seen, blocks, shares, keys):
    """Finished rows as they are; of others every share as it was when its block had just passed."""
    node = fig._program.graph.named("attn").id
    face = next(face for face in scene.head.layouts[0].faces if face.node == node and face.cover is None)
    layers = moment.faces.get(face.id)
    exact = np.asarray(fig.value("attn"), np.float64)
    own = None if layers is None else tuple(layer for layer in layers if layer.node == node)
    shown_cells = cells(own, exact)
    for row in range(ROWS):
        if seen[row] == ROWS:
            assert np.allclose(shown_cells[row], exact[row], atol=1e-6)
            continue
        for b in range(blocks[row]):
            part = slice(b * keys, min((b + 1) * keys, ROWS))
            then = np.zeros(ROWS, int) + min((b + 1) * keys, ROWS)
            given_arrays = arrays()
            was = oracle(given_arrays, "tril" in fig.state.program, then)[3][row, part]
            assert np.allclose(shown_cells[row, part], was, rtol=1e-6, atol=1e-12)
        assert np.isnan(shown_cells[row, blocks[row] * keys :]).all()


@pytest.mark.parametrize("program", [CAUSAL, PLAIN])
def test_the_end_is_exact_attention(program):
    given_arrays = arrays(3)
    fig, _ = film_of(program, (4, 3), given_arrays)
    scene = fig.scene()
    film = scene.head.film
    assert film is not None
    states = next(sweep.states for sweep in film.sweeps if sweep.states is not None)
    output = np.asarray(scene.buffers[states.outputs]).reshape(ROWS, -1, COLS)[:, -1]
    exact = oracle(given_arrays, program == CAUSAL, np.full(ROWS, ROWS))[2]
    assert np.abs(output - exact).max() <= 1e-6 * np.abs(given_arrays["V"]).max()
    assert np.allclose(fig.value("out"), exact, rtol=1e-6)
    assert not at(scene.head, scene.buffers, film.duration).faces


def test_nan_and_masked_rows_are_kept():
    given_arrays = arrays(5)
    given_arrays["Q"][2, 0] = np.nan
    given_arrays["V"][7, 1] = np.inf
    fig, _ = film_of("out = (attn = softmax(tril(Q @ K.T / sqrt(d), -1))) @ V", (4, 4), given_arrays)
    scene = fig.scene()
    film = scene.head.film
    assert film is not None
    (sweep,) = (sweep for sweep in film.sweeps if sweep.states is not None)
    moment = at(scene.head, scene.buffers, sweep.start + 1)  # the first four rows have seen four keys
    face = scene.head.layouts[0].faces[0]
    (layer,) = moment.faces[face.id]
    assert layer.seen[:4].all() and not layer.seen[4:].any()
    assert (layer.values[0] == 0).all()  # row 0 has no key at all under this mask
    assert np.isnan(layer.values[2]).all() and np.isfinite(layer.values[3]).all()
    last = at(scene.head, scene.buffers, film.duration - 0.25).faces[face.id][0]
    assert np.isnan(last.values[2]).all() and np.isinf(last.values[8, 1])
    columns = [matrix for matrix in scene.head.matrices if matrix.name == "running max"]
    assert columns[0].stats is not None and columns[0].stats.neg_inf == 1


def test_the_products_of_a_step_are_made_with_the_shares_as_they_stream():
    given_arrays = arrays(4)
    fig, _ = film_of(PLAIN, (4, 3), given_arrays)
    scene, film = fig.scene(), fig.film
    assert film is not None
    sweep = next(sweep for sweep in film.sweeps if sweep.loops[-1].letter == "k")
    moment = at(scene.head, scene.buffers, sweep.start + 1.75)  # queries 0 to 3 and keys 3 to 5
    planes = [plane for plane in moment.planes if plane.face.node == sweep.node]
    shares = oracle(given_arrays, False, np.full(ROWS, 6))[3]
    total = sum(float(np.sum(plane.values)) for plane in planes)
    assert np.isclose(total, (shares[:4, 3:6] @ given_arrays["V"][3:6]).sum(), rtol=1e-6)


def test_columns_stand_apart_and_only_while_it_streams():
    fig, _ = film_of(CAUSAL, (4, 3), arrays())
    assert [matrix.name for matrix in fig.scene().head.matrices][-2:] == ["running max", "running sum"]
    assert not [matrix for matrix in fig.animate("vmprod").scene().head.matrices if "running" in matrix.name]
    hollow = mc.figure(PLAIN, d=DEPTH, Q="shape(6, 4)", K="shape(6, 4)", V="shape(6, 3)").animate("online")
    assert not [matrix for matrix in hollow.scene().head.matrices if "running" in matrix.name]


def test_too_much_to_stream_is_refused():
    fig = mc.figure(PLAIN, d=4, Q="ones(2048, 4)", K="ones(2048, 4)", V="ones(2048, 4)").animate("online")
    with pytest.raises(OptionError, match="attn has 4,194,304 cells, and at most 1,048,576 can stream"):
        fig.scene()
