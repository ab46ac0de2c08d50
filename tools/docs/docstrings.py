"""Docstrings as Markdown: sections such as Args and Example become lists and blocks of code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises", "Example", "Examples", "Source")
_NAMED = ("Args", "Attributes", "Raises")  # sections of entries "name: text"
_HEADING = re.compile(rf"({'|'.join(SECTIONS)}):\s*(.*)")
_ENTRY = re.compile(r"\*{0,2}([\w.]+)(?: \([^)]*\))?: +(.*)")
_CODE = re.compile(r"(``.*?``|`.*?`)")


def sections(docstring: str) -> list[tuple[str, str]]:
    """Names and texts of the sections of a docstring; the first has no name.

    Example:
        >>> sections("Add.\n\nArgs:\n    a: a number.")
        [('', 'Add.'), ('Args', 'a: a number.')]
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in inspect.cleandoc(docstring).splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            parts.append((heading[1], [heading[2]] if heading[2] else []))
        else:
            parts[-1][1].append(line)
    return [(name, inspect.cleandoc("\n" + "\n".join(lines)).strip()) for name, lines in parts]


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Names and texts of a section's entries.

    Example:
        >>> list(entries("a: a number,\n    from 0 to 1.\nb: a text."))
        [('a', 'a number, from 0 to 1.'), ('b', 'a text.')]
    """
    name, words = "", ""
    for line in text.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry:
            if name:
                yield name, words
            name, words = entry[1], entry[2]
        else:
            words = f"{words} {line.strip()}".strip()
    if name:
        yield name, words


def arguments(docstring: str) -> dict[str, str]:
    """Text of each documented argument, by name."""
    return {
        name: text
        for section, body in sections(docstring)
        if section == "Args"
        for name, text in entries(body)
    }


def markdown_of(docstring: str) -> str:
    """A docstring as Markdown."""
    return "\n\n".join(_section(name, text) for name, text in sections(docstring) if text)


def _section(name: str, text: str) -> str:
    if not name:
        return _prose(text)
    if name in ("Example", "Examples"):
        return f"```pycon\n{text}\n```"
    if name in _NAMED:
        items = "\n".join(f"- `{entry}`: {_escaped(words)}" for entry, words in entries(text))
        return f"**{name}**\n\n{items}"
    return f"**{name}**: {_escaped(' '.join(text.split()))}"


def _prose(text: str) -> str:
    """Paragraphs, lists and literal blocks after ``::``."""
    paragraphs: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith(" "):
            paragraphs.append(f"```python\n{inspect.cleandoc(chr(10) + paragraph)}\n```")
        elif paragraph.strip() != "::":
            paragraphs.append(
                _escaped(paragraph.removesuffix("::") + (":" if paragraph.endswith("::") else ""))
            )
    return "\n\n".join(paragraphs)


def _escaped(text: str) -> str:
    """Text in which Markdown means nothing outside code spans."""
    pieces = _CODE.split(text)
    return "".join(
        piece if at % 2 else re.sub(r"([*_\[\]<])", r"\\\1", piece) for at, piece in enumerate(pieces)
    )
