"""A token at a time: nothing is formed before its token, nor what the mask hides."""

from dataclasses import replace

import numpy as np
import pytest

import matcube as mc
from matcube.errors import OptionError
from matcube.playback.steps import complete, done, never
from matcube.sources.program import parse, parse_leaf
from matcube.timeline import FilmOptions, film
from matcube.timeline.causal import limits
from matcube.wire import FilmView, Limit, View
from tests.timeline.films import formed, groups, judge, there

SIZES = {"X": "6, 8", "Wq": "8, 4", "Wk": "8, 4", "Wv": "8, 4", "Wo": "4, 8"}
HEAD = "softmax(tril(X @ Wq @ (X @ Wk).T / sqrt(4))) @ (X @ Wv) @ Wo"
PROGRAMS = (
    HEAD,
    "Q = X @ Wq; K = X @ Wk; V = X @ Wv; S = Q @ K.T; attn = softmax(tril(S / sqrt(4), -1)); attn @ V @ Wo",
    "softmax(tril(X @ Wq @ (X @ Wk).T) / 2) @ rmsnorm(X @ Wv) @ Wo",
    "tril(rope(X @ Wq) @ rope(X @ Wk).T) @ (X @ Wv)",
)  # fmt: skip


def decoded(program: str, algorithm: str = "vmprod", fuse: str = "decode", **each: str):
    leaves = {name: f"gaussian({size})" for name, size in SIZES.items() if name in program}
    fig = mc.figure(program, **leaves)
    result = fig._program.film(View(film=FilmView(algorithm, each=each, fuse=fuse)))  # type: ignore[arg-type]
    assert result is not None
    return fig, result


@pytest.mark.parametrize("program", PROGRAMS)
def test_at_step_t_exactly_the_first_rows_of_everything_are_there(program: str) -> None:
    fig, result = decoded(program)
    graph = fig._program.graph
    judge(graph, result)
    assert len(groups(result)) == 1 and result.duration == 6
    for t in range(6):
        before, after = there(graph, result, t + 1e-3), there(graph, result, t + 1 - 1e-9)
        for sweep in result.sweeps:
            rows = before[sweep.node].all(axis=1), after[sweep.node].all(axis=1)
            assert rows[0].sum() == before[sweep.node].any(axis=1).sum() == t
            assert rows[1].sum() == after[sweep.node].any(axis=1).sum() == t + 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_the_mask_hides_is_never_formed_and_all_else_once(program: str) -> None:
    fig, result = decoded(program)
    limited = 0
    for sweep in result.sweeps:
        total = sum(formed(sweep, step).astype(int) for step in range(sweep.steps))
        index = dict(zip("ijk", np.indices(sweep.sizes), strict=True))
        if sweep.limit is None:
            assert (np.asarray(total) == 1).all()
            continue
        limited += 1
        assert (np.asarray(total) == (index[sweep.limit.b] <= index["i"] + sweep.limit.offset)).all()
        if sweep.limit.b == "j":
            attn = next(node for node in fig._program.graph.nodes if "tril" in node.text)
            assert (never(sweep) == fig._program.values[attn.id].cells.hidden).all()
    assert limited == 2


def test_limits_follow_names_scales_and_offsets() -> None:
    fig, _ = decoded("S = X @ Wq @ (X @ Wk).T; softmax(tril(S / 2 + 1, 1) * 3) @ (X @ Wv)", fuse="none")
    assert set(limits(fig._program.graph).values()) == {Limit("i", "j", 1), Limit("i", "k", 1)}


@pytest.mark.parametrize(
    "program",
    [
        "softmax(X @ Wq @ (X @ Wk).T) @ (X @ Wv)",
        "softmax(triu(X @ Wq @ (X @ Wk).T)) @ (X @ Wv)",
        "S = X @ Wq @ (X @ Wk).T; softmax(tril(S)) * S",  # the masked scores are read elsewhere
        "softmax(tril(softmax(X @ Wq @ (X @ Wk).T)))",  # a row of shares needs every score
    ],
)
def test_decoding_without_a_causal_mask_is_refused(program: str) -> None:
    with pytest.raises(OptionError, match="nothing here is causal") as error:
        decoded(program)
    assert "tril" in str(error.value)


def test_causal_products_play_by_rows() -> None:
    with pytest.raises(OptionError, match="do not play row by row") as error:
        decoded(HEAD, "outer")
    assert "vmprod" in str(error.value)


def test_scores_above_the_diagonal_wait_for_all_keys_when_the_mask_looks_ahead() -> None:
    _, result = decoded("softmax(tril(X @ Wq @ (X @ Wk).T, 1)) @ (X @ Wv)")
    assert len(groups(result)) > 1
    keys = [sweep for sweep in result.sweeps if sweep.limit is None and sweep.start == 0]
    scores = next(sweep for sweep in result.sweeps if sweep.limit == Limit("i", "j", 1))
    assert scores.start >= 6 and len(keys) >= 2


def test_masked_cells_show_nothing_until_their_row_is_done() -> None:
    fig, _ = decoded(HEAD)
    played = fig.animate("vmprod", fuse="decode").layout(sheets="open")
    scene = played.scene()
    from matcube.playback.moment import at

    scores = next(sweep for sweep in scene.head.film.sweeps if sweep.limit and sweep.limit.b == "j")
    (layout,) = scene.head.layouts
    raw = next(face for face in layout.faces if face.node == scores.node)
    hidden = np.triu(np.ones((6, 6), bool), 1)
    for t in (0.0, 2.5, 3.999, 6.0):
        (layer,) = at(scene.head, scene.buffers, t).faces[raw.id]
        there_now = complete(scores, done(scores, t))
        assert (layer.seen == (there_now & ~hidden)).all()


def test_scores_that_are_shown_themselves_are_formed_whole() -> None:
    fig, result = decoded("S = X @ Wq @ (X @ Wk).T; softmax(tril(S)) @ (X @ Wv)")
    scores = next(sweep.node for sweep in result.sweeps if sweep.limit == Limit("i", "j", 0))
    graph = fig._program.graph
    assert scores not in limits(replace(graph, outputs=(scores, *graph.outputs)))


def test_keys_in_blocks_do_not_come_a_token_at_a_time() -> None:
    fig, _ = decoded(HEAD)
    graph = fig._program.graph
    keys = next(node.id for node in graph.nodes if node.text == "X @ Wk")
    result = film(graph, FilmOptions("vmprod", fuse="decode", blocks=((keys, (3, 4, 8)),)))
    assert result is not None
    judge(graph, result)
    scores = next(sweep for sweep in result.sweeps if sweep.limit == Limit("i", "j", 0))
    assert next(sweep for sweep in result.sweeps if sweep.node == keys).steps == 3 and scores.start == 3


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        ("relu(tril(S)) @ V", {Limit("i", "k", 0)}),  # a function that keeps 0 keeps the mask's zeros
        ("-tril(S, 1) @ V", {Limit("i", "k", 1)}),
        ("sigmoid(tril(S)) @ V", set()),
        ("softmax(tril(S) - b) @ V", {Limit("i", "k", 0)}),
        ("softmax(tril(S) + triu(S)) @ V", set()),  # of two masks only what both hide stays hidden
        ("softmax(column + tril(S)) @ V", set()),
    ],
)
def test_zeros_follow_what_operations_say_of_themselves(program: str, wanted: set[Limit]) -> None:
    leaves = {"S": "gaussian(6, 6)", "V": "gaussian(6, 3)", "b": "gaussian(6)", "column": "gaussian(6, 1)"}
    graph = parse(program, leaves={name: parse_leaf(text) for name, text in leaves.items()})
    assert set(limits(graph).values()) == wanted
