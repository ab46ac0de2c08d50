"""Order, inheritance and fusion; films of random graphs read nothing that does not exist."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.errors import OptionError
from matcube.timeline import FilmOptions, film
from matcube.wire import FilmView, View
from tests.effort import calls_in
from tests.layout.graphs import all_trees, gpt2, same, tree_graph
from tests.timeline.films import PLAYING, groups, judge, play, squares

N = {"A": "6, 4", "B": "4, 5", "C": "5, 3", "D": "3, 7", "E": "7, 2", "F": "2, 8"}

NAMES = [*PLAYING, "vmprod", "vmprod", "mvprod", "outer", "none"]


def shown(program: str, algorithm: str, fuse: str = "sync", each=None, sizes=N):
    """The film of a program, judged, and its groups as texts."""
    fig = mc.figure(program, **{name: f"ones({size})" for name, size in sizes.items() if name in program})
    result = fig._program.film(View(film=FilmView(algorithm, each=each or {}, fuse=fuse)))  # type: ignore[arg-type]
    assert result is not None
    graph = fig._program.graph
    judge(graph, result)
    return result, [[graph[node].label for node in group] for group in groups(result)]


@pytest.mark.parametrize(
    ("program", "algorithm", "each", "steps"),
    [
        ("A @ B @ C @ D @ E", "vmprod", {}, 6),
        ("A @ (B @ (C @ (D @ E)))", "mvprod", {}, 2),
        ("(A @ B) @ (C @ D)", "outer", {"A @ B": "mvprod", "C @ D": "vmprod"}, 5),
        ("(A @ (B @ C)) @ ((D @ E) @ F)", "outer", {"A @ (B @ C)": "mvprod", "D @ E @ F": "vmprod"}, 3),
        ("(A @ B) @ C", "outer", {"A @ B": "mvprod"}, 5),
        ("A @ (B @ C)", "outer", {"B @ C": "vmprod"}, 4),
        ("softmax(gelu(A @ B) @ C) @ D", "vmprod", {}, 6),
        ("A @ gelu(B @ C)", "mvprod", {}, 3),
        ("((B.T @ A.T).T) @ C", "vmprod", {"B.T @ A.T": "mvprod"}, 6),
        ("(A @ B) * gelu(A @ B2) @ C", "vmprod", {}, 6),
    ],
)  # fmt: skip
def test_what_fuses_into_one(program, algorithm, each, steps) -> None:
    for fuse in ("sync", "async"):
        result, names = shown(program, algorithm, fuse, each, {**N, "B2": "4, 5"})
        assert len(names) == 1 and result.duration == steps
        assert {sweep.start for sweep in result.sweeps} == {0.0}
    result, names = shown(program, algorithm, "none", each, {**N, "B2": "4, 5"})
    assert len(names) == len(result.sweeps) and result.duration > steps


@pytest.mark.parametrize(
    ("program", "algorithm", "each"),
    [
        ("A @ softmax(B @ C)", "mvprod", {}),  # the columns of a row softmax are not free
        ("(A @ B) @ C", "outer", {}),  # a cell of an outer product is complete at the end alone
        ("A @ B @ C", "mvprod", {}),
        ("A @ (B @ C)", "vmprod", {}),
        ("A @ B @ C", "dot_row", {}),
        ("A @ B @ C", "axpy", {}),
        ("Y = A @ B; Y @ Y.T", "vmprod", {}),  # row i of Y @ Y.T needs all of Y
    ],
)
def test_what_does_not_fuse(program, algorithm, each) -> None:
    for fuse in ("sync", "async"):
        result, names = shown(program, algorithm, fuse, each)
        assert len(names) == len(result.sweeps) == 2
        assert result.sweeps[1].start == result.sweeps[0].steps


def test_the_attention_head_is_one_chain_when_keys_and_values_are_there() -> None:
    program = "K_t = (x @ wK).T; V = x @ wV; softmax(tril(x @ wQ @ K_t / sqrt(4))) @ V @ wO"
    sizes = {"x": "16, 8", "wQ": "8, 4", "wK": "8, 4", "wV": "8, 4", "wO": "4, 8"}
    there = {"K_t": "none", "V": "none"}
    result, names = shown(program, "vmprod", "sync", there, sizes)
    assert len(names) == 1 and len(names[0]) == 4 and result.duration == 16
    assert [sweep.phase for sweep in result.sweeps] == [0.25, 0.5, 0.75, 1.0]
    # Without them they come first, and the scores wait: only async fuses across the wait.
    result, names = shown(program, "vmprod", "async", {}, sizes)
    assert sorted(map(len, names)) == [1, 1, 4] and result.duration == 32
    result, names = shown(program, "vmprod", "sync", {}, sizes)
    assert result.sweeps[0].start == result.sweeps[1].start == result.sweeps[2].start == 0.0
    assert sorted(map(len, names)) == [1, 1, 1, 3]


def test_sync_fuses_only_what_starts_together() -> None:
    program = "(A @ B) @ (C @ D)"
    result, names = shown(program, "vmprod", "sync")
    assert len(names) == 3 and result.duration == 6 + 6
    result, names = shown(program, "vmprod", "async")
    assert names == [["A @ B", "A @ B @ (C @ D)"], ["C @ D"]] and result.duration == 5 + 6


def test_an_algorithm_is_inherited_downwards() -> None:
    result, _ = shown("(A @ B @ C) @ (D @ E)", "vmprod", each={"A @ B @ C": "outer"})
    names = {sweep.node: sweep.algorithm for sweep in result.sweeps}
    assert list(names.values()).count("outer") == 2 and list(names.values()).count("vmprod") == 2
    result, _ = shown("(A @ B @ C) @ (D @ E)", "vmprod", each={"A @ B @ C": "none"})
    assert len(result.sweeps) == 2
    result, _ = shown("(A @ B) @ C", "none", each={"A @ B": "outer"})
    assert [sweep.algorithm for sweep in result.sweeps] == ["outer"] and result.needs


def test_nothing_plays() -> None:
    graph = tree_graph(("A", "B"))
    assert film(graph, FilmOptions()) is None
    with pytest.raises(OptionError, match='there is no algorithm "vm"'):
        film(graph, FilmOptions("vm"))
    with pytest.raises(OptionError, match='there is no fuse "x"'):
        film(graph, FilmOptions("vmprod", fuse="x"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PLAYING)
@pytest.mark.parametrize("tree", list(all_trees(4)), ids=str)
def test_every_tree_plays(name: str, tree) -> None:
    graph = tree_graph(tree, same(3))
    for fuse in ("none", "sync", "async"):
        judge(graph, play(graph, name, fuse))


@settings(max_examples=150)
@given(
    choices=st.lists(st.integers(0, 10_000), min_size=1, max_size=12),
    names=st.lists(st.sampled_from(NAMES), min_size=14, max_size=14),
    fuse=st.sampled_from(["none", "sync", "async", "decode", "decode"]),
    blocks=st.lists(st.tuples(*[st.integers(1, 3)] * 3), min_size=14, max_size=14) | st.just([]),
    tiles=st.sampled_from([(), ((2, 2, 2),), ((3, 1, 2), (2, 1, 1))]),
)
def test_random_graphs_form_nothing_before_its_inputs(choices, names, fuse, blocks, tiles) -> None:
    graph = squares(choices)
    products = [node.id for node in graph.nodes if len(node.spec.inputs) == 2 and node.spec.summed]
    own = tuple(zip(products, names, strict=False))
    split = tuple(zip(products, blocks, strict=False))
    try:
        result = film(graph, FilmOptions("vmprod", own, fuse, tiles, blocks=split))
    except OptionError:
        assert fuse == "decode"
        return
    assert (result is None) == all(name == "none" for _, name in own)
    if result is None:
        return
    judge(graph, result)
    loose = film(graph, FilmOptions("vmprod", own, "none", tiles, blocks=split))
    assert loose is not None and {sweep.node for sweep in loose.sweeps} == {
        sweep.node for sweep in result.sweeps
    }
    if fuse == "sync":
        assert result.duration <= loose.duration


@pytest.mark.parametrize("fuse", ["none", "sync", "async"])
def test_a_large_model_is_scheduled_with_little_work(fuse) -> None:
    options = FilmOptions("vmprod", fuse=fuse)
    graph, half = gpt2(12), gpt2(6)
    scheduled = film(graph, options)
    assert scheduled is not None and len(scheduled.sweeps) == 96
    effort = calls_in(lambda: film(graph, options))
    assert effort < 5 * calls_in(lambda: film(half, options))  # what fuses is looked for in pairs
    assert effort < 1_000_000
