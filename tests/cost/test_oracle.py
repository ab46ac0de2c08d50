"""Counts against loops that really form each product and really visit each cell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.cost import count
from matcube.ir import Contraction, Graph, Hollow, IndexSpec, Leaf, Map, Node, Reindex
from matcube.ir.shapes import leaf_spec
from matcube.ops import Array, Cells
from tests.engine.test_random_programs import Written, programs


def looped(node: Node, operands: list[Array]) -> tuple[int, Array]:
    """A contraction by one loop over all its letters: the number of operations, and the sums."""
    letters = list(dict.fromkeys(letter for operand in node.spec.inputs for letter in operand))
    sizes = {
        letter: size
        for own, operand in zip(node.spec.inputs, operands, strict=True)
        for letter, size in zip(own, operand.shape, strict=True)
    }
    out, operations = np.zeros([sizes[letter] for letter in node.spec.output]), 0
    for places in np.ndindex(*(sizes[letter] for letter in letters)):
        at = dict(zip(letters, places, strict=True))
        product = 1.0
        for own, operand in zip(node.spec.inputs, operands, strict=True):
            product *= operand[tuple(at[letter] for letter in own)]
        out[tuple(at[letter] for letter in node.spec.output)] += product
        operations += 2
    return operations, out


def addresses(graph: Graph) -> list[Array]:
    """For every node the places in memory of its cells; a view shows those of its operand."""
    values: list[Array] = []
    used = 0
    for node in graph.nodes:
        is_view = isinstance(node.kind, Reindex) and node.kind.op.name not in ("concat", "take")
        if is_view:
            assert isinstance(node.kind, Reindex)
            values.append(node.kind.op(Cells(values[node.inputs[0]])).values)
        else:
            size = math.prod(node.shape)
            values.append(np.arange(used, used + size, dtype=np.float64).reshape(node.shape))
            used += size
    return values


def check_bytes(graph: Graph) -> None:
    memory = addresses(graph)
    for row, node in zip(count(graph).rows, graph.nodes, strict=True):
        is_free = isinstance(node.kind, Leaf | Reindex)
        read = set().union(*(memory[operand].ravel().tolist() for operand in node.inputs))
        assert row.read == (0 if is_free else 4 * len(read)), node.text
        assert row.written == (0 if is_free else 4 * memory[node.id].size), node.text


@given(programs())
@settings(max_examples=100, deadline=None)
def test_random_programs(made: Written) -> None:
    if not made.statements:
        return
    fig = mc.figure("; ".join(made.statements), made.leaves)
    graph, values = fig._program.graph, fig._program.values
    rows = fig.cost().rows
    check_bytes(graph)
    for node in graph.nodes:
        if not isinstance(node.kind, Contraction):
            assert rows[node.id].flops == 0
            continue
        operands = [values[operand].cells.values for operand in node.inputs]
        operations, sums = looped(node, [np.asarray(operand, np.float64) for operand in operands])
        assert rows[node.id].flops == operations
        with np.errstate(all="ignore"):
            scale = looped(node, [np.abs(np.asarray(operand, np.float64)) for operand in operands])[1]
        np.testing.assert_array_less(np.abs(values[node.id].cells.values - sums), 1e-6 * scale + 1e-30)
    assert fig.cost().total.flops == sum(row.flops for row in rows)


@pytest.mark.parametrize(
    "equation",
    ["ik,kj->ij", "hid,hjd->hij", "bhik,hkj->bhij", "ik,j->ij", "i,j->ij", "k,k->", "ii,ij->ij",
     "hij,hij->hij", "ij,->ij", "hid,hdc->ic"],
)  # fmt: skip
@given(sizes=st.lists(st.integers(0, 4), min_size=8, max_size=8))
@settings(max_examples=15, deadline=None)
def test_any_letters(equation: str, sizes: list[int]) -> None:
    size = dict(zip("bhijkdc", sizes, strict=False))
    sides = equation.partition("->")[0].split(",")
    a, b = (np.ones([size[letter] for letter in side]) for side in sides)
    spaced = [" ".join(letters) or "()" for letters in (*sides, equation.partition(">")[2])]
    spec = IndexSpec.parse(f"{spaced[0]}, {spaced[1]} -> {spaced[2]}")
    leaves = [Node(n, Leaf(Hollow()), (), leaf_spec(x.ndim), x.shape) for n, x in enumerate((a, b))]
    shape = tuple(size[letter] for letter in spec.output)
    node = Node(2, Contraction(), (0, 1), spec, shape)
    assert count(Graph((*leaves, node), (2,))).rows[2].flops == looped(node, [a, b])[0]


@pytest.mark.parametrize(
    "program",
    [
        "x @ x.T",
        "x.T @ x + x.T @ x",
        "q = split(x, axis=1, parts=4).permute(axes=(1, 0, 2)); q @ q.mT",
        "k = split(x, axis=1, parts=2).permute(axes=(1, 0, 2)).repeat(axis=0, times=3); relu(k)",
        "slice(x, start=(0, 0), stop=(6, 3)) @ slice(x, start=(0, 4), stop=(6, 7)).T",
        "x + slice(x, start=(2, 0), stop=(3, 8))",
        "merge(split(x, axis=0, parts=2).permute(axes=(1, 0, 2)), axis=0) * x",
    ],
)
def test_views_move_nothing(program: str) -> None:
    check_bytes(mc.figure(program, x="gaussian(6, 8)")._program.graph)


def test_concat_and_take_copy() -> None:
    fig = mc.figure("take(concat(a, b, axis=0), n)", a="shape(3, 5)", b="shape(4, 5)", n="shape(2)")
    joined, picked = (row for row in fig.cost().rows if row.bytes)
    assert (joined.read, joined.written) == (4 * 35, 4 * 35)
    assert (picked.read, picked.written) == (4 * (10 + 2), 4 * 10)


def test_every_map_costs_in_each_operation() -> None:
    fig = mc.figure("relu(x @ w) + softmax(tril(x @ w))", x="shape(6, 4)", w="shape(4, 6)")
    plain, each = fig.cost(), fig.cost(count="each_operation")
    values = [
        (node.kind.op.name, more.flops - row.flops)
        for node, row, more in zip(fig._program.graph.nodes, plain.rows, each.rows, strict=True)
        if isinstance(node.kind, Map)
    ]
    assert sorted(values) == [("plus", 36), ("relu", 36), ("softmax", 180), ("tril", 0)]
    assert fig.cost(count="multiply").total.flops * 2 == plain.total.flops
