"""The rows of the gallery: every script of examples/gallery, with its title, its text and its figure."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
        stem: the script's name, such as ``f03_box``.
        section: where it stands, number first: ``"1 A product as a box"``.
        title: what it is called.
        text: two sentences.
        source: the script.
        make: builds the figure; takes another head's matrices where ``open`` is set.
        open: the figure can be made of another head.
    """

    stem: str
    section: str
    title: str
    text: str
    source: str
    make: Callable[..., mc.Figure]
    open: bool

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
        """What makes the figure, as the gallery shows it: the function's own lines."""
        (found,) = (one for one in ast.parse(self.source).body if isinstance(one, ast.FunctionDef))
        lines = self.source.splitlines()[found.body[0].lineno - 1 : found.end_lineno]
        return inspect.cleandoc("\n" + "\n".join(lines))

    def figure(self, *, data: Path | None = None) -> mc.Figure:
        """The figure; with a folder of trained heads, on GPT-2's head where the article has that one."""
        return self.make(**gpt2_head(data / GPT2)) if self.open and data is not None else self.make()


def rows() -> list[Row]:
    """All rows, by section, the article's before ours."""
    found = [_row(path) for path in sorted(FOLDER.glob("[fn][0-9][0-9]_*.py"))]
    return sorted(found, key=lambda row: (row.section, row.stem))


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


def _row(path: Path) -> Row:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    title, _, text = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    return Row(
        stem=path.stem,
        section=module.SECTION,
        title=title.removesuffix("."),
        text=" ".join(text.split()),
        source=path.read_text(encoding="utf-8"),
        make=module.figure,
        open=bool(inspect.signature(module.figure).parameters),
    )
