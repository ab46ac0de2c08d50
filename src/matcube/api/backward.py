"""The gradients of a product as two more products, which lie in the same cube."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from matcube.engine import Bindings, Engine, bind
from matcube.engine.bindings import read_binding
from matcube.engine.names import find
from matcube.errors import OptionError, ShapeError
from matcube.ir import Contraction, Graph, Leaf, LeafInput, Map, Node
from matcube.ir.program import to_program
from matcube.ir.render import leaf_text
from matcube.ir.shapes import shape_text
from matcube.layout.operands import through_transposes
from matcube.timeline.dependencies import roles
from matcube.wire import Selection, View

_HINT = 'fig.backward("C") for C = A @ B, with or without a row of biases'


class _Factor(NamedTuple):
    """A matrix of a product: its name, and the index letters of its dimensions."""

    name: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class _Product:
    """A product cut out of its program; every matrix that a gradient needs has a name.

    Args:
        graph: the product and its ancestors.
        name: name of the result, a bias included.
        result: letters of the result.
        factors: its operands, under their transposes.
        leaves: texts of the operands that were unnamed leaves, by their new names.
    """

    graph: Graph
    name: str
    result: tuple[str, ...]
    factors: tuple[_Factor, _Factor]
    leaves: dict[str, str]


def backward(
    view: View, engine: Engine, name: str | None, *, grad: object, seed: int | None
) -> tuple[View, Bindings]:
    """View and arrays of the figure of one product with its gradients; see ``Figure.backward``.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        name: name of the product; None is the result.
        grad: upstream gradient, as a leaf text or an array; None is the bound one, or ones.
        seed: seed of a Gaussian upstream gradient instead.
    """
    graph = engine.program(view).graph
    top = graph.root if name is None else find(graph, name)
    product = _cut(graph, top, view)
    upstream = f"d{product.name}"
    given = _given(view, engine.bindings, upstream, grad, seed, top)
    given.leaves.update(product.leaves)
    lines = dict(_gradients(product, _Factor(upstream, product.result)))
    text = "\n".join([to_program(product.graph), *(f"{own} = {formula}" for own, formula in lines.items())])
    state = msgspec.structs.replace(view, program=text, leaves=given.leaves)
    return _looked(state, dict.fromkeys(lines, product.name), product.graph), given.bindings


# --- the product ------------------------------------------------------------------------------------


def _cut(graph: Graph, top: Node, state: View) -> _Product:
    """The product with its ancestors; unnamed operands of the gradients get names."""
    node = _product(graph, top)
    letters = roles(node)
    if letters is None or len(top.shape) not in (1, 2):
        raise OptionError(
            f"{top.label} ({shape_text(top.shape)}) has no gradient that can be drawn: it is no product "
            "of matrices, or of a matrix and a vector",
            hint=_HINT,
        )
    below = graph.ancestors(top.id)
    place = {old: new for new, old in enumerate(below)}
    bases = [through_transposes(graph, operand) for operand in node.inputs]
    own = {place[top.id]: "C", place[bases[1].node]: "R", place[bases[0].node]: "L"}
    nodes = [_renumbered(graph[old], place) for old in below]
    for at, wanted in own.items():
        nodes[at] = _named(nodes[at], wanted, nodes, state)
    constants = {key: value for key, value in graph.constants.items() if key not in state.constants}
    cut = Graph(tuple(nodes), (place[top.id],), constants=constants)
    factors = []
    for base, side in zip(bases, node.spec.inputs, strict=True):
        of = dict(zip(base.dims, (letters[letter] for letter in side), strict=True))
        factors.append(_Factor(_called(cut, place[base.node]), tuple(of[dim] for dim in sorted(of))))
    result = tuple(letters[letter] for letter in node.spec.output)
    leaves = {_called(cut, at): _leaf_text(cut[at]) for at in own if not graph[below[at]].name}
    texts = {name: text for name, text in leaves.items() if text}
    return _Product(cut, _called(cut, place[top.id]), result, (factors[0], factors[1]), texts)


def _leaf_text(node: Node) -> str:
    return leaf_text(node.kind, node.shape).text if isinstance(node.kind, Leaf) else ""


def _product(graph: Graph, top: Node) -> Node:
    """The contraction itself: under a row of biases, if there is one."""
    if isinstance(top.kind, Contraction):
        return top
    if isinstance(top.kind, Map) and top.kind.op.symbol == "+":
        for product, bias in (top.inputs, top.inputs[::-1]):
            is_bias = len(graph[bias].shape) == 1 and isinstance(graph[bias].kind, Leaf)
            if isinstance(graph[product].kind, Contraction) and graph[product].shape == top.shape and is_bias:
                return graph[product]
    products = [node for node in graph.ancestors(top.id) if isinstance(graph[node].kind, Contraction)]
    hint = f"for the last product in it: fig.backward({graph[products[-1]].label!r})" if products else _HINT
    raise OptionError(f"{top.label} is no product, so it has no cube to read backward", hint=hint)


def _renumbered(node: Node, place: dict[int, int]) -> Node:
    """The node in the smaller graph; an unnamed leaf loses its text: its seed depended on its order."""
    text = "" if node.name is None and isinstance(node.kind, Leaf) else node.text
    return replace(
        node, id=place[node.id], inputs=tuple(place[operand] for operand in node.inputs), text=text, span=None
    )


def _named(node: Node, wanted: str, nodes: list[Node], state: View) -> Node:
    if node.name is not None:
        return node
    taken = {other.name for other in nodes} | {*state.leaves, *state.data, *state.constants}
    while wanted in taken or f"d{wanted}" in taken:
        wanted += "_"
    return replace(node, name=wanted)


def _called(graph: Graph, node: int) -> str:
    """The name of a node, by which the lines of the gradients find it."""
    name = graph[node].name or ""
    named = graph.named(name)
    if named is None or named.id != node:
        raise OptionError(f"two matrices are called {name}", hint="give each a name of its own first")
    return name


# --- the gradients ----------------------------------------------------------------------------------


def _gradients(product: _Product, grad: _Factor) -> Iterator[tuple[str, str]]:
    """Name and formula of each operand's gradient: dA = dC Bᵀ, dB = Aᵀ dC."""
    left, right = product.factors
    names = [f"d{left.name}", f"d{right.name}"]
    if left.name == right.name:
        names = [f"d{left.name}_left", f"d{right.name}_right"]
    taken = {node.name for node in product.graph.nodes} | {grad.name}
    left_name, right_name = (name if name not in taken else f"{name}_" for name in names)
    yield left_name, _formula(grad, right, left.letters)
    yield right_name, _formula(left, grad, right.letters)


def _formula(first: _Factor, second: _Factor, out: tuple[str, ...]) -> str:
    """The product of two factors, summed over the letter that ``out`` lacks."""
    summed = next((letter for letter in first.letters if letter in second.letters), "")
    sizes = len(first.letters), len(second.letters), len(out)
    if sizes == (2, 2, 2) and out[0] not in first.letters:
        first, second = second, first
    if sizes in ((2, 2, 2), (1, 2, 1), (2, 1, 1)):
        turned = [_turned(first, len(first.letters) - 1, summed), _turned(second, 0, summed)]
        return " @ ".join(turned)
    spec = f"{' '.join(first.letters)}, {' '.join(second.letters)} -> {' '.join(out)}"
    return f'einsum("{spec}", {first.name}, {second.name})'


def _turned(factor: _Factor, at: int, letter: str) -> str:
    """A factor with this letter in this dimension, transposed where needed."""
    return factor.name if factor.letters[at] == letter else f"{factor.name}.T"


# --- bindings and layout ----------------------------------------------------------------------------


class _Given(NamedTuple):
    leaves: dict[str, str]
    bindings: Bindings


def _given(view: View, bindings: Bindings, name: str, grad: object, seed: int | None, top: Node) -> _Given:
    """The bindings of the figure and of the upstream gradient."""
    if grad is not None and seed is not None:
        raise OptionError("grad and seed are both given", hint="grad says all; seed alone makes a random one")
    sizes = ", ".join(map(str, top.shape))
    if grad is None and (seed is not None or not (name in view.leaves or name in bindings.names)):
        grad = f"ones({sizes})" if seed is None else f"gaussian({sizes}, seed={seed})"
    bound = bind({} if grad is None else {name: grad})
    files = {key: read for key, read in bindings.files.items() if key not in bound.leaves}
    all_files = {**files, **bound.bindings.files}
    leaves = {key: text for key, text in view.leaves.items() if key not in bound.bindings.files}
    given = _Given({**leaves, **bound.leaves}, Bindings(all_files, bindings.labels))
    shape = _shape(name, given)
    if shape != top.shape:
        wrong = "a number" if shape is None else shape_text(shape)
        raise ShapeError(
            f"{name} is {wrong}, and {top.label} is {shape_text(top.shape)}: a gradient is as "
            "large as what it is of",
            hint=f'grad="gaussian({sizes}, seed=1)"',
        )
    return given


def _shape(name: str, given: _Given) -> tuple[int, ...] | None:
    if name in given.leaves:
        read = read_binding(name, given.leaves[name])
        return read.shape if isinstance(read, LeafInput) else None
    return given.bindings.read(name).array.shape if name in given.bindings.files else None


def _looked(state: View, inside: dict[str, str], graph: Graph) -> View:
    """The view for another program, without placements, films and selections of removed nodes."""
    labels = {node.label for node in graph.nodes}
    custom = {name: code for name, code in state.layout.custom.items() if name in labels}
    each = {name: algorithm for name, algorithm in state.film.each.items() if name in labels}
    return msgspec.structs.replace(
        state,
        layout=msgspec.structs.replace(state.layout, custom=custom, inside=inside),
        film=msgspec.structs.replace(state.film, each=each, t=0.0),
        camera=None, selection=Selection(), hidden=(), faded=(), isolated=None,
    )  # fmt: skip
