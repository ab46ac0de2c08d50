"""Who streams, in which order, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.errors import OptionError
from matcube.playback.steps import counts, done
from matcube.timeline.online import attention
from matcube.wire import Loop

LEAVES = dict.fromkeys("QKVABC", "gaussian(12, 4)") | {"W": "gaussian(4, 4)"}


def figure(program: str) -> mc.Figure:
    return mc.figure(program, **{name: text for name, text in LEAVES.items() if name in program})


@pytest.mark.parametrize(
    "program",
    [
        "softmax(Q @ K.T) @ V", "softmax(tril(Q @ K.T / 2)) @ V",
        "S = Q @ K.T\nattn = softmax(S * 2 + 1)\nattn @ V",
        "softmax(triu(Q @ K.T)) @ (A @ W)", "softmax(Q @ K.T + A @ B.T) @ V",
        'einsum("i k, j k -> i j", softmax(Q @ K.T), (V @ W).T)',
    ],
)  # fmt: skip
def test_what_is_attention(program):
    graph = figure(program)._program.graph
    match = attention(graph, graph.root)
    assert match is not None
    assert graph[match.shares].text.startswith("softmax") and graph[match.product].id == graph.root.id
    assert graph[match.masked].id == graph[match.shares].inputs[0]
    assert graph[match.scores].text == "Q @ K.T" and graph[match.scores].spec.summed


@pytest.mark.parametrize(
    "program",
    [
        "Q @ K.T", "softmax(Q) @ W", "relu(Q @ K.T) @ V", "softmax(K @ Q.T).T @ V",
        "softmax(layernorm(Q @ K.T)) @ V",
        "softmax(Q @ K.T) * 2 @ V", "V.T @ softmax(Q @ K.T)", "softmax((Q @ K.T).T) @ V",
    ],
)  # fmt: skip
def test_what_is_none(program):
    graph = figure(program)._program.graph
    assert attention(graph, graph.root) is None
    with pytest.raises(OptionError, match="is no softmax") as error:
        figure(program).animate("online")
    assert "softmax(Q @ K.T / sqrt(d)) @ V" in str(error.value.hint)


def test_scores_and_output_run_as_one_block_by_block():
    fig = figure("S = (A @ W) @ K.T\nout = softmax(S) @ V\nlast = out @ W").animate("online", tiles=[(5, 3)])
    film = fig.film
    assert film is not None
    graph = fig._program.graph
    played = {graph[sweep.node].label: sweep for sweep in film.sweeps}
    first, scores, out, last = (played[name] for name in ("A @ W", "S", "out", "last"))
    assert (first.algorithm, first.start, last.algorithm) == ("vmprod", 0, "vmprod")
    assert scores.loops == (Loop("i", 5), Loop("j", 3)) and out.loops == (Loop("i", 5), Loop("k", 3))
    assert scores.steps == out.steps == 3 * 4
    assert (scores.start, scores.begin, scores.phase) == (12, 0, 0.5)
    assert (out.start, out.begin, out.phase) == (12, 0.5, 1)
    assert scores.group == out.group != first.group and out.loops[-1].size == 3
    assert last.start == 24


@pytest.mark.parametrize("tiles", [[(5, 3)], [(16, 16)], [(1, 1)], [(4, 7, 2)], []])
def test_the_keys_that_a_row_has_seen(tiles):
    fig = figure("softmax(Q @ K.T) @ V").animate("online", tiles=tiles)
    film = fig.film
    assert film is not None
    scores, out = film.sweeps
    queries, _, keys = (*tiles[0][:1], 0, tiles[0][-1]) if tiles else (3, 0, 3)
    queries, keys = min(queries, 12), min(keys, 12)
    rounds = -(-12 // keys)
    for step in range(out.steps + 1):
        row = np.arange(12)
        seen = np.clip((step - row // queries * rounds) * keys, 0, 12)
        assert np.array_equal(counts(out, step)[:, 0], seen)
        formed = np.arange(12)[None, :] < seen[:, None]
        assert np.array_equal(counts(scores, step) == scores.sizes[2], formed)
    assert done(out, film.duration) == out.steps


def test_an_algorithm_of_the_scores_own():
    program = "S = Q @ K.T\nout = softmax(S) @ V"
    with pytest.raises(OptionError, match="S is formed block by block for out, not by outer"):
        figure(program).animate("online", each={"S": "outer"})
    film = figure(program).animate("online", each={"S": "none"}).film
    assert film is not None and [sweep.algorithm for sweep in film.sweeps] == ["online"]
    film = figure(program).animate("vmprod", each={"out": "online"}).film
    assert film is not None and [sweep.algorithm for sweep in film.sweeps] == ["online", "online"]
    with pytest.raises(OptionError, match="B @ W is no softmax"):
        figure(program + "\nB @ W + out").animate("vmprod", each={"B @ W": "online", "out": "online"})
