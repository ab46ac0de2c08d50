"""The graph: index specs, nodes, axes, what makes a graph legal, and its program text."""

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
