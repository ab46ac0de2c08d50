"""The graph of a program: index specs, nodes, axes, legality rules, program text, expansion of heads."""

from matcube.ir.graph import (
    Contraction,
    Data,
    Graph,
    Hollow,
    Kind,
    Leaf,
    LeafInput,
    Map,
    Node,
    Reindex,
    Shape,
)
from matcube.ir.spec import Group, IndexSpec, Roles

__all__ = [
    "Contraction",
    "Data",
    "Graph",
    "Group",
    "Hollow",
    "IndexSpec",
    "Kind",
    "Leaf",
    "LeafInput",
    "Map",
    "Node",
    "Reindex",
    "Roles",
    "Shape",
]
