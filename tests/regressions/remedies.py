"""Remedies of error texts: their enumeration in the source, their code, and how a program's remedy is run."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import matcube as mc
from matcube.errors import MatcubeError, Span

SOURCE = Path(mc.__file__).parent
OFFER = re.compile(
    r"\bwrite (?=[\w(.{=-])|\bmc\.\w+\(|\bfig\.\w+\(|\bnp\.\w+\(|\ba\.\w+\(|did you mean|\.named\("
)
_START = r"\bwrite |bind it: |bind the mask: |did you mean |product |columns |softmax\(S\); "
_CODE = re.compile(rf"(?:{_START})(.+?)(?=\?|;|$)")
_END = re.compile(
    r",? (?:which|for|the|as|in|with|from)\b|: | \(the|, or | or |, (?=[A-Z] \*)|, (?=shape\(64)"
)


def literals(*places: str) -> dict[str, re.Pattern[str]]:
    """The texts that offer code, by ``file: text``, with the pattern of what they become.

    Args:
        places: files and folders of the package.
    """
    found = {}
    for path in sorted(file for place in places for file in _files(SOURCE / place)):
        for text, pattern in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
            if OFFER.search(text) and re.search(r"\s", text) and "…" not in text:
                found[f"{path.relative_to(SOURCE)}: {text}"] = re.compile(pattern, re.DOTALL)
    return found


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))


def texts_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts of a file and their patterns, without docstrings and the help of options."""
    documented = [x for x in ast.walk(tree) if isinstance(x, ast.Module | ast.ClassDef | ast.FunctionDef)]
    left_out = {id(x.body[0].value) for x in documented if isinstance(x.body[0], ast.Expr)}
    left_out |= {id(value) for x in ast.walk(tree) if isinstance(x, ast.JoinedStr) for value in x.values}
    helps = [x.value for x in ast.walk(tree) if isinstance(x, ast.keyword) and x.arg in ("help", "epilog")]
    left_out |= {id(each) for value in helps for each in ast.walk(value)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            pieces = re.split(r"(\{\w*\})", node.value)
            yield (
                node.value,
                "".join(".*?" if piece.startswith("{") else re.escape(piece) for piece in pieces),
            )
        elif isinstance(node, ast.JoinedStr):
            values = [v.value if isinstance(v, ast.Constant) else None for v in node.values]
            yield (
                "".join("{}" if value is None else str(value) for value in values),
                "".join(".*?" if value is None else re.escape(str(value)) for value in values),
            )


def code_of(error: MatcubeError) -> list[str]:
    """The code that an error offers; texts with ``…`` in them are no code."""
    found = []
    for line in (error.message, error.hint or ""):
        for match in _CODE.finditer(line):
            rest = match[1]
            while rest:
                end = _end(rest)
                code, rest = rest[: end[0]].strip(), rest[end[1] :] if end[2] else ""
                code = re.sub(r"^(\w+)=array$", r"mc.figure(program, \1=array)", code)
                if _parses(code) and code not in ("name = value", "array"):
                    found.append(code)
    return found


def _end(text: str) -> tuple[int, int, bool]:
    """Where code ends, where more of it may start, and whether more may follow."""
    for match in _END.finditer(text):
        before = text[: match.start()]
        if all(before.count(a) == before.count(b) for a, b in ("()", "[]", "{}")):
            more = match[0] in (", or ", " or ") or (match[0].startswith(", ") and match[0] == ", ")
            return match.start(), match.end(), more
    return len(text), len(text), False


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return bool(code) and "…" not in code


def run(error: MatcubeError, code: str, program: str, data: Mapping[str, object]) -> None:
    """Type a remedy into the program that provoked it, at the mark, or alone; ``mc.…`` is Python.

    Args:
        error: the error.
        code: the remedy.
        program: the text that provoked it.
        data: its arrays.

    Raises:
        MatcubeError: no way of typing it works.
    """
    marked = error.span
    names = re.findall(r"(\w+)=|\"([\w.]+)\":", code) if code.startswith("mc.") else []
    if marked is not None and (word := re.match(r"\w+(?==)", program[marked.start : marked.end])):
        marked = Span(marked.start, marked.start + word.end())
    put = "".join(names[0]) if names else code.removeprefix("=")
    texts = [put]
    if marked is not None:
        texts.insert(0, program[: marked.start] + put + program[marked.end :])
    failure: MatcubeError | None = None
    for text in [*texts, *(f"{text}; Q" for text in texts)]:  # some programs end with a number
        try:
            if code.startswith("mc."):
                _python(code, text, data)
            else:
                mc.figure(text, dict(data))
        except MatcubeError as error_of_remedy:
            failure = failure or error_of_remedy
        else:
            return
    assert failure is not None
    raise failure


def _python(code: str, program: str, data: Mapping[str, object]) -> None:
    """A call of ``mc.figure``, beside the arrays of the program."""
    tree = ast.parse(code, mode="eval").body
    assert isinstance(tree, ast.Call)
    given = {str(word.arg): _value(word.value) for word in tree.keywords}
    for each in tree.args[1:]:
        assert isinstance(each, ast.Dict)
        given |= {
            str(ast.literal_eval(key)): _value(value)
            for key, value in zip(each.keys, each.values, strict=True)
            if key
        }
    first = ast.unparse(tree.args[0])
    mc.figure(program if first == "program" else ast.literal_eval(tree.args[0]), {**data, **given})


def _value(node: ast.expr) -> object:
    return np.ones((4, 4)) if isinstance(node, ast.Name) else ast.literal_eval(node)
