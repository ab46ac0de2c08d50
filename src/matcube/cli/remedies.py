"""Remedies as the command line takes them: the errors of figures speak Python."""

from __future__ import annotations

import ast
import re

from matcube.errors.words import quoted


def _file(match: re.Match[str]) -> str:
    """An array of a file in Python, as the option that reads it."""
    return f"--data {quoted(f'{match[1]}={ast.literal_eval(match[2])}')}"


# What an error says in Python, and how to type the same.
RULES = [
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r'mc\.open_figure\(link, data=\{"(\w+)": np\.load\((\'[^\']*\'|"[^"]*")\)\}\)', _file),
        (r'mc\.open_figure\(link, data=\{"(\w+)": array\}\)', r"--data \1=FILE"),
        (r"mc\.figure\(program, (\w+)=array\)", r"--data \1=file.npy"),
        (r"\bport=0\b", "--port 0"),
        (r'fig\.animate\("(\w+)"\)', r"--animate \1"),
        (r"fig\.backward\(('[^']*'|\"[^\"]*\")\)", r"--backward \1"),
        (r'fig\.save\("([\w.]+)", (seconds|fps)=(\w+)\)', r"--\2 \3"),
        (r"fig\.save\(file, (seconds|fps)=(\w+)\)", r"--\1 \2"),
        (r'fig\.compute\(memory="(\w+)"\)', r"--memory \1"),
        (r'fig\.layout\(sheets="open"\)', "--sheets"),
        (r'\btitles=\["(\w+)", "(\w+)"\]', r"--title \1 --title \2"),
        (r"\bsize=\((\d+), (\d+)\)", r"--size \1x\2"),
        (r'fig\.\w+\([^)]*\)', ""),
        (r"\bpartition\((\w+)=(\d+)\)", r"--partition \1=\2"),
        (r'preset="(\w+)", devices=(\d+)', r"--partition preset:\1=\2"),
        (r'labels=\{"([\w.]+)": \w+\}', r"--labels \1=tokens.txt"),
        (r"width and height in pixels: \((\d+), (\d+)\)", r"--size \1x\2"),
        (r'\("(\w+)", (\d+), (\d+)\) or "\w+\[\d+, \d+\]"', r"--pin '\1[\2, \3]'"),
        (r'(play it by rows: )?algorithm "(\w+)"', r"\1--animate \2"),
        (r'\bfuse "(\w+)" or "(\w+)"', r"--fuse \1 or --fuse \2"),
        (r'"(\w[\w-]*)" \((there are [^)]*)\)', r"--machine \1 (\2)"),
        (r"peak=(\w+), bandwidth=(\w+)", r"--peak \1 --bandwidth \2"),
        (r'grad="(gaussian\([^"]*\))"', r"--let 'dC=\1'"),
        (r'(\w+)="(shape\([\d, ]+\))"', r"--let '\1=\2'"),
        (r"open the sheets", "open the sheets with --sheets"),
        (r"\bTrue or False\b", "true or false"),
    )
]  # fmt: skip

# Python that no rule turned into options.
PYTHON = re.compile(
    r"\b(mc|np|fig)\.\w+|\ba\.\w+\(|\.(figure|named)\(|\b(data|labels|parts|custom|inside)=\{"
    r"|\b(grad|size|preset)=|\bin Python\b|\bitemsize\b|\bNone\b"
)


def translated(text: str) -> str:
    """A sentence of an error in the words of the command line.

    Example:
        >>> translated('choose an algorithm: fig.animate("vmprod")')
        'choose an algorithm: --animate vmprod'
    """
    for pattern, words in RULES:
        text = pattern.sub(words, text)
    return text


def remedy(hint: str | None) -> str | None:
    """A hint in the words of the command line, without what only Python can do.

    Example:
        >>> remedy("a number above 0; mc.figure(...)"), remedy("mc.figure(...)")
        ('a number above 0', None)
    """
    if hint is None or "python -c " in hint:  # a line for the shell as it is
        return hint
    parts = [part for part in re.split(r"; (?![^()]*\))", translated(hint)) if not PYTHON.search(part)]
    return "; ".join(part.strip(" ,") for part in parts if part.strip(" ,:")) or None


def value_for(message: str) -> str | None:
    """How to give a value to a name that has none, where no other name is near.

    Example:
        >>> value_for('nothing is named "z"')
        "give it a value: --let 'z=gaussian(8,8)' or --data z=FILE"
    """
    name = re.fullmatch(r'nothing is named "([\w.]+)"', message)
    if name is not None and "." in name[1]:
        return "give it with the file that holds it: --data FILE"
    return f"give it a value: --let '{name[1]}=gaussian(8,8)' or --data {name[1]}=FILE" if name else None
