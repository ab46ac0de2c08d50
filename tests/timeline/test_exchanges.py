"""Exchanges in films: when they play, what waits for them, and what they hold back."""

from __future__ import annotations

import pytest

import matcube as mc
from matcube.playback import steps
from matcube.playback.moment import at
from tests.heads import arrays_of, attention

MLP = "h = relu(x @ W1); y = h @ W2"
LAYERS = {"x": "gaussian(16, 16)", "W1": "gaussian(16, 64)", "W2": "gaussian(64, 16)"}
ATTENTION = "q = X @ Wq; k = X @ Wk; out = softmax(q @ k.T) @ (X @ Wv)"
WEIGHTS = dict.fromkeys(("X", "Wq", "Wk", "Wv"), "gaussian(8, 8)")


def played(program, leaves, splits, algorithm="vmprod", **options):
    """The film, its exchanges as (kind, node, start, end), names by node and the head."""
    figure = mc.figure(program, **leaves).partition(splits).animate(algorithm, **options)
    head = figure.scene().head
    assert head.film is not None
    table = () if head.partition is None else head.partition.collectives
    rows = [
        (table[sent.collective].kind, sent.start, sent.start + sent.steps) for sent in head.film.exchanges
    ]
    return head, rows, {matrix.name: matrix.node for matrix in head.matrices}


def test_an_all_reduce_plays_after_its_partial_sums_and_lengthens_the_film():
    head, rows, names = played(MLP, LAYERS, {"preset:megatron": 4})
    sweeps = [(sweep.node, sweep.start, sweep.steps) for sweep in head.film.sweeps]
    assert sweeps[1] == (names["y"], 16.0, 16)
    assert rows == [("all-reduce", 32.0, 36.0)]
    (sent,) = head.film.exchanges
    assert (sent.node, sent.holds, head.film.duration) == (names["y"], (names["y"],), 36.0)
    assert "exchange" in repr(head.film)


def test_later_sweeps_wait_for_an_exchange():
    program = MLP.replace("y = h @ W2", "g = relu(h @ W2); y = g @ V")
    head, rows, names = played(program, LAYERS | {"V": "gaussian(16, 8)"}, {"W1.cols": 4})
    assert rows == [("all-reduce", 32.0, 36.0)]
    last = next(sweep for sweep in head.film.sweeps if sweep.node == names["y"])
    assert (last.start, head.film.duration) == (36.0, 52.0)
    (sent,) = head.film.exchanges
    assert names["g"] in sent.holds and names["y"] not in sent.holds


@pytest.mark.parametrize("fuse", ["none", "sync", "async"])
def test_keys_and_values_go_round_the_ring_before_the_scores(fuse):
    head, rows, _ = played(ATTENTION, WEIGHTS, {"preset:ring": 4}, fuse=fuse)
    assert rows == [("ring", 2.0, 6.0)] * 2
    assert [sent.lane for sent in head.film.exchanges] == [0, 1]
    assert all(not sent.holds for sent in head.film.exchanges)
    before = {head.partition.collectives[sent.collective].node for sent in head.film.exchanges}
    for sweep in head.film.sweeps:
        scores_or_later = sweep.node > max(before)
        assert not scores_or_later or sweep.start >= 6


def test_an_exchange_lasts_as_long_whatever_its_bytes_and_an_eighth_of_a_long_sweep():
    lasts = []
    for wide in (16, 160):
        leaves = LAYERS | {"W2": f"gaussian(64, {wide})"}
        _, ((_, start, end),), _ = played(MLP, leaves, {"W1.cols": 4})
        lasts.append(end - start)
    assert lasts == [4, 4]
    _, ((_, start, end),), _ = played(MLP, LAYERS | {"x": "gaussian(96, 16)"}, {"W1.cols": 4})
    assert end - start == 12


def test_a_reduction_inside_rows_holds_back_the_softmax_alone():
    head, rows, names = played("p = softmax(Q @ K.T)", dict.fromkeys("QK", "gaussian(8, 4)"), {"K.rows": 4})
    assert [kind for kind, *_ in rows] == ["all-reduce"]
    assert head.film.exchanges[0].holds == (names["p"],)


def test_a_gather_of_a_weight_plays_before_its_product_and_holds_back_no_leaf():
    head, rows, names = played(MLP, LAYERS, {"preset:fsdp": 2})
    gathers = [row for row in rows if row[0] == "all-gather"]
    assert gathers and gathers[0][1:] == (0.0, 4.0)
    assert min(sweep.start for sweep in head.film.sweeps) == 4
    held = {node for sent in head.film.exchanges for node in sent.holds}
    assert not held & {names[name] for name in LAYERS}


def test_heads_exchange_once_for_all_of_them():
    case = attention(heads=4, tokens=8, width=16)
    head, rows, names = played(case.program, arrays_of(case), {"preset:megatron": 4})
    assert rows == [("all-reduce", 32.0, 36.0)]
    assert names["out"] in head.film.exchanges[0].holds


@pytest.mark.parametrize("splits", [{}, {"x.rows": 4}])
def test_without_collectives_a_film_has_no_exchanges(splits):
    head, rows, _ = played(MLP, LAYERS, splits)
    assert rows == [] and head.film.duration == (32 if not splits else 8)


def test_streaming_attention_is_not_stopped_by_an_exchange_inside_it():
    leaves = {"Q": "gaussian(8, 4)", "K": "gaussian(8, 4)", "V": "gaussian(8, 4)"}
    head, rows, _ = played("softmax(Q @ K.T) @ V", leaves, {"Q.cols": 2}, "online")
    starts = {(sweep.start, sweep.steps) for sweep in head.film.sweeps}
    assert len(starts) == 1
    ((kind, start, _),) = rows
    assert kind == "all-reduce" and start == sum(next(iter(starts)))
    assert head.film.exchanges[0].holds == ()


def test_the_sum_is_there_when_its_exchange_is_over_and_its_parts_before():
    figure = mc.figure(MLP, **LAYERS).partition({"W1.cols": 4}).animate("vmprod")
    scene = figure.scene()
    names = {matrix.name: matrix.node for matrix in scene.head.matrices}
    faces = scene.head.layouts[0].faces
    result = next(face for face in faces if face.node == names["y"] and face.part is None)
    sheets = [face for face in faces if face.part is not None]
    for t, there, formed in ((20.0, False, 4), (31.9, False, 15), (35.9, False, 16), (36.0, True, 16)):
        moment = at(scene.head, scene.buffers, t)
        layers = moment.faces.get(result.id)
        assert (layers is None) == there
        assert not any(layer.seen.any() for layer in layers or ())
        assert scene.head.film is not None
        sweep = next(sent for sent in scene.head.film.sweeps if sent.node == names["y"])
        assert steps.done(sweep, t) == formed
        for sheet in sheets:
            part = moment.faces.get(sheet.id)
            rows = 16 if part is None else int(part[0].seen.any(axis=1).sum())
            assert rows == formed
