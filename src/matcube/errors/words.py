"""Wording of error texts: similar names, long texts, long lists."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category


def near(word: str, names: Iterable[str], *, count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The names most similar to a word, the best match first.

    Args:
        word: an unknown name.
        names: all valid names.
        count: the most results.
        cutoff: the least similarity, from 0 to 1: a share of common letters.

    Example:
        >>> near("SOFTMAX", ["softmax", "relu"]), near("zigzg", ["blocks", "zigzag"]), near("x", ["blocks"])
        (['softmax'], ['zigzag'], [])
    """
    from difflib import get_close_matches

    listed = list(dict.fromkeys(names))
    same = [name for name in listed if name.lower() == str(word).lower()]
    return same[:count] or get_close_matches(str(word), listed, n=count, cutoff=cutoff)


def suggest(word: str, names: Iterable[str], *, count: int = 1, cutoff: float = 0.6) -> str:
    """Similar names as the end of a sentence, or an empty text.

    Args:
        word: an unknown name.
        names: all valid names.
        count: the most suggestions.
        cutoff: the least similarity, from 0 to 1.

    Example:
        >>> suggest("sofmax", ["softmax", "relu"])
        '; did you mean softmax?'
    """
    names = near(word, names, count=count, cutoff=cutoff)
    return f"; did you mean {' or '.join(names)}?" if names else ""


def shorten(text: str, limit: int = 60) -> str:
    """A long text with its middle left out.

    Example:
        >>> shorten("softmax(Q @ K.T / sqrt(d)) @ V", 20)
        'softmax(Q … (d)) @ V'
    """
    return text if len(text) <= limit else f"{text[: limit // 2 - 1]} … {text[-(limit // 2 - 2) :]}"


def some_of(names: Iterable[str], limit: int = 20) -> str:
    """The first names of a list, with dots if there are more.

    Example:
        >>> some_of(["a", "b", "c"], 2), some_of([])
        ('a, b, …', 'nothing')
    """
    listed = list(names)
    return ", ".join([*listed[:limit], *["…"] * (len(listed) > limit)]) or "nothing"


def printable(text: str) -> str:
    """A text in which a terminal obeys nothing: control and bidirectional characters are written as escapes.

    So are the bytes of a file's name that are no text.

    Example:
        >>> printable("a\\x1b[2Jb\\u202ec")
        'a\\\\x1b[2Jb\\\\u202ec'
    """
    return "".join(
        _escaped(c) if c in _BIDI or (c not in "\n\t" and category(c) in ("Cc", "Cs")) else c for c in text
    )


def quoted(word: object) -> str:
    """A word as a shell reads it, such as the name of a file; nothing in it is obeyed by a terminal.

    Example:
        >>> quoted("a.csv"), quoted("my file.csv"), quoted("a\\x1b[2J")
        ('a.csv', "'my file.csv'", "$'a\\\\x1b[2J'")
    """
    from shlex import quote

    text = str(word)
    if printable(text) == text and not any(c in "\n\t" for c in text):
        return quote(text)
    return "$'" + "".join(map(_in_quotes, text)) + "'"


def _in_quotes(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    return printable(character) if character not in "\n\t" else _escaped(character)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code < 0xDD00:  # a byte that is no text
        code &= 0xFF
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


_BIDI = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
