"""Graphs for the tests of layout, made straight from the ir's dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from matcube.ir import Contraction, Graph, Hollow, IndexSpec, Kind, Leaf, Map, Node, Reindex, Shape
from matcube.ops.maps import MAPS
from matcube.ops.reindex import Concat, Permute, Slice

Tree = str | tuple["Tree", "Tree"]


class Sketch:
    """Adds nodes one after the other; each method returns the new node's id."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def add(
        self, kind: Kind, inputs: tuple[int, ...], spec: str, shape: Shape, name: str | None = None
    ) -> int:
        parsed = IndexSpec.parse(spec)
        assert len(parsed.output) == len(shape)
        assert [len(letters) for letters in parsed.inputs] == [
            len(self.nodes[operand].shape) for operand in inputs
        ]
        self.nodes.append(Node(len(self.nodes), kind, inputs, parsed, shape, name, f"n{len(self.nodes)}"))
        return len(self.nodes) - 1

    def leaf(self, *shape: int, name: str | None = None) -> int:
        letters = {0: "()", 1: "j", 2: "i j", 3: "h i j"}[len(shape)]
        return self.add(Leaf(Hollow()), (), f"-> {letters}", shape, name)

    def product(self, left: int, right: int, spec: str | None = None) -> int:
        ranks = (len(self.nodes[left].shape), len(self.nodes[right].shape))
        plain = {
            (2, 2): "i k, k j -> i j",
            (2, 1): "i k, k -> i",
            (1, 2): "k, k j -> j",
            (1, 1): "k, k -> ()",
            (3, 3): "h i k, h k j -> h i j",
        }
        spec = spec or plain[ranks]
        letters = IndexSpec.parse(spec)
        sizes: dict[str, int] = {}
        for node, group in zip((left, right), letters.inputs, strict=True):
            for letter, size in zip(group, self.nodes[node].shape, strict=True):
                assert sizes.setdefault(letter, size) == size, (spec, letter)
        shape = tuple(sizes[letter] for letter in letters.output)
        return self.add(Contraction(), (left, right), spec, shape)

    def map(self, name: str, *inputs: int) -> int:
        shapes = [self.nodes[operand].shape for operand in inputs]
        rank = max(map(len, shapes))
        letters = ("i", "j")[2 - rank :]
        shape = tuple(
            max(shape[dim - rank] for shape in shapes if len(shape) >= rank - dim) for dim in range(rank)
        )
        groups = []
        for own in shapes:
            named = [
                letters[dim] if own[dim - rank + len(own)] == shape[dim] else "u"
                for dim in range(rank - len(own), rank)
            ]
            groups.append(" ".join(named) or "()")
        return self.add(Map(MAPS[name]()), inputs, f"{', '.join(groups)} -> {' '.join(letters)}", shape)

    def transpose(self, node: int) -> int:
        rows, cols = self.nodes[node].shape
        return self.add(Reindex(Permute((1, 0))), (node,), "i j -> j i", (cols, rows))

    def columns(self, node: int, start: int, stop: int) -> int:
        rows = self.nodes[node].shape[0]
        op = Slice(start=(0, start), stop=(rows, stop))
        return self.add(Reindex(op), (node,), "i d -> i j", (rows, stop - start))

    def beside(self, *nodes: int) -> int:
        rows = self.nodes[nodes[0]].shape[0]
        width = sum(self.nodes[node].shape[1] for node in nodes)
        letters = [f"i j{place}" for place in range(len(nodes))]
        joined = " + ".join(f"j{place}" for place in range(len(nodes)))
        return self.add(
            Reindex(Concat(axis=1)), nodes, f"{', '.join(letters)} -> i ({joined})", (rows, width)
        )

    def tree(self, tree: Tree, sizes: Iterator[int]) -> int:
        """A tree of products over leaves; ``sizes`` gives the edges, from the leftmost to the rightmost."""
        edges = [next(sizes)]

        def build(part: Tree) -> int:
            if isinstance(part, str):
                edges.append(next(sizes))
                return self.leaf(edges[-2], edges[-1], name=part)
            left = build(part[0])
            return self.product(left, build(part[1]))

        return build(tree)

    def graph(self, *outputs: int) -> Graph:
        return Graph(tuple(self.nodes), outputs or (len(self.nodes) - 1,))


def same(size: int) -> Iterator[int]:
    while True:
        yield size


def tree_graph(tree: Tree, sizes: Iterator[int] | None = None) -> Graph:
    sketch = Sketch()
    sketch.tree(tree, sizes or same(8))
    return sketch.graph()


def chain_graph(*sizes: int) -> Graph:
    """``A @ B @ C …``, taken from the left."""
    sketch = Sketch()
    node = sketch.leaf(*sizes[:2])
    for rows, cols in pairwise(sizes[1:]):
        node = sketch.product(node, sketch.leaf(rows, cols))
    return sketch.graph()


def all_trees(leaves: int) -> Iterator[Tree]:
    """Every binary tree of so many leaves: 1, 1, 2, 5, 14, 42, 132, 429 of them."""
    if leaves == 1:
        yield "M"
    for left in range(1, leaves):
        for first in all_trees(left):
            for second in all_trees(leaves - left):
                yield (first, second)


def attention(sketch: Sketch, x: int, width: int, head: int) -> int:
    """One head with causal softmax and the output projection."""
    q = sketch.product(x, sketch.leaf(width, head, name="wQ"))
    k = sketch.product(x, sketch.leaf(width, head, name="wK"))
    v = sketch.product(x, sketch.leaf(width, head, name="wV"))
    scores = sketch.product(q, sketch.transpose(k))
    scaled = sketch.map("times", scores, sketch.leaf(name="scale"))
    weights = sketch.map("softmax", sketch.map("tril", scaled))
    return sketch.product(sketch.product(weights, v), sketch.leaf(head, width, name="wO"))


def gpt2(layers: int, tokens: int = 16, width: int = 24, head: int = 8, hidden: int = 96) -> Graph:
    """Blocks of attention and MLP with layer norms, biases and residuals; 8 products a layer."""
    sketch = Sketch()
    x = sketch.leaf(tokens, width, name="x")
    for _ in range(layers):
        out = attention(sketch, sketch.map("layernorm", x), width, head)
        x = sketch.map("plus", x, sketch.map("plus", out, sketch.leaf(width, name="bO")))
        up = sketch.product(sketch.map("layernorm", x), sketch.leaf(width, hidden, name="w1"))
        gelu = sketch.map("gelu", sketch.map("plus", up, sketch.leaf(hidden, name="b1")))
        down = sketch.product(gelu, sketch.leaf(hidden, width, name="w2"))
        x = sketch.map("plus", x, sketch.map("plus", down, sketch.leaf(width, name="b2")))
    return sketch.graph()


def llama(layers: int, tokens: int = 16, width: int = 24, head: int = 8, hidden: int = 64) -> Graph:
    """Blocks with RMS norms and a gated MLP; 9 products a layer."""
    sketch = Sketch()
    x = sketch.leaf(tokens, width, name="x")
    for _ in range(layers):
        x = sketch.map("plus", x, attention(sketch, sketch.map("rmsnorm", x), width, head))
        normed = sketch.map("rmsnorm", x)
        gate = sketch.map("silu", sketch.product(normed, sketch.leaf(width, hidden, name="wG")))
        up = sketch.product(normed, sketch.leaf(width, hidden, name="wU"))
        down = sketch.product(sketch.map("times", gate, up), sketch.leaf(hidden, width, name="wD"))
        x = sketch.map("plus", x, down)
    return sketch.graph()
