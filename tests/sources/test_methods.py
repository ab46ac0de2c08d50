"""Declared methods of lazy matrices and the tables of operations."""

import ast
import inspect
from dataclasses import MISSING

from matcube.ops.parameters import declared
from matcube.sources import einops, methods
from matcube.sources.operations import OPERATIONS, arity_of


def parameters_of(name: str) -> list[tuple[str, object]]:
    own = [(field.name, field.default) for field in declared(OPERATIONS[name])]
    return [*[("other", MISSING)] * (arity_of(name) == 2), *own]


def parameters_in(node: ast.FunctionDef) -> list[tuple[str, object]]:
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults = [MISSING] * (len(plain) - len(node.args.defaults)) + node.args.defaults
    pairs = [
        *zip(plain, defaults, strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    return [
        (arg.arg, ast.literal_eval(each) if isinstance(each, ast.AST) else MISSING)
        for arg, each in pairs
        if arg.arg != "self"
    ]


def test_every_operation_is_declared_with_its_parameters():
    tree = ast.parse(inspect.getsource(methods))
    written: dict[str, ast.FunctionDef] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            written.setdefault(node.name, node)  # the first of overloads
    assert set(written) == {*OPERATIONS, *einops.FUNCTIONS}
    for name, node in written.items():
        if name not in OPERATIONS:
            continue  # rearrange and reduce take a pattern
        assert parameters_in(node) == parameters_of(name), name
