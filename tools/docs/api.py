"""The Python reference: a page for the functions, one for each public class, one for results, one for errors.

All of it comes from the imported package: names from ``matcube.__all__``, the rest from the objects.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from types import FunctionType

import matcube as mc
from tools.docs.chapters import Chapter
from tools.docs.docstrings import markdown_of

WIDTH = 88
_QUALIFIER = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")
Member = tuple[str, object]


def api() -> list[Chapter]:
    """The pages of the Python reference."""
    public = [(name, getattr(mc, name)) for name in mc.__all__ if not name.startswith("_")]
    functions = [(name, thing) for name, thing in public if isinstance(thing, FunctionType)]
    named = {
        name: thing for name, thing in public if inspect.isclass(thing) and not issubclass(thing, Exception)
    }
    classes = [*named.values()]
    pages = [_page("functions", "Functions", "What `import matcube as mc` offers.", _functions(functions))]
    pages += [
        _page(name.lower(), name, markdown_of(cls.__doc__ or ""), _contents(cls, "##"))
        for name, cls in named.items()
    ]
    results = [cls for cls in results_of(classes, functions) if cls not in classes]
    pages.append(_page("results", "Results", "What the methods of a figure return.", _classes(results)))
    pages.append(
        _page("errors", "Errors", "Every exception that matcube raises on purpose.", _classes(errors()))
    )
    return pages


def members(cls: type) -> list[Member]:
    """Public methods and properties of a class that are matcube's own, by name."""
    return [
        (member.name, member.object)
        for member in inspect.classify_class_attrs(cls)
        if not member.name.startswith("_")
        and member.defining_class.__module__.startswith("matcube")
        and (member.defining_class is cls or not issubclass(cls, mc.MatcubeError))
        and member.kind in ("method", "property", "class method", "static method")
    ]


def errors() -> list[type]:
    """``MatcubeError`` and every class below it."""
    below = [mc.MatcubeError]
    for cls in below:
        below += [child for child in cls.__subclasses__() if child.__module__.startswith("matcube")]
    return [*dict.fromkeys(below)]


def results_of(classes: Iterable[type], functions: Iterable[Member]) -> list[type]:
    """Classes of the package that public functions and methods return, and those of their tables' rows."""
    things = [thing for _, thing in functions]
    things += [thing for cls in classes for _, thing in members(cls)]
    results = _named(_returns(function_of(thing)) for thing in things)
    tables = [cls for cls in results if "rows" in dict(_fields(cls))]
    return [*dict.fromkeys([*results, *_named(_text(kind) for cls in tables for _, kind in _fields(cls))])]


def _named(annotations: Iterable[str]) -> list[type]:
    """Public classes of the package that annotations name."""
    names = dict.fromkeys(name for text in annotations for name in re.findall(r"\w+", text))
    return [_by_name()[name] for name in names if name in _by_name()]


def signature(name: str, thing: object, *, method: bool = False) -> str:
    """A signature as it is read: without qualifiers, a parameter a line where it is long.

    Example:
        >>> signature("slug", importlib.import_module("tools.site").slug)
        'slug(text: str) -> str'
    """
    function = function_of(thing)
    if isinstance(thing, property | cached_property):
        return f"{name}: {_short(_returns(function)) or 'object'}"
    parameters = list(_parameters(function, receiver=method))
    returns = _short(_returns(function))
    arrow = f" -> {returns}" if returns else ""
    line = f"{name}({', '.join(parameters)}){arrow}"
    if len(line) <= WIDTH:
        return line
    return f"{name}(\n" + "".join(f"    {parameter},\n" for parameter in parameters) + f"){arrow}"


def _parameters(function: FunctionType, *, receiver: bool) -> Iterator[str]:
    """Parameters as text, without the first where it is the object of a method."""
    given = [*inspect.signature(function).parameters.values()][int(receiver) :]
    kinds = [parameter.kind for parameter in given]
    for at, parameter in enumerate(given):
        before = kinds[at - 1] if at else None
        starred = before in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            yield "*"
        keys = _keys(parameter, function)
        if keys:
            yield from ([] if parameter.KEYWORD_ONLY in kinds else ["*"])
            yield from keys
        else:
            yield _parameter(parameter)
        if parameter.kind is parameter.POSITIONAL_ONLY and kinds[at + 1 : at + 2] != [parameter.kind]:
            yield "/"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
    kind = "" if parameter.annotation is parameter.empty else f": {_short(_text(parameter.annotation))}"
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
    return f"{stars}{parameter.name}{kind}{default}"


def _keys(parameter: inspect.Parameter, function: FunctionType) -> list[str]:
    """The keywords that ``**changes: Unpack[Changes]`` stands for."""
    match = re.fullmatch(r"Unpack\[([\w.]+)\]", str(parameter.annotation))
    if match is None:
        return []
    changes = _class(match[1], function)
    types = inspect.get_annotations(changes)
    return [f"{name}: {_short(_text(kind))} = …" for name, kind in types.items()]


def _class(name: str, function: FunctionType) -> type:
    """The class that a dotted name means where a function is defined."""
    first, *rest = name.split(".")
    thing = function.__globals__.get(first) or _by_name()[first]
    for part in rest:
        thing = getattr(thing, part)
    return typing.cast(type, thing)


@cache
def _by_name() -> dict[str, type]:
    """Public classes of the whole package."""
    classes: dict[str, type] = {}
    for module in pkgutil.walk_packages(importlib.import_module("matcube").__path__, "matcube."):
        if not module.name.endswith("__main__"):
            for name, thing in vars(importlib.import_module(module.name)).items():
                if inspect.isclass(thing) and thing.__module__ == module.name and not name.startswith("_"):
                    classes.setdefault(name, thing)
    return classes


def function_of(thing: object) -> FunctionType:
    """The function behind a method, a property or a decorated function."""
    for inner in ("fget", "func", "__func__"):
        thing = getattr(thing, inner, thing)
    return typing.cast(FunctionType, inspect.unwrap(typing.cast(FunctionType, thing)))


def _returns(function: FunctionType) -> str:
    return _text(inspect.get_annotations(function).get("return", ""))


def _text(annotation: object) -> str:
    if isinstance(annotation, typing.ForwardRef):
        return annotation.__forward_arg__
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _short(annotation: str) -> str:
    return _QUALIFIER.sub("", annotation)


def _page(stem: str, title: str, text: str, parts: Iterable[str]) -> Chapter:
    summary = re.sub(r"[`*\\]", "", text.partition("\n")[0])
    return Chapter(f"api-{stem}", "\n\n".join([f"# {title}", text, *parts]) + "\n", title, summary)


def _functions(functions: Iterable[Member]) -> Iterator[str]:
    for name, thing in functions:
        yield _entry("##", name, signature(name, thing), thing)


def _entry(level: str, name: str, written: str, thing: object) -> str:
    text = markdown_of(inspect.getdoc(thing) or "")
    return f"{level} {name}\n\n```python\n{written}\n```\n\n{text}"


def _classes(classes: Iterable[type]) -> Iterator[str]:
    for cls in classes:
        yield f"## {cls.__name__}\n\n{markdown_of(cls.__doc__ or '')}"
        yield from _contents(cls, "###")


def _contents(cls: type, level: str) -> Iterator[str]:
    """Fields and members of a class."""
    fields = [f"{name}: {_short(_text(kind))}" for name, kind in _fields(cls)]
    if fields:
        yield "```python\n" + "\n".join(fields) + "\n```"
    for name, thing in members(cls):
        yield _entry(level, name, signature(name, thing, method=True), thing)


def _fields(cls: type) -> Iterator[tuple[str, object]]:
    """Fields of a dataclass or struct, in order."""
    lists = ("__struct_fields__", "__dataclass_fields__", "_fields")
    names = next((getattr(cls, name) for name in lists if hasattr(cls, name)), ())
    bases = reversed(cls.__mro__)
    types = {name: kind for base in bases for name, kind in inspect.get_annotations(base).items()}
    yield from ((name, types[name]) for name in names if not name.startswith("_"))
