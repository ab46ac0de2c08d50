"""The JSON form: exact round trips, and refusals of everything that is no graph."""

import json
from typing import Any

import pytest

from matcube.errors import GraphError
from matcube.ir import Data, Graph, Hollow, Leaf, LeafInput
from matcube.ir.text import from_dict, from_json, to_dict, to_json
from matcube.sources.program import parse, parse_leaf

LEAVES = {
    "Q": parse_leaf("gaussian(8, 4)"),
    "K": parse_leaf("uniform(8, 4, min=0, max=2, dropout=0.25, seed=5)"),
    "x": LeafInput((8, 4), Leaf(Data("x", "bfloat16", "ab" * 32), (tuple("abcdefgh"), None))),
    "w": LeafInput((4,), Leaf(Hollow())),
}
PROGRAMS = [
    "attn = softmax(tril(Q @ K.T / sqrt(d), offset=-1))\nattn @ x",
    "d = 3; F = formula(8, 4, -2*(i//8 % 2) + max(i, j, 1) ** 2 * (i <= j) - sqrt(h*w) + e); F * w",
    "split(x, axis=1, parts=2).permute(axes=(1, 0, 2))",
    'einsum("i k, j k -> i j", Q, K); w @ w; slice(Q, start=(1, 0), stop=(3, 4)); concat(Q, K, axis=0)',
    "take(Q, formula(3, i + j)) ** 2",
    "rope(Q, start=7) * (w @ w)",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_exact_round_trip(program: str) -> None:
    graph = parse(program, leaves=LEAVES, constants={"d": 64})
    text = to_json(graph)
    assert from_json(text) == graph
    assert to_json(from_json(text)) == text
    assert from_dict(to_dict(graph)) == graph


def small() -> dict[str, Any]:
    return to_dict(parse("relu(gaussian(2, 3, seed=4) @ formula(3, 2, i + j))"))


def test_the_form_is_plain() -> None:
    assert json.loads(to_json(parse("A = gaussian(2, 3, seed=4); A.T"))) == {
        "version": 1,
        "program": "A = gaussian(2, 3, seed=4); A.T",
        "constants": {},
        "outputs": [1],
        "nodes": [
            {
                "kind": "leaf",
                "spec": " -> i j",
                "shape": [2, 3],
                "op": {"name": "gaussian", "min": -1.0, "max": 1.0, "dropout": 0.0, "seed": 4},
                "name": "A",
                "text": "gaussian(2, 3, seed=4)",
                "span": [4, 26],
            },
            {
                "kind": "reindex",
                "spec": "i j -> j i",
                "shape": [3, 2],
                "inputs": [0],
                "op": {"name": "T", "axes": [1, 0]},
                "text": "A.T",
                "span": [28, 31],
            },
        ],
    }


def change(path: list[Any], value: Any) -> dict[str, Any]:
    data = json.loads(json.dumps(small()))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (change(["version"], 2), "graph of version 2; this reads version 1"),
        (None, "this is no graph: Expected `object`, got `null`"),
        (
            change(["nodes", 0, "kind"], "loop"),
            "this is no graph: Invalid enum value 'loop' - at `$.nodes[0].kind`",
        ),
        (
            change(["nodes", 0, "more"], 1),
            "this is no graph: Object contains unknown field `more` - at `$.nodes[0]`",
        ),
        (change(["nodes", 0, "op", "name"], "exec"), "node 0: there is no operation 'exec'"),
        (change(["nodes", 0, "op", "name"], ["exec"]), "node 0: there is no operation ['exec']"),
        (change(["nodes", 0, "op", "sead"], 3), "node 0: gaussian has no parameter sead"),
        (change(["nodes", 0, "op", "seed"], "3"), "node 0: '3' is no parameter"),
        (change(["nodes", 0, "op", "dropout"], 3), "node 0: gaussian: dropout=3 is out of its range"),
        (change(["nodes", 1, "op", "tree"], ["import", "os"]), "node 1: ['import', 'os'] is no formula"),
        (change(["nodes", 1, "op", "tree"], ["sqrt"]), "node 1: ['sqrt'] is no formula"),
        (change(["nodes", 1, "op", "tree"], True), "node 1: True is no formula"),
        (
            change(["nodes", 1, "op"], {"name": "formula"}),
            "node 1: formula lacks a parameter; it has shape, tree",
        ),
        (change(["nodes", 2, "spec"], "i k k j"), 'index spec "i k k j" has no "->"'),
        (
            change(["nodes", 2, "inputs"], [0, 9]),
            'node 2 "gaussian(2, 3, seed=4) @ formula(3, 2, i + j)" takes node 9,'
            " which does not come before it",
        ),
        (change(["outputs"], [4]), "output 4 is no node; there are 4"),
    ],
)
def test_what_is_no_graph_is_refused(data: Any, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        from_dict(data)
    assert caught.value.message == message


def test_a_deep_formula_is_refused() -> None:
    tree: Any = "i"
    for _ in range(300):
        tree = ["-", tree]
    with pytest.raises(GraphError, match="nested too deeply"):
        from_dict(change(["nodes", 1, "op", "tree"], tree))


@pytest.mark.parametrize("text", ["", "{", "[" * 100000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(GraphError, match="this is no JSON"):
        from_json(text)


def test_numbers_stay_whole_or_not() -> None:
    graph = parse("A = ones(2, 2); d = 3; r = 0.5; A * d + r")
    again = from_json(to_json(graph))
    assert again.constants == {"d": 3, "r": 0.5}
    assert isinstance(again.constants["d"], int)
    assert isinstance(again, Graph)
