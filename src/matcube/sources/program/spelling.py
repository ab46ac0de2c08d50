"""Characters and names of a program as people type them: typographic signs, superscripts, dotted names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from keyword import iskeyword

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SUPERSCRIPT = re.compile(f"[{_SUPERSCRIPTS}]+")
TRANSPOSE = re.compile(r"[^\S\n]*\^[^\S\n]*(?:[T⊤](?!\w)|\([T⊤]\)|\{(?:T|\\top)\})|[ᵀ⊤]")
ROOT = re.compile(r"√[^\S\n]*(?:(?=\()|((?:(?![ᵀ⁰¹²³⁴-⁹])\w)+)(?![\w.(^ᵀ⁰¹²³⁴-⁹]))")
_PATH = re.compile(r"(?:[^\W\d]|\d+(?=\.[^\W\d]))\w*(?:\.\w+)+")
_ATTRIBUTES = frozenset(("T", "mT", "H", "shape"))


def plain(text: str) -> str:
    """The same text with ASCII signs for typographic ones, character by character.

    Example:
        >>> plain("A − B ⊙ C")
        'A - B * C'
    """
    return "".join(_plain(sign) for sign in text)


def number_of(superscript: str) -> str:
    """Digits of a superscript.

    Example:
        >>> number_of("¹²")
        '12'
    """
    return "".join(str(_SUPERSCRIPTS.index(sign)) for sign in superscript)


def program_name(name: str) -> str:
    """The name of an array in a file, as a program can write it.

    Example:
        >>> program_name("L18H6.wQ"), program_name("0.weight")
        ('L18H6_wQ', 'x0_weight')
        >>> program_name("class")
        'class_'
    """
    plain_name = re.sub(r"\W", "_", name)
    if iskeyword(plain_name):
        return plain_name + "_"
    return plain_name if plain_name.isidentifier() and not plain_name.startswith("__") else "x" + plain_name


def dotted(text: str, start: int, names: Collection[str]) -> str | None:
    """The dotted name of an array at an offset, as far as one of ``names`` stands for it.

    Args:
        text: the program.
        start: the offset.
        names: names as ``program_name`` writes them.

    Example:
        >>> dotted("layers.0.weight.T @ x", 0, ["layers_0_weight"])
        'layers.0.weight'
    """
    match = _PATH.match(text, start)
    parts = match[0].split(".") if match else []
    for count in range(len(parts), 1, -1):
        path = ".".join(parts[:count])
        is_attribute = count == 2 and parts[1] in _ATTRIBUTES and parts[0] in names
        if program_name(path) in names and not is_attribute:
            return path
    return None


def words_of(program: str) -> set[str]:
    """The words of a program, each perhaps a name; dotted ones as ``program_name`` writes them.

    Example:
        >>> sorted(words_of("h.0.w @ Kᵀ"))
        ['0', 'K', 'h', 'h_0', 'h_0_w', 'w']
    """
    text = SUPERSCRIPT.sub(" ", TRANSPOSE.sub(" ", plain(program)))
    text = unicodedata.normalize("NFKC", text)
    words = set("".join(c if c.isidentifier() or c.isdigit() else " " for c in text).split())
    paths = [match[0].split(".") for match in _PATH.finditer(text)]
    return words | {
        program_name(".".join(path[:count])) for path in paths for count in range(2, len(path) + 1)
    }


def unbound_path(text: str, place: int) -> re.Match[str] | None:
    """The dotted name with a number in it around an offset, ``layers.0.weight``."""
    paths = (match for match in _PATH.finditer(text) if match.start() <= place <= match.end())
    return next((match for match in paths if re.search(r"\.\d", match[0]) or match[0][0].isdigit()), None)


def _plain(sign: str) -> str:
    if sign.isascii() or sign == "\n":
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign.isspace():
        return " " if unicodedata.category(sign) == "Zs" else sign
    wide = unicodedata.normalize("NFKC", sign) if "\uff01" <= sign <= "\uff5e" else sign
    return wide if not wide.isalnum() else sign


_SIGNS = {
    **dict.fromkeys("−–—‐‑‒﹣", "-"),
    **dict.fromkeys("⊙∘∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("\u200b\ufeff\u2060", " "),
    **{chr(0x2080 + digit): str(digit) for digit in range(10)},
}
