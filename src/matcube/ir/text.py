"""A graph as a dictionary that JSON can hold, and back, exactly; what comes back is verified.

The form is versioned: a reader refuses a version that it does not know.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Literal

import msgspec

from matcube.errors import GraphError, MatcubeError, Span
from matcube.ir.check import verify
from matcube.ir.graph import Contraction, Data, Graph, Hollow, Kind, Leaf, Map, Node, Reindex
from matcube.ir.spec import IndexSpec
from matcube.ops import INITIALISERS, MAPS, REINDEXES, formula
from matcube.ops.formula import Expression

VERSION = 1
_DEEPEST = 200

_Labels = list[list[str] | None]


class _NodeText(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["leaf", "contraction", "map", "reindex"]
    spec: str
    shape: list[int] = []
    inputs: list[int] = []
    op: dict[str, Any] = {}
    labels: _Labels = []
    mixes: list[str] = []
    reads: list[str] = []
    name: str | None = None
    text: str = ""
    span: tuple[int, int] | None = None


class _GraphText(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    outputs: list[int]
    nodes: list[_NodeText]
    program: str = ""
    constants: dict[str, int | float] = {}


def to_dict(graph: Graph) -> dict[str, Any]:
    """A graph as numbers, texts, lists and dictionaries.

    Example:
        >>> from matcube.ir import Hollow, IndexSpec, Leaf, Node
        >>> leaf = Node(0, Leaf(Hollow()), (), IndexSpec.parse("-> i j"), (2, 3), name="A")
        >>> to_dict(Graph((leaf,), (0,)))["nodes"]
        [{'kind': 'leaf', 'spec': ' -> i j', 'shape': [2, 3], 'op': {'name': 'shape'}, 'name': 'A'}]
    """
    return {
        "version": VERSION,
        "program": graph.program,
        "constants": dict(graph.constants),
        "outputs": list(graph.outputs),
        "nodes": [_node_to_dict(node) for node in graph.nodes],
    }


def from_dict(data: object) -> Graph:
    """The graph of a dictionary that ``to_dict`` made.

    Raises:
        GraphError: it has another form, another version, an unknown operation, or breaks a rule.
    """
    if isinstance(data, dict) and data.get("version") != VERSION:
        raise GraphError(f"graph of version {data.get('version')!r}; this reads version {VERSION}")
    try:
        read = msgspec.convert(data, _GraphText)
    except msgspec.ValidationError as error:
        raise GraphError(f"this is no graph: {error}") from None
    nodes = tuple(_node_from_text(place, node) for place, node in enumerate(read.nodes))
    graph = Graph(nodes, tuple(read.outputs), read.program, dict(read.constants))
    verify(graph)
    return graph


def to_json(graph: Graph) -> str:
    """A graph as JSON."""
    return json.dumps(to_dict(graph), allow_nan=False, ensure_ascii=False)


def from_json(text: str) -> Graph:
    """The graph of a JSON text that ``to_json`` made.

    Raises:
        GraphError: as ``from_dict``, or the text is no JSON.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GraphError(f"this is no JSON: {error}") from None
    return from_dict(data)


def _node_to_dict(node: Node) -> dict[str, Any]:
    kind = node.kind
    found: dict[str, Any] = {
        "kind": type(kind).__name__.lower(),
        "spec": str(node.spec),
        "shape": list(node.shape),
        "inputs": list(node.inputs),
        "op": _op_to_dict(kind),
        "labels": [list(names) if names else None for names in kind.labels] if isinstance(kind, Leaf) else [],
        "mixes": list(kind.mixes) if isinstance(kind, Map) else [],
        "reads": list(kind.reads) if isinstance(kind, Map) else [],
        "name": node.name,
        "text": node.text,
        "span": [node.span.start, node.span.end] if node.span else None,
    }
    return {key: value for key, value in found.items() if value not in ([], {}, None, "")}


def _op_to_dict(kind: Kind) -> dict[str, Any]:
    match kind:
        case Contraction():
            return {}
        case Leaf(source=Hollow()):
            return {"name": "shape"}
        case Leaf(source=Data(name, dtype, sha256)):
            return {"name": "data", "array": name, "dtype": dtype, "sha256": sha256}
    op: Any = kind.source if isinstance(kind, Leaf) else kind.op
    values = {one.name: _plain(getattr(op, one.name)) for one in fields(op) if one.name != "shape"}
    return {"name": op.name, **values}


def _node_from_text(place: int, read: _NodeText) -> Node:
    return Node(
        id=place,
        kind=_kind(place, read),
        inputs=tuple(read.inputs),
        spec=IndexSpec.parse(read.spec),
        shape=tuple(read.shape),
        name=read.name,
        text=read.text,
        span=Span(*read.span) if read.span else None,
    )


def _kind(place: int, read: _NodeText) -> Kind:
    options = dict(read.op)
    name = options.pop("name", "")
    try:
        if read.kind == "contraction":
            return Contraction()
        if read.kind == "map":
            return Map(_made(MAPS, name, options), tuple(read.mixes), tuple(read.reads))
        if read.kind == "reindex":
            return Reindex(_made(REINDEXES, name, options))
        labels = tuple(tuple(names) if names is not None else None for names in read.labels)
        if name == "shape":
            return Leaf(Hollow(), labels)
        if name == "data":
            return Leaf(_data(options), labels)
        return Leaf(_made(INITIALISERS, name, {**options, "shape": read.shape}), labels)
    except MatcubeError as error:
        raise GraphError(f"node {place}: {error.message}") from None


def _data(options: dict[str, Any]) -> Data:
    if set(options) != {"array", "dtype", "sha256"} or not all(
        isinstance(one, str) for one in options.values()
    ):
        raise GraphError("data has an array, a dtype and a sha256")
    return Data(options["array"], options["dtype"], options["sha256"])


def _made(table: Any, name: object, options: dict[str, Any]) -> Any:
    row = table.get(name) if isinstance(name, str) else None
    if row is None:
        raise GraphError(f"there is no operation {name!r}")
    known = {one.name: str(one.type) for one in fields(row)}
    for word in options:
        if word not in known:
            raise GraphError(f"{name} has no parameter {word}")
    try:
        return row(**{word: _typed(known[word], value) for word, value in options.items()})
    except TypeError:
        raise GraphError(f"{name} lacks a parameter; it has {', '.join(known)}") from None


def _typed(kind: str, value: Any) -> Any:
    if kind == "Expression":
        return _tree(value)
    if kind.startswith("tuple"):
        if not isinstance(value, list) or any(type(item) is not int for item in value):
            raise GraphError(f"{value!r} is no list of whole numbers")
        return tuple(value)
    if not isinstance(value, int | float):
        raise GraphError(f"{value!r} is no parameter")
    return value


def _plain(value: Any) -> Any:
    """A parameter as JSON holds it; a formula becomes nested lists, ``["+", "i", 1.0]``."""
    match value:
        case tuple():
            return list(value)
        case formula.Const(number):
            return number
        case formula.Var(name):
            return name
        case formula.UnaryOp(op, operand):
            return [op, _plain(operand)]
        case formula.BinOp(op, left, right) | formula.Compare(op, left, right):
            return [op, _plain(left), _plain(right)]
        case formula.Call(name, arguments):
            return [name, *map(_plain, arguments)]
    return value


def _tree(value: Any, depth: int = 0) -> Expression:
    if depth > _DEEPEST:
        raise GraphError("a formula is nested too deeply")
    match value:
        case bool():
            pass
        case int() | float():
            return formula.Const(float(value))
        case "i" | "j" | "h" | "w":
            return formula.Var(value)
        case ["-" | "+" as sign, operand]:
            return formula.UnaryOp(sign, _tree(operand, depth + 1))
        case ["+" | "-" | "*" | "/" | "//" | "%" | "**" as symbol, left, right]:
            return formula.BinOp(symbol, _tree(left, depth + 1), _tree(right, depth + 1))
        case ["<" | "<=" | ">" | ">=" | "==" | "!=" as symbol, left, right]:
            return formula.Compare(symbol, _tree(left, depth + 1), _tree(right, depth + 1))
        case [str() as name, *rest] if name in formula.FUNCTIONS:
            function = formula.FUNCTIONS[name]
            if function.least <= len(rest) <= function.most:
                return formula.Call(name, tuple(_tree(one, depth + 1) for one in rest))
    raise GraphError(f"{value!r} is no formula")
