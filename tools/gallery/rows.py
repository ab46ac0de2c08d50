"""The rows of the gallery: every function of examples/gallery, with its title, its text and its figure.

A module is a section, named by its docstring; a function is a figure, described by a title and two sentences.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from types import FunctionType, ModuleType

import numpy as np

import matcube as mc

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "gallery"
GPT2 = "gpt2_124m_heads_0.2_5.4_4.11.safetensors"
TOKENS = 96


@dataclass(frozen=True)
class Row:
    """A figure of the gallery.

    Args:
        stem: the function's name, such as ``f03_box``.
        section: the section that it is in, number first: ``"1 A product as a box"``.
        title: what it is called.
        text: two sentences.
        make: builds the figure; takes the matrices of another head where ``open`` is set.
    """

    stem: str
    section: str
    title: str
    text: str
    make: Callable[..., mc.Figure]

    @property
    def id(self) -> str:
        """The short name: ``f03``, the number of a figure of the article, or ``n10``, one of ours."""
        return self.stem.partition("_")[0]

    @property
    def program(self) -> str:
        """The program in one line."""
        return self.figure().title

    @property
    def body(self) -> str:
        """What makes the figure, as the gallery shows it: the function's lines and the constants they use."""
        source = inspect.getsource(self.make)
        (function,) = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        lines = source.splitlines()[
            function.body[1].lineno - 1 : function.end_lineno
        ]  # without the docstring
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        module = importlib.import_module(self.make.__module__)
        return "\n".join([*_constants(module, names), inspect.cleandoc("\n" + "\n".join(lines))])

    @property
    def open(self) -> bool:
        """Whether the figure can be made of another head."""
        return bool(inspect.signature(self.make).parameters)

    def figure(self, *, data: Path | None = None) -> mc.Figure:
        """The figure; with a folder of trained heads, on GPT-2's head where the article has that one."""
        return self.make(**gpt2_head(data / GPT2)) if self.open and data is not None else self.make()


def rows() -> list[Row]:
    """All rows, by section, the article's before ours."""
    stems = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
    modules = [importlib.import_module(f"examples.gallery.{stem}") for stem in stems]
    return sorted(chain(*map(_section, modules)), key=lambda row: (row.section, row.stem))


def data_folder() -> Path | None:
    """The folder of trained heads that ``MATCUBE_DATA`` names, if GPT-2's are in it."""
    folder = Path(os.environ.get("MATCUBE_DATA") or "/nowhere")
    return folder if (folder / GPT2).is_file() else None


@cache
def gpt2_head(path: Path) -> Mapping[str, object]:
    """Head 2 of GPT-2's first layer on position embeddings alone, its biases as one more row of the weights.

    ``[n, 1] @ [w; b] = n @ w + b`` with ``n = layernorm(wpe) · gain + bias``, so that the program of a head
    without biases gives the head with them.
    """
    from matcube.sources.files import read

    got = {name: read(path, f"L0H2.{name}").array for name in ("wQ", "wK", "wV", "bQ", "bK", "bV", "wO")}
    gain, bias = (read(path, f"L0.ln_1.{name}").array for name in ("weight", "bias"))
    places = read(path, "wpe256").array[:TOKENS].astype(np.float64)  # (token, channel)
    spread = np.sqrt(places.var(axis=1, keepdims=True) + 1e-5)
    n = (places - places.mean(axis=1, keepdims=True)) / spread * gain + bias
    x = np.hstack([n, np.ones((TOKENS, 1))]).astype(np.float32)
    w = {letter: np.vstack([got[f"w{letter}"], got[f"b{letter}"]]).astype(np.float32) for letter in "QKV"}
    return {
        "x": x,
        "x_t": np.ascontiguousarray(x.T),
        "wQ": w["Q"],
        "wK_t": np.ascontiguousarray(w["K"].T),
        "wV": w["V"],
        "wO": got["wO"],
    }


def _section(module: ModuleType) -> Iterator[Row]:
    """The figures of a module."""
    section = inspect.cleandoc(module.__doc__ or "").removesuffix(".")
    for name, make in vars(module).items():
        if isinstance(make, FunctionType) and re.match(r"[fn]\d\d_", name):
            title, _, text = inspect.cleandoc(make.__doc__ or "").partition("\n\n")
            yield Row(name, section, title.removesuffix("."), " ".join(text.split()), make)


def _constants(module: ModuleType, names: Collection[str]) -> Iterator[str]:
    """Definitions of a section's constants, also of those that it imports from another section."""
    source = inspect.getsource(module)
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("examples."):
            own = {alias.name for alias in statement.names} & set(names)
            yield from _constants(importlib.import_module(statement.module or ""), own)
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name) and target.id in names:
                yield re.sub(r"^(\w+): [^=]+ =", r"\1 =", ast.get_source_segment(source, statement) or "")
