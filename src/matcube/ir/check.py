"""All rules of a legal graph; ``Builder.graph`` and ``written`` call ``verify`` once per graph.

1.  A node's id is its position, and its operands come before it.
2.  A spec has one group of letters per operand, one letter per dimension; no letter twice in a group.
3.  Every size is a whole number from 0, and a letter has one size within its node.
4.  A leaf has no operands; labels match its shape, and so does the shape its initialiser states.
5.  A contraction has two operands and plain letters; every letter of the result is in an operand.
6.  A map has as many operands as its operation takes; each lies under the result with their last letters
    aligned; a letter of an operand that the result lacks has size 1; the letters it mixes and reads are
    letters of its first operand.
7.  A re-indexing has operands; brackets are allowed, and their sizes multiply (or add) up.
8.  Outputs are different nodes, at least one; an unused node is an output.
9.  A name is one non-empty line; constants are finite numbers.
"""

from __future__ import annotations

from itertools import chain
from math import isfinite, prod

from matcube.errors import GraphError
from matcube.ir.graph import Contraction, Graph, Leaf, Map, Node, Shape
from matcube.ir.shapes import shape_text
from matcube.ir.spec import Group


def verify(graph: Graph) -> None:
    """Refuse a graph that breaks a rule of this file.

    Args:
        graph: nodes in topological order.

    Raises:
        GraphError: which node, which rule, and the sizes.

    Example:
        >>> from matcube.ir import Graph, Hollow, Leaf, IndexSpec, Node
        >>> verify(Graph((Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 3)),), (0,)))
    """
    for place, node in enumerate(graph.nodes):
        _check_place(node, place)
        shapes = [graph[operand].shape for operand in node.inputs]
        _check_letters(node, shapes)
        _check_sizes(node, shapes)
        _check_kind(node, shapes)
        _check_name(node)
    _check_outputs(graph)
    for name, value in graph.constants.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise GraphError(f"constant {name} is {value!r}; it must be a finite number")


def _check_place(node: Node, place: int) -> None:
    if node.id != place:
        raise GraphError(f"{_title(node)} is at position {place}; ids count nodes in order")
    for operand in node.inputs:
        if not 0 <= operand < place:
            raise GraphError(f"{_title(node)} takes node {operand}, which does not come before it")


def _check_letters(node: Node, shapes: list[Shape]) -> None:
    if len(node.spec.inputs) != len(node.inputs):
        raise GraphError(
            f'{_title(node)}: spec "{node.spec}" has {len(node.spec.inputs)} operands,'
            f" the node {len(node.inputs)}"
        )
    groups = [*zip(node.spec.inputs, shapes, strict=True), (node.spec.output, node.shape)]
    for letters, shape in groups:
        if len(letters) != len(shape):
            raise GraphError(
                f'{_title(node)}: spec "{node.spec}" gives {len(letters)} letters to {shape_text(shape)}'
            )
        parts = [part for letter in letters for part in Group.of(letter).parts]
        twice = next((letter for letter in parts if parts.count(letter) > 1), None)
        if twice:
            raise GraphError(f'{_title(node)}: letter {twice} occurs twice in one operand of "{node.spec}"')


def _check_sizes(node: Node, shapes: list[Shape]) -> None:
    sizes: dict[str, int] = {}
    for letters, shape in [*zip(node.spec.inputs, shapes, strict=True), (node.spec.output, node.shape)]:
        for letter, size in zip(letters, shape, strict=True):
            if type(size) is not int or size < 0:
                raise GraphError(f"{_title(node)}: size {size!r} of {letter} must be a whole number from 0")
            if sizes.setdefault(letter, size) != size:
                raise GraphError(f"{_title(node)}: letter {letter} is both {sizes[letter]} and {size}")
    for letter, size in sizes.items():
        group = Group.of(letter)
        components = [sizes[part] for part in group.parts if part in sizes]
        if str(group) == group.parts[0] or len(components) < len(group.parts):
            continue
        total = sum(components) if group.is_sum else prod(components)
        if total != size:
            raise GraphError(f"{_title(node)}: {letter} is {size}, but its components make {total}")


def _check_kind(node: Node, shapes: list[Shape]) -> None:
    if isinstance(node.kind, Leaf):
        _check_leaf(node, node.kind)
        return
    if not node.inputs:
        raise GraphError(f"{_title(node)} has no operands")
    if isinstance(node.kind, Contraction):
        _check_contraction(node)
    elif isinstance(node.kind, Map):
        _check_map(node, node.kind, shapes)


def _check_leaf(node: Node, leaf: Leaf) -> None:
    if node.inputs:
        raise GraphError(f"{_title(node)} is a leaf and has operands")
    stated = getattr(leaf.source, "shape", node.shape)
    if tuple(stated) != node.shape:
        raise GraphError(
            f"{_title(node)} is {shape_text(node.shape)}, its initialiser {shape_text(tuple(stated))}"
        )
    if leaf.labels and len(leaf.labels) != len(node.shape):
        raise GraphError(f"{_title(node)} has labels for {len(leaf.labels)} of {len(node.shape)} dimensions")
    if leaf.titles and len(leaf.titles) != len(node.shape):
        raise GraphError(f"{_title(node)} has titles for {len(leaf.titles)} of {len(node.shape)} dimensions")
    for dim, labels in enumerate(leaf.labels):
        if labels is not None and len(labels) != node.shape[dim]:
            raise GraphError(
                f"{_title(node)} has {len(labels)} labels along a dimension of {node.shape[dim]}"
            )


def _check_contraction(node: Node) -> None:
    if len(node.inputs) != 2:
        raise GraphError(f"{_title(node)}: a contraction has two operands, not {len(node.inputs)}")
    for letter in chain(*node.spec.inputs, node.spec.output):
        if letter.startswith("("):
            raise GraphError(f'{_title(node)}: "{letter}" in brackets; only a re-indexing has brackets')
    _check_result_letters(node)


def _check_result_letters(node: Node) -> None:
    operand_letters = set(chain(*node.spec.inputs))
    for letter in node.spec.output:
        if letter not in operand_letters:
            raise GraphError(f"{_title(node)}: letter {letter} of the result is in no operand")


def _check_map(node: Node, kind: Map, shapes: list[Shape]) -> None:
    if kind.op.arity != len(node.inputs):
        raise GraphError(
            f"{_title(node)}: {kind.op.name} takes {kind.op.arity} operands, not {len(node.inputs)}"
        )
    for letters, shape in zip(node.spec.inputs, shapes, strict=True):
        aligned = dict(zip(reversed(letters), reversed(node.spec.output), strict=False))
        for letter, size in zip(letters, shape, strict=True):
            if letter in node.spec.output and aligned.get(letter) != letter:
                raise GraphError(f"{_title(node)}: letter {letter} is not where the result has it")
            if letter not in node.spec.output and size != 1:
                raise GraphError(
                    f"{_title(node)}: letter {letter} of size {size} is lost; a map sums nothing"
                )
    _check_result_letters(node)
    for letter in (*kind.mixes, *kind.reads):
        if letter not in node.spec.inputs[0]:
            raise GraphError(
                f"{_title(node)}: {kind.op.name} mixes or reads {letter}, which its operand lacks"
            )


def _check_name(node: Node) -> None:
    if node.name is not None and (not node.name.strip() or "\n" in node.name):
        raise GraphError(f"node {node.id}: a name is one line of text, not {node.name!r}")


def _check_outputs(graph: Graph) -> None:
    if not graph.outputs:
        raise GraphError("the graph has no output")
    if len(set(graph.outputs)) != len(graph.outputs):
        raise GraphError(f"an output is named twice: {graph.outputs}")
    for output in graph.outputs:
        if not 0 <= output < len(graph.nodes):
            raise GraphError(f"output {output} is no node; there are {len(graph.nodes)}")
    used = {operand for node in graph.nodes for operand in node.inputs}
    for node in graph.nodes:
        if node.id not in used and node.id not in graph.outputs:
            raise GraphError(f"{_title(node)} is unused and no output")


def _title(node: Node) -> str:
    return f'node {node.id} "{node.label}"' if node.label else f"node {node.id}"
