"""Programs with heads as graphs of vectors and matrices: what each drawn node shows, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube.api.front import figure
from matcube.errors import OptionError, ShapeError
from matcube.ir import Contraction, Leaf
from matcube.ir.copies import Copy
from matcube.ir.expand_heads import MOST_COPIES, expand_heads, isolate_head
from matcube.ops import Cells
from matcube.sources.program import parse
from tests.heads import ATTENTION, CASES, Case, arrays_of, attention, llama


def parts(name: str, case: Case):
    """The drawn graph and the values of its nodes."""
    program = figure(case.program, **arrays_of(case))._program
    return program.drawn.graph, program.parts, program


@pytest.mark.parametrize("name", CASES)
def test_every_drawn_product_is_the_product_of_its_drawn_operands(name: str):
    graph, values, _ = parts(name, CASES[name])
    assert all(len(node.shape) <= 2 for node in graph.nodes)
    products = 0
    for node in graph.nodes:
        if not isinstance(node.kind, Contraction):
            continue
        groups = (*node.spec.inputs, node.spec.output)
        letters = {letter: n for n, letter in enumerate(dict.fromkeys(sum(groups, ())))}
        first, second, out = ([letters[letter] for letter in group] for group in groups)
        a, b = (values[operand].cells.values for operand in node.inputs)
        np.testing.assert_allclose(
            np.einsum(a, first, b, second, out), values[node.id].cells.values, atol=1e-12
        )
        products += 1
    assert products == sum(isinstance(node.kind, Contraction) for node in graph.nodes)


@pytest.mark.parametrize("name", CASES)
def test_every_drawn_move_has_the_cells_of_its_operands(name: str):
    """Slices and joins are what they say, cell by cell; so the picture's operands are the program's."""
    graph, values, _ = parts(name, CASES[name])
    for node in graph.nodes:
        op: Any = getattr(node.kind, "op", None)
        if getattr(op, "name", "") in ("slice", "concat") and node.inputs:
            operands = [values[operand].cells.values for operand in node.inputs]
            if len({operand.ndim for operand in (*operands, values[node.id].cells.values)}) == 1:
                made = op(*(Cells(operand) for operand in operands)).values
                np.testing.assert_array_equal(made, values[node.id].cells.values)


@pytest.mark.parametrize("name", CASES)
def test_a_program_is_computed_once_and_shown_whole(name: str):
    """Copies of a node hold all its cells, each in its place; no drawn node has numbers of its own."""
    graph, values, program = parts(name, CASES[name])
    if not graph.copies:
        assert graph is program.graph
        return
    for node in graph.nodes:
        copy = graph.copies[node.id]
        np.testing.assert_array_equal(
            values[node.id].cells.values, copy.part(program.values[copy.of].cells.values)
        )
        assert values[node.id].cells.values.shape == node.shape


def test_heads_of_attention_are_slices_in_numpy():
    case = attention(heads=4, tokens=6, width=8)
    arrays = arrays_of(case)
    fig = figure(case.program, **arrays)
    q, k, v = (arrays["x"] @ arrays[weight] for weight in ("wQ", "wK", "wV"))
    for h in range(4):
        own = slice(2 * h, 2 * h + 2)
        np.testing.assert_allclose(fig.value(f"q[{h}]"), q[:, own], atol=1e-12)
        scores = q[:, own] @ k[:, own].T / 2
        seen = np.where(np.tri(6), scores, -np.inf)
        shares = np.exp(seen - seen.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        np.testing.assert_allclose(fig.value(f"P[{h}]"), shares, atol=1e-12)
        np.testing.assert_allclose(fig.value(f"z[{h}]"), shares @ v[:, own], atol=1e-12)
    assert fig.value("S").shape == (4, 6, 6)


def test_heads_are_views_of_the_batched_arrays():
    case = attention()
    program = figure(case.program, **arrays_of(case))._program
    whole = program.values[program.graph.named("S").id].cells.values  # type: ignore[union-attr]
    heads = [program.parts[node.id].cells.values for node in program.names.shown("S")]
    assert len(heads) == 4
    assert all(np.shares_memory(whole, head) for head in heads)


def test_what_is_only_other_letters_is_no_node():
    case = attention()
    graph = expand_heads(parse(ATTENTION.format(H=4), leaves=leaves(case))).graph
    names = [node.name for node in graph.nodes]
    for name in ("x", "wQ", "q", "q[0]", "q[3]", "k[2]", "S[1]", "P[1]", "z[2]", "z", "out"):
        assert names.count(name) == 1, name
    assert sum(isinstance(node.kind, Contraction) for node in graph.nodes) == 3 + 4 + 4 + 1


def test_queries_of_a_group_take_the_same_key():
    case = llama()
    graph = expand_heads(parse(case.program, leaves=leaves(case))).graph
    scores = [
        n
        for n in graph.nodes
        if isinstance(n.kind, Contraction)
        and "k[" in "".join(graph[operand].name or "" for operand in n.inputs)
    ]
    assert len(scores) == 8
    keys = [
        next(graph[operand].name for operand in node.inputs if (graph[operand].name or "").startswith("k["))
        for node in scores
    ]
    assert keys == ["k[0]"] * 4 + ["k[1]"] * 4
    assert len({node.inputs for node in scores}) == 8


def test_without_heads_the_graph_is_the_same_object():
    graph = parse("a = shape(3, 4); b = shape(4, 5); relu(a @ b)")
    result = expand_heads(graph)
    assert result.graph is graph
    assert result.shown == {0: (0,), 1: (1,), 2: (2,), 3: (3,)}


def test_a_letter_of_one_operand_makes_one_box():
    graph = expand_heads(parse("X = shape(3, 6, 4); W = shape(4, 5); X @ W")).graph
    (product,) = [node for node in graph.nodes if isinstance(node.kind, Contraction)]
    assert product.shape == (18, 5)
    assert sum(isinstance(node.kind, Leaf) for node in graph.nodes) == 2


def test_the_head_is_in_the_name_and_the_text():
    graph = expand_heads(parse("q = shape(2, 4, 3); softmax(q @ q.mT / 2)")).graph
    assert [node.label for node in graph.nodes][-2:] == [
        "softmax(q @ q.mT / 2)[0]",
        "softmax(q @ q.mT / 2)[1]",
    ]
    pairs = expand_heads(parse("q = shape(2, 3, 4, 5); S = q @ q.mT")).graph
    assert [node.name for node in pairs.nodes][-1] == "S[1, 2]"


def test_a_root_with_heads_has_head_0_as_the_root_of_the_picture():
    graph = expand_heads(parse("q = shape(3, 4, 5); S = q @ q.mT")).graph
    assert [graph[output].name for output in graph.outputs] == ["S[1]", "S[2]", "S[0]"]


@pytest.mark.parametrize(
    ("program", "message", "hint"),
    [
        (
            f"q = shape({MOST_COPIES + 1}, 4, 3); q @ q.mT",
            "is 257 matrices, and at most 256 are drawn",
            "draw fewer heads: shape(256, 4, 3)",
        ),
        ("q = shape(0, 4, 3); q @ q.mT", "has no heads", "at least one head"),
    ],
)
def test_what_cannot_be_drawn_says_why_and_what_to_do(program: str, message: str, hint: str):
    with pytest.raises(ShapeError) as caught:
        expand_heads(parse(program))
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_as_many_heads_as_are_allowed():
    graph = expand_heads(parse(f"q = shape({MOST_COPIES}, 2, 2); q @ q.mT")).graph
    assert len(graph.nodes) == 2 * MOST_COPIES


def test_part_of_an_array():
    values = np.arange(24).reshape(2, 3, 4)
    assert (
        Copy(0, 0, 1, (), ((1,), (0, 2))).part(values).tolist()
        == values.transpose(1, 0, 2).reshape(3, 8).tolist()
    )
    assert Copy(0, 1, 4, ((2, 3),), ((0,), (1,))).part(values).tolist() == values[:, :, 3].tolist()
    assert Copy(0, 1, 2, (), ((0,), (1, 2)), cut=(1, 4, 8)).part(values).tolist() == values[:, 1, :].tolist()


# --- one head alone -------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [0, 2, 7])
def test_one_head_alone_is_made_of_its_own_columns(head: int):
    case = llama()
    arrays = arrays_of(case)
    fig = figure(case.program, **arrays)
    program = fig.head(head)._program
    graph, values = program.drawn.graph, program.parts
    by_name = {node.name: values[node.id].cells.values for node in graph.nodes if node.name}
    np.testing.assert_array_equal(by_name[f"wQ[{head}]"], arrays["wQ"][:, 2 * head : 2 * head + 2])
    group = head // 4
    np.testing.assert_array_equal(by_name[f"wK[{group}]"], arrays["wK"][:, 2 * group : 2 * group + 2])
    np.testing.assert_array_equal(by_name[f"z[{head}]"], fig.value("z")[head])
    np.testing.assert_array_equal(by_name[f"q[{head}]"], fig.value("q")[head])
    for node in graph.nodes:
        if isinstance(node.kind, Contraction):
            a, b = (values[each].cells.values for each in node.inputs)
            made = a @ b if node.spec.inputs[1][0] == node.spec.summed[0] else a @ b.T
            np.testing.assert_allclose(made, values[node.id].cells.values, atol=1e-12)
    assert graph[graph.outputs[0]].name == f"z[{head}]"
    assert program.values is fig._program.values


def test_a_head_that_is_not_there():
    drawn = expand_heads(parse("q = shape(3, 4, 5); q @ q.mT"))
    with pytest.raises(OptionError, match="there is no head 3"):
        isolate_head(drawn, 3)
    with pytest.raises(OptionError, match="nothing in this figure has heads"):
        isolate_head(expand_heads(parse("shape(2, 3) @ shape(3, 2)")), 0)


def leaves(case: Case):
    from matcube.ir import Hollow, LeafInput

    return {name: LeafInput(shape, Leaf(Hollow())) for name, shape in case.shapes.items()}


def test_a_leaf_with_heads_lies_as_its_dimensions_do():
    """wO (h d c) is (h d) × c, not its transpose."""
    graph = expand_heads(parse('einsum("h i d, h d c -> i c", shape(3, 8, 4), wO)', leaves=wo_leaf())).graph
    assert next(node.shape for node in graph.nodes if node.name == "wO") == (12, 6)


def wo_leaf():
    from matcube.ir import Hollow, LeafInput

    return {"wO": LeafInput((3, 4, 6), Leaf(Hollow()))}
