"""Every rule of ``ir.check``, broken once."""

from dataclasses import replace

import pytest

from matcube.errors import GraphError
from matcube.ir import Contraction, Graph, Hollow, IndexSpec, Leaf, Map, Node, Reindex
from matcube.ir.check import verify
from matcube.ops import MAPS
from matcube.ops.initialisers import Eye
from matcube.ops.reindex import Split

LEAF = IndexSpec.parse("-> i j")
A = Node(0, Leaf(Hollow()), (), LEAF, (2, 3), name="A")
B = Node(1, Leaf(Hollow()), (), LEAF, (3, 4), name="B")
C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C", text="A @ B")
SOFTMAX = MAPS["softmax"]()
PLUS = MAPS["plus"]()
S = Node(3, Map(SOFTMAX, mixes=("j",)), (2,), IndexSpec.parse("i j -> i j"), (2, 4), text="softmax(C)")
GOOD = Graph((A, B, C, S), (3,))


def test_a_legal_graph_passes() -> None:
    verify(GOOD)


def broken(place: int, **changes: object) -> Graph:
    nodes = list(GOOD.nodes)
    nodes[place] = replace(nodes[place], **changes)  # type: ignore[arg-type]
    return replace(GOOD, nodes=tuple(nodes))


def spec(text: str) -> IndexSpec:
    return IndexSpec.parse(text)


EYE = Leaf(Eye((3, 3)))
CASES = {
    "1 id": (broken(1, id=5), 'node 5 "B" is at position 1; ids count nodes in order'),
    "1 order": (broken(2, inputs=(0, 3)), 'node 2 "C" takes node 3, which does not come before it'),
    "1 negative": (broken(2, inputs=(0, -1)), 'node 2 "C" takes node -1, which does not come before it'),
    "2 groups": (
        broken(2, spec=spec("i k -> i k")),
        'node 2 "C": spec "i k -> i k" has 1 operands, the node 2',
    ),
    "2 letters": (
        broken(2, spec=spec("i k, k -> i")),
        'node 2 "C": spec "i k, k -> i" gives 1 letters to 3 × 4',
    ),
    "2 twice": (
        broken(2, spec=spec("i i, k j -> i j")),
        'node 2 "C": letter i occurs twice in one operand of "i i, k j -> i j"',
    ),
    "3 size": (broken(0, shape=(-1, 3)), 'node 0 "A": size -1 of i must be a whole number from 0'),
    "3 whole": (broken(0, shape=(2.0, 3)), 'node 0 "A": size 2.0 of i must be a whole number from 0'),
    "3 two sizes": (broken(1, shape=(5, 4)), 'node 2 "C": letter k is both 3 and 5'),
    "4 operands": (
        broken(3, kind=Leaf(Hollow())),
        'node 3 "softmax(C)" is a leaf and has operands',
    ),
    "4 initialiser": (broken(0, kind=EYE), 'node 0 "A" is 2 × 3, its initialiser 3 × 3'),
    "4 labels": (
        broken(0, kind=Leaf(Hollow(), (("a", "b"),))),
        'node 0 "A" has labels for 1 of 2 dimensions',
    ),
    "4 label count": (
        broken(0, kind=Leaf(Hollow(), (("a", "b", "c"), None))),
        'node 0 "A" has 3 labels along a dimension of 2',
    ),
    "5 two operands": (
        broken(3, kind=Contraction()),
        'node 3 "softmax(C)": a contraction has two operands, not 1',
    ),
    "5 brackets": (
        broken(2, spec=spec("i (h k), (h k) j -> i j")),
        'node 2 "C": "(h k)" in brackets; only a re-indexing has brackets',
    ),
    "5 result": (
        broken(2, spec=spec("i k, k j -> i q")),
        'node 2 "C": letter q of the result is in no operand',
    ),
    "6 arity": (
        broken(3, kind=Map(PLUS)),
        'node 3 "softmax(C)": plus takes 2 operands, not 1',
    ),
    "6 aligned": (
        broken(3, spec=spec("i j -> j i"), shape=(4, 2)),
        'node 3 "softmax(C)": letter i is not where the result has it',
    ),
    "6 lost": (
        broken(3, spec=spec("i j -> j"), shape=(4,), kind=Map(SOFTMAX)),
        'node 3 "softmax(C)": letter i of size 2 is lost; a map sums nothing',
    ),
    "6 gained": (
        broken(3, spec=spec("i j -> h i j"), shape=(5, 2, 4)),
        'node 3 "softmax(C)": letter h of the result is in no operand',
    ),
    "6 mixes": (
        broken(3, kind=Map(SOFTMAX, mixes=("q",))),
        'node 3 "softmax(C)": softmax mixes or reads q, which its operand lacks',
    ),
    "7 operands": (
        broken(0, kind=Reindex(Split(axis=1, parts=2))),
        'node 0 "A" has no operands',
    ),
    "7 product": (
        broken(3, kind=Reindex(Split(axis=1, parts=2)), spec=spec("i (h j) -> i h j"), shape=(2, 2, 3)),
        'node 3 "softmax(C)": (h j) is 4, but its components make 6',
    ),
    "8 none": (replace(GOOD, outputs=()), "the graph has no output"),
    "8 twice": (replace(GOOD, outputs=(3, 3)), "an output is named twice: (3, 3)"),
    "8 missing": (replace(GOOD, outputs=(7,)), "output 7 is no node; there are 4"),
    "8 idle": (replace(GOOD, outputs=(2,)), 'node 3 "softmax(C)" is unused and no output'),
    "9 name": (broken(0, name="a\nb"), "node 0: a name is one line of text, not 'a\\nb'"),
    "9 empty": (broken(0, name=" "), "node 0: a name is one line of text, not ' '"),
    "9 constant": (
        replace(GOOD, constants={"d": float("nan")}),
        "constant d is nan; it must be a finite number",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule(case: str) -> None:
    graph, message = CASES[case]
    with pytest.raises(GraphError) as caught:
        verify(graph)
    assert caught.value.message == message
