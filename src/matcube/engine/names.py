"""Matrices by the names that a reader uses: a name, a piece of the program, a number, one head.

The one home of that look-up, for the program's own graph and for the drawn one.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcube.errors import OptionError, unknown
from matcube.errors.words import some_of
from matcube.ir import Contraction, Graph, Node
from matcube.ir.expand_heads import Drawn


@dataclass(frozen=True)
class Names:
    """Names of the matrices of a program.

    Args:
        graph: the program's own.
        drawn: the graph that is drawn, with a node for each head.
    """

    graph: Graph
    drawn: Drawn

    def shown(self, name: str | int) -> list[Node]:
        """The drawn nodes of a name: ``S`` is all heads of S, ``S[3]`` a single one.

        Raises:
            OptionError: there is no such name; similar names are suggested.
        """
        graph = self.drawn.graph
        if graph is self.graph or not isinstance(name, str) or name.isdigit():
            return [find(graph, name)]
        head, shown = self.head(name), self.drawn.shown
        if head is not None:
            return [head]
        node_id = find(self.graph, name).id
        if node_id not in shown:
            names = some_of(dict.fromkeys(node.label for node in self.graph.nodes if node.id in shown))
            raise OptionError(f'"{name}" is not drawn here', hint=f"drawn are: {names}")
        return [graph[node] for node in shown[node_id]]

    def head(self, name: str) -> Node | None:
        """The drawn node of a single head by its name, ``attn[3]``; None if the name is of no head."""
        if not isinstance(name, str) or not name.endswith("]"):
            return None
        graph = self.drawn.graph
        return next((node for node in reversed(graph.nodes) if name in (node.name, node.text)), None)

    def boxes(self, name: str) -> list[int]:
        """The drawn contractions of a name: ``attn`` is the product under its softmax.

        Raises:
            OptionError: there is no such name, or no product under it.
        """
        graph = self.drawn.graph
        boxes = []
        for node in self.shown(name):
            while not isinstance(node.kind, Contraction) and node.inputs:
                products = [
                    operand for operand in node.inputs if isinstance(graph[operand].kind, Contraction)
                ]
                node = graph[(products or node.inputs)[0]]
            if not isinstance(node.kind, Contraction):
                labels = [other.label for other in self.graph.nodes if isinstance(other.kind, Contraction)]
                raise unknown(name, labels, what="box")
            boxes.append(node.id)
        return list(dict.fromkeys(boxes))


def find(graph: Graph, name: str | int) -> Node:
    """The node of a name, of a program text (``"Q @ K.T"``) or of a number.

    Raises:
        OptionError: there is no such node; similar names are suggested.
    """
    if not isinstance(name, int | str):
        raise unknown(str(name), [node.label for node in graph.nodes], what="matrix")
    if isinstance(name, int) or name.isdigit():
        if int(name) < len(graph.nodes):
            return graph[int(name)]
        raise unknown(str(name), [str(len(graph.nodes) - 1)], what="node")
    named = graph.named(name)
    if named is not None:
        return named
    texts = {_bare(node.text): node for node in graph.nodes}
    for text in (_bare(name), _bare(name).removeprefix("(").removesuffix(")")):  # as the page copies it
        if text in texts:
            return texts[text]
    labels = list(dict.fromkeys(node.name or node.text for node in graph.nodes))
    raise unknown(name, labels, what="matrix")


def _bare(text: str) -> str:
    return "".join(text.split())
