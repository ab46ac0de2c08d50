"""The schema of what is read from outside, as a constant that the viewer's reader follows.

Of each struct that refuses unknown fields: every field with its kind, bounds, choices and default. Requests,
which carry a tag, are only sent. ``tools.gen_types`` puts the schema into its file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

import msgspec
from msgspec import NODEFAULT
from msgspec import inspect as mi

DOC = """\
/**
 * Fields, bounds, choices and defaults of what comes from outside. Bounds are inclusive, but for `above`
 * and `below`; a field without a default is required.
 */"""


def schema(structs: list[type[msgspec.Struct]]) -> str:
    """Return the constant ``SCHEMA`` for the structs that are read from outside.

    Args:
        structs: all structs of the border; others are left out.

    Raises:
        TypeError: a field has a type that cannot be checked by a schema.
    """
    lines = [DOC, "export const SCHEMA = {"]
    for cls in structs:
        info = cast(mi.StructType, mi.type_info(cls))
        if not info.forbid_unknown_fields or info.tag is not None:
            continue
        lines.append(f"  {cls.__name__}: {{")
        lines += [f"    {field.encode_name}: {_js(_field(field))}," for field in info.fields]
        lines.append("  },")
    return "\n".join([*lines, "} as const;"])


def _field(field: mi.Field) -> dict[str, object]:
    row: dict[str, object] = {"of": _kind(field.type)}
    if field.default is not NODEFAULT:
        row["default"] = field.default
    elif field.default_factory is not NODEFAULT:
        # A struct brings its own defaults.
        struct = isinstance(field.type, mi.StructType)
        row["default"] = {} if struct else msgspec.to_builtins(field.default_factory())
    return row


def _kind(kind: mi.Type) -> dict[str, object]:
    return {key: value for key, value in _described(kind) if value is not None}


def _described(kind: mi.Type) -> Iterator[tuple[str, object]]:
    """Name and bounds of a kind; bounds that are None are left out."""
    if isinstance(kind, mi.IntType | mi.FloatType):
        yield "kind", "whole" if isinstance(kind, mi.IntType) else "number"
        yield from {"min": kind.ge, "max": kind.le, "above": kind.gt, "below": kind.lt}.items()
    elif isinstance(kind, mi.StrType):
        yield "kind", "text"
        yield from {"least": kind.min_length, "most": kind.max_length, "pattern": kind.pattern}.items()
    elif isinstance(kind, mi.BoolType):
        yield "kind", "flag"
    elif isinstance(kind, mi.LiteralType):
        yield from (("kind", "choice"), ("choices", list(kind.values)))
    elif isinstance(kind, mi.StructType):
        yield from (("kind", "struct"), ("name", kind.cls.__name__))
    else:
        yield from _container(kind)


def _container(kind: mi.Type) -> Iterator[tuple[str, object]]:
    if isinstance(kind, mi.ListType | mi.VarTupleType):
        yield from (("kind", "list"), ("of", _kind(kind.item_type)), ("most", kind.max_length))
    elif isinstance(kind, mi.TupleType):
        yield from (("kind", "tuple"), ("of", [_kind(item) for item in kind.item_types]))
    elif isinstance(kind, mi.DictType):
        yield from (("kind", "dictionary"), ("key", _kind(kind.key_type)), ("of", _kind(kind.value_type)))
        yield "most", kind.max_length
    elif isinstance(kind, mi.UnionType) and any(isinstance(one, mi.NoneType) for one in kind.types):
        (inner,) = (one for one in kind.types if not isinstance(one, mi.NoneType))
        yield from (("kind", "optional"), ("of", _kind(inner)))
    else:
        raise TypeError(f"{type(kind).__name__} has no schema; add one in tools/gen_schema.py.")


def _js(value: object) -> str:
    """A value as a JavaScript literal."""
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{key}: {_js(each)}" for key, each in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_js, value))}]"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
