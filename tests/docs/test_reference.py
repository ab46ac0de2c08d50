"""The Python reference: every public name has an entry and says what it takes; examples run."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

import matcube as mc
from tools.docs import docstrings, search
from tools.docs.api import api, errors, members, results_of, signature
from tools.docs.book import book, html_of

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
PUBLIC = [name for name in mc.__all__ if not name.startswith("_")]
# Packages in which every public function of three or more parameters describes each of them.
DOCUMENTED = (
    "api",
    "cli",
    "cost",
    "engine",
    "errors",
    "ir",
    "layout",
    "ops",
    "outputs",
    "partition",
    "playback",
    "scene",
    "session",
    "sources",
    "timeline",
    "values",
    "wire",
)
PAGES = {page.stem: page for page in api()}


def classes() -> list[type]:
    things = [getattr(mc, name) for name in PUBLIC]
    return [thing for thing in things if inspect.isclass(thing) and not issubclass(thing, Exception)]


def functions() -> dict[str, object]:
    """Public functions and methods, by the name that a user writes."""
    plain = {name: getattr(mc, name) for name in PUBLIC if inspect.isfunction(getattr(mc, name))}
    methods = {
        f"{cls.__name__}.{name}": thing
        for cls in classes()
        for name, thing in members(cls)
        if inspect.isfunction(thing)
    }
    return {**plain, **methods}


def results() -> list[type]:
    """Classes that public functions and methods return."""
    return results_of(classes(), [(name, getattr(mc, name)) for name in PUBLIC if name in functions()])


@cache
def ids_of(stem: str) -> set[str]:
    return set(re.findall(r'id="([\w-]+)"', html_of(PAGES[stem])))


def test_every_public_name_has_an_entry() -> None:
    for name in PUBLIC:
        thing = getattr(mc, name)
        if inspect.isfunction(thing):
            assert name.replace("_", "-") in ids_of("api-functions"), name
        elif issubclass(thing, Exception):
            assert name.lower() in ids_of("api-errors"), name
        else:
            own = [other for other in dir(thing) if not other.startswith("_")]
            described = [other for other in own if inspect.isroutine(getattr(thing, other, None))]
            missing = {other.lower().replace("_", "-") for other in described} - ids_of(f"api-{name.lower()}")
            assert not missing, f"{name}: {missing}"


def test_every_error_and_every_table_has_an_entry() -> None:
    every = {cls.__name__ for cls in errors()}
    assert {"MatcubeError", "ProgramError", "UnknownNameError", "ShapeError", "OptionError"} <= every
    assert {name.lower() for name in every} <= ids_of("api-errors")
    tables = {"cost", "nodecost", "devices", "noderow", "exchange", "rooflinepicture"}
    assert tables <= ids_of("api-results")


@pytest.mark.parametrize("name", functions())
def test_a_public_function_documents_its_arguments(name: str) -> None:
    thing = functions()[name]
    takes = [*inspect.signature(thing).parameters]  # type: ignore[arg-type]
    takes = takes[1:] if "." in name else takes
    documented = docstrings.arguments(inspect.getdoc(thing) or "")
    assert inspect.getdoc(thing), name
    assert set(documented) <= set(takes), "an argument that is not in the signature"
    assert len(takes) < 2 or set(documented) == set(takes)


def undocumented(path: Path) -> list[str]:
    """Public functions of three or more parameters that leave out one of them in Args.

    A method without a docstring is described by the method that it overrides, in the same file; a command by
    the help of its options (tests/cli), and what click hands to its types by click.
    """
    missing = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [cls for cls in tree.body if isinstance(cls, ast.ClassDef) and not cls.name.startswith("_")]
    methods = [node for cls in classes for node in cls.body]
    described = {
        node.name for node in methods if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)
    }
    for node in chain(tree.body, methods):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            takes = {name for argument in arguments if not (name := argument.arg).startswith("_")}
            takes -= {"self", "cls", "param", "ctx"}
            text = ast.get_docstring(node)
            left_out = takes - set(docstrings.arguments(text or ""))
            is_override = text is None and node in methods and node.name in described
            is_command = any("click.command" in ast.unparse(each) for each in node.decorator_list)
            if len(takes) >= 3 and left_out and not is_override and not is_command:
                missing.append(f"{path.name}: {node.name}: {sorted(left_out)}")
    return missing


@pytest.mark.parametrize("package", DOCUMENTED)
def test_functions_of_three_parameters_document_each(package: str) -> None:
    folder = Path(mc.__file__).parent / package
    assert folder.is_dir()
    assert not [line for path in sorted(folder.rglob("*.py")) for line in undocumented(path)]


def test_methods_of_results_document_their_arguments() -> None:
    files = {Path(inspect.getfile(cls)) for cls in results() if cls.__module__.startswith("matcube.api.")}
    names = {name for cls in results() for name, _ in members(cls)}
    lines = [line for path in files for line in undocumented(path)]
    assert not [line for line in lines if line.split(": ")[1] in names]


def test_a_signature_reads_as_it_is_written() -> None:
    text = signature("layout", mc.Figure.layout, method=True)
    assert (
        text.startswith("layout(\n    scheme: Scheme | None = None,\n    *,\n")
        and "    gap: float | None = …,\n" in text
    )
    assert signature("title", inspect.getattr_static(mc.Figure, "title")) == "title: str"


def test_the_search_knows_every_heading_of_every_page() -> None:
    for page in book().pages:
        entries = list(search.entries(page))
        html = html_of(page)
        anchors = [entry.address.partition("#")[2] for entry in entries[1:]]
        assert anchors == re.findall(r'<h[23] id="([^"]+)"', html) and len(set(anchors)) == len(anchors)
        assert all(entry.text or entry.title for entry in entries)


MODULES = [
    module.name
    for module in pkgutil.walk_packages(mc.__path__, "matcube.")
    if not module.name.endswith("__main__")
]


def failures(test: doctest.DocTest) -> list[str]:
    said: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append)
    return said


def test_the_examples_of_docstrings_run(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    find = doctest.DocTestFinder(exclude_empty=True).find
    tests = [test for name in MODULES for test in find(importlib.import_module(name), name) if test.examples]
    assert len(tests) > 100
    assert not (said := [line for test in tests for line in failures(test)]), "\n".join(said)


def test_a_wrong_example_is_found() -> None:
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert "Expected" in "".join(failures(wrong))
