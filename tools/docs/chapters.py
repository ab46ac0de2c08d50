"""Chapters of the guide: Markdown whose Python blocks run, and whose pictures are what they make.

A block ``python picture="caption"`` ends with a figure in a name of its own, which is drawn below it. A block
``pycon`` has prompts and answers; a test runs those, after the blocks above them.
"""

from __future__ import annotations

import ast
import doctest
import importlib.util
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

import matcube as mc
from tools import site

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
_PAGES = (
    "language",
    "command",
    "files",
    "controls",
    "motion",
    "heads",
    "partitions",
    "costs",
    "compare",
    "drawing",
)
REFERENCE = tuple(ROOT / "docs" / f"{name}.md" for name in _PAGES)
_CAPTION = re.compile(r'python picture="([^"]+)"\Z')


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its caption where it is drawn, its text and its line in the chapter."""

    language: str
    caption: str
    text: str
    line: int


@dataclass(frozen=True)
class Chapter:
    """A page: the name of its file without ``.md``, its text, and the line under its title."""

    stem: str
    text: str
    title: str
    summary: str

    @property
    def blocks(self) -> list[Block]:
        """Its fenced blocks, in order."""
        fences = [token for token in markdown().parse(self.text) if token.type == "fence"]
        return [_block(token.info.strip(), token.content, (token.map or [0])[0]) for token in fences]

    def figures(self) -> list[mc.Figure]:
        """What its drawn blocks make; all its Python blocks are run as one module."""
        lines = ["_shown = []"]
        for block in self.blocks:
            if block.language == "python":
                lines.append(block.text + (f"_shown.append({_last_name(block)})" if block.caption else ""))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "chapter.py"
            path.write_text("\n".join(lines), encoding="utf-8")
            spec = importlib.util.spec_from_file_location("chapter", path)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        shown: list[mc.Figure] = module._shown
        return shown

    def examples(self) -> doctest.DocTest:
        """All its code as one test, in order: Python blocks must run, prompts must be answered as it says."""
        found: list[doctest.Example] = []
        for block in self.blocks:
            found += _statements(block) if block.language == "python" else _prompts(block)
        return doctest.DocTest(found, {}, f"docs/guide/{self.stem}.md", None, 0, self.text)


def chapters() -> list[Chapter]:
    """The guide, first page first."""
    first, *rest = [GUIDE / "index.md", *sorted(GUIDE.glob("[0-9]*.md"))]
    return [_chapter(path) for path in (first, *rest)]


def reference() -> list[Chapter]:
    """The pages of the reference."""
    return [_chapter(path) for path in REFERENCE]


def markdown() -> MarkdownIt:
    """CommonMark with tables; HTML in the text is shown, not obeyed."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def anchors(page: Chapter) -> Iterator[str]:
    """The ends of the addresses of a page's headings of the second and third level, in order.

    A heading of the third level has that of the second before its own: ``cost-total``.
    """
    tokens = markdown().parse(page.text)
    above = ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            name = site.slug(tokens[at + 1].content)
            above = name if token.tag == "h2" else above
            yield name if token.tag == "h2" else f"{above}-{name}"


def _chapter(path: Path) -> Chapter:
    text = path.read_text(encoding="utf-8")
    tokens = markdown().parse(text)
    title, summary = (
        next(tokens[at + 1].content for at, token in enumerate(tokens) if token.type == kind)
        for kind in ("heading_open", "paragraph_open")
    )
    return Chapter(path.stem, text, title, " ".join(summary.split()))


def _block(info: str, text: str, line: int) -> Block:
    caption = _CAPTION.fullmatch(info)
    return Block(info.partition(" ")[0], caption[1] if caption else "", text, line)


def _last_name(block: Block) -> str:
    last: Any = ast.parse(block.text).body[-1]
    return str(last.targets[0].id)


def _statements(block: Block) -> Iterator[doctest.Example]:
    lines = block.text.splitlines(keepends=True)
    for one in ast.parse(block.text).body:
        source = "".join(lines[one.lineno - 1 : one.end_lineno])
        yield doctest.Example(source, "", lineno=block.line + one.lineno)


def _prompts(block: Block) -> list[doctest.Example]:
    if block.language != "pycon":
        return []
    return doctest.DocTestParser().get_examples(block.text, "guide")
