"""Program text around Python's parser: rewriting before it, spans and syntax errors after it."""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Collection
from itertools import pairwise
from typing import NoReturn

from matcube.errors import OptionError, ProgramError, Span, UnknownNameError
from matcube.errors.words import suggest
from matcube.sources.program import spelling
from matcube.wire.view import MAX_TYPED_PROGRAM

_TOKEN = re.compile(
    r"#[^\n]*|'[^'\n]*'|\"[^\"\n]*\"|(?![ᵀ⁰¹²³⁴-⁹])[^\W\d](?:(?![ᵀ⁰¹²³⁴-⁹])\w)*"
    r"|(?![⁰¹²³⁴-⁹])\d(?:(?![ᵀ⁰¹²³⁴-⁹])[\w.])*|:=|[=<>!]=|[-+*/%@]+=?|\n|[^\S\n]+|."
)
_WORD = re.compile(r"[^\W\d]\w*\Z")
_OPERATOR_AT_END = re.compile(r"(\*\*|//|[-+*/@%=(,<>.])\s*\Z")

_VALUE_BEFORE = re.compile(r"(\w+|\))[ \t]+\Z")
_WORD_BEFORE = re.compile(r"(?<!\w)([a-z]+)[ \t]*\Z")
_WORD_HERE = re.compile(r"([a-z]+)\b")
_VALUE_AFTER = re.compile(r"\w+|\(")
_BEFORE = re.compile(r"(\w+)[^\S\n]*\Z")
_AFTER = re.compile(r"[^\S\n]*(\w+)")
_PRODUCT_SIGNS = "×·⋅∙•⊗✕"
_QUOTE = re.compile(r"([\w.]+)'\Z")


class Source:
    """A program text, and its rewriting for Python's parser.

    Python has no ``(name = value)`` inside an expression, and indentation is significant; both are rewritten
    token by token, and every character is mapped to its original offset.

    Args:
        text: the program text.
        limit: the most characters.
        names: names with a value, some of which may be written with dots: ``layers.0.weight``.

    Raises:
        ProgramError: it is empty or too long.
    """

    def __init__(self, text: str, *, limit: int = MAX_TYPED_PROGRAM, names: Collection[str] = ()) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.plain = spelling.plain(self.text)
        self.names = names
        check_length(self.text, limit=limit)
        self._place_lines(*self._rewritten())

    def statements(self) -> list[ast.stmt]:
        """The statements of the program as Python's syntax trees; nothing is compiled or run.

        Raises:
            ProgramError: the text is empty or does not parse; the column is marked.
        """
        if not re.sub(r"#[^\n]*|\s|;", "", self.text):
            raise ProgramError("the program is empty; write a product, such as A @ B")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.rewritten).body
        except SyntaxError as error:
            self._syntax_error(error)
        except (RecursionError, MemoryError):
            self.too_deep()
        except ValueError:  # null bytes, lone surrogates
            raise ProgramError("the program holds characters that no text has", text=self.text) from None

    def span(self, node: ast.AST) -> Span:
        """The span of a syntax tree in the original text."""
        start = self._place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end = self._place(getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0))
        return Span(self._original(start), self._original(end - 1) + 1)

    def operator(self, left: ast.AST, right: ast.AST, symbol: str) -> Span:
        """The span of the operator between two operands.

        Args:
            left: the operand before it.
            right: the operand after it.
            symbol: the operator.
        """
        start, end = self.span(left).end, self.span(right).start
        gap = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), self.plain[start:end])
        offset = gap.find(symbol)
        if offset < 0:  # a function or a superscript: matmul(a, b)
            whole = (self.span(left).start, self.span(right).start, self.span(left).end, self.span(right).end)
            return Span(min(whole), max(whole))
        return Span(start + offset, start + offset + len(symbol))

    def text_of(self, node: ast.AST) -> str:
        """The text of a syntax tree."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def unchained(self, node: ast.Compare) -> str:
        """A remedy for ``0 < i < 3``: the product of its comparisons."""
        terms = [self.text_of(term) for term in (node.left, *node.comparators)]
        signs = [
            self.plain[self.span(a).end : self.span(b).start].strip(" ()")
            for a, b in pairwise((node.left, *node.comparators))
        ]
        products = [f"({a} {sign} {b})" for (a, b), sign in zip(pairwise(terms), signs, strict=True)]
        return "write " + " * ".join(products)

    def error(
        self, message: str, node: ast.AST | Span | None = None, hint: str | None = None
    ) -> ProgramError:
        """An error about this program.

        Args:
            message: what is wrong.
            node: the syntax tree or the span to mark.
            hint: a remedy on a line of its own.
        """
        span = self.span(node) if isinstance(node, ast.AST) else node
        return ProgramError(message, text=self.text, span=span, hint=hint)

    def no_value(self, name: str, span: Span) -> UnknownNameError:
        """The error for a dotted name without a value."""
        near = suggest(spelling.program_name(name), self.names, count=3)
        return UnknownNameError(
            f'nothing is named "{name}"{near}',
            text=self.text,
            span=span,
            hint=f'bind it: mc.figure(program, {{"{name}": array}})',
        )

    def too_deep(self) -> NoReturn:
        """Refuse a program that is nested too deeply."""
        raise ProgramError(
            "the program is nested too deeply", hint="give parts of it a name: S = Q @ K.T"
        ) from None

    def _place_lines(self, rewritten: str, origin: list[int]) -> None:
        """Take a rewritten text, with the offset in the text of each of its characters."""
        self.rewritten, self._origin = rewritten, origin
        self._lines = rewritten.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def _rewritten(self) -> tuple[str, list[int]]:
        before: list[str] = []  # the last three tokens that are not blank
        origin: list[int] = []
        depth, line_starts, pieces, place = 0, True, [], 0
        while place < len(self.plain):
            word, piece = self._token(place, depth)
            places = [place + min(at, len(word) - 1) for at in range(len(piece))]
            place += len(word)
            blank = word.isspace()
            if blank and word != "\n" and line_starts:
                continue  # indentation has no meaning: there are no blocks
            line_starts = word == "\n"
            depth += (word == "(") - (word == ")")
            if word == "=" and _names_a_value(before):
                piece, places = ":=", places * 2
            pieces.append(piece)
            origin += places
            if not blank or (line_starts and depth == 0):
                before = [*before[-2:], word]
        return "".join(pieces), origin

    def _token(self, place: int, depth: int) -> tuple[str, str]:
        """The token at an offset, and its spelling for Python."""
        text = self.plain
        starts_name = place == 0 or not (text[place - 1].isalnum() or text[place - 1] in "._")
        if starts_name and (path := spelling.dotted(text, place, self.names)):
            return path, spelling.program_name(path)
        if transpose := spelling.TRANSPOSE.match(text, place):
            return transpose[0], ".T"
        if power := spelling.SUPERSCRIPT.match(text, place):
            return power[0], " ** " + spelling.number_of(power[0])
        if root := spelling.ROOT.match(text, place):
            return root[0], f"sqrt({root[1]})" if root[1] else "sqrt"
        token = _TOKEN.match(text, place)
        assert token is not None
        return token[0], "=" if token[0] == ":=" and depth == 0 else token[0]

    def _place(self, line: int, byte: int) -> int:
        """The offset in the rewritten text of Python's line and UTF-8 column."""
        text = self._lines[min(line, len(self._lines)) - 1]
        return self._starts[min(line, len(self._lines)) - 1] + len(
            text.encode()[:byte].decode(errors="ignore")
        )

    def _original(self, offset: int) -> int:
        if not self._origin:
            return 0
        if offset >= len(self._origin):
            return len(self.text)
        return self._origin[max(offset, 0)]

    def _syntax_error(self, error: SyntaxError) -> NoReturn:
        line = min(error.lineno or 1, len(self._lines))
        column = min(max((error.offset or 1) - 1, 0), len(self._lines[line - 1]))
        place = self._original(self._starts[line - 1] + column)
        span = Span(place, place + 1)
        code = re.sub(r"#[^\n]*", "", self.text).rstrip("\n; ")
        dangling = _OPERATOR_AT_END.search(code)
        if dangling and place >= dangling.start() - 1 and "\n" not in self.text[dangling.end() :].strip():
            raise self.error(
                f'the program ends after "{dangling[1]}"; something is missing there',
                Span(dangling.start(), dangling.start() + len(dangling[1])),
            ) from None
        if path := spelling.unbound_path(self.plain, place):
            raise self.no_value(path[0], Span(path.start(), path.end())) from None
        reason = (error.msg or "invalid syntax").removesuffix(".")
        if "nested parentheses" in reason:
            self.too_deep()
        hint = _remedy(reason)
        before = self.text[:place].rstrip(" \t")
        if self.text[place : place + 1] in tuple("@+-*/.)") and before.endswith("\n"):
            hint = "a value over several lines needs brackets around it"
        if word := self._keyword(place):
            reason = f"{word} is a Python keyword and cannot be a name"
            hint = f"give it another name, such as {word}_"
        if neighbours := self._neighbours(place):
            reason, hint = f"an operator is missing between {' and '.join(neighbours)}", _product(*neighbours)
        if self.plain[place : place + 1] in tuple(_PRODUCT_SIGNS):
            reason = f"{self.text[place]} has two meanings"
            beside = _BEFORE.search(self.plain, 0, place), _AFTER.match(self.plain, place + 1)
            hint = _product(*(match[1] if match else name for match, name in zip(beside, "AB", strict=True)))
        if quoted := _QUOTE.search(self.plain, 0, place + 1):
            hint = f"a transpose is written {quoted[1]}.T"
        raise self.error(f"this cannot be read: {reason}", span, hint) from None

    def _keyword(self, place: int) -> str | None:
        """The keyword at an offset, or directly before it."""
        around = [_WORD_BEFORE.search(self.text, 0, place), _WORD_HERE.match(self.text, place)]
        return next((match[1] for match in around if match and keyword.iskeyword(match[1])), None)

    def _neighbours(self, place: int) -> tuple[str, str] | None:
        """Two adjacent values at an offset, without an operator between them."""
        left = _VALUE_BEFORE.search(self.text, 0, place)
        right = _VALUE_AFTER.match(self.text, place)
        if left is None or right is None or keyword.iskeyword(left[1]) or keyword.iskeyword(right[0]):
            return None
        return left[1], right[0]


def check_name(name: str) -> None:
    """Refuse an invalid name of a program.

    Raises:
        OptionError: it is not a word of letters, digits and ``_``, or is a Python keyword.
    """
    if not isinstance(name, str):
        raise OptionError(f"a name is text, not {name!r}")
    if keyword.iskeyword(name):
        raise OptionError(
            f'"{name}" is a Python keyword and cannot be a name in a program', hint=f"write {name}_"
        )
    if not name.isidentifier() or name.startswith("__"):
        raise OptionError(
            f'"{name}" cannot be a name in a program',
            hint=f"letters, digits and _: write {spelling.program_name(name)}",
        )


def check_length(text: str, *, limit: int = MAX_TYPED_PROGRAM) -> None:
    """Refuse a program that is too long.

    Raises:
        ProgramError: its length, and the limit.
    """
    if len(text) > limit:
        raise ProgramError(
            f"the program has {len(text)} characters; the longest allowed has {limit}",
            hint="build a longer one in Python, from lazy matrices: (mc.matrix(a) @ mc.matrix(b)).figure()",
        )


def _names_a_value(before: list[str]) -> bool:
    """Whether ``=`` after these tokens is that of ``(name = …`` and not of a keyword argument."""
    if len(before) < 2 or before[-2] != "(" or not _WORD.match(before[-1]):
        return False
    return len(before) < 3 or not (_WORD.match(before[-3]) or before[-3] in (")", "]"))


def _product(left: str, right: str) -> str:
    """The two products of the names beside a sign; A and B where that is no name."""
    if not (left.isidentifier() and right.isidentifier()):
        left, right = "A", "B"
    return f"write {left} @ {right} for a product, {left} * {right} for one cell by cell"


def _remedy(reason: str) -> str | None:
    if "unmatched ')'" in reason:
        return "take it out, or open a bracket before it"
    if ":=" in reason or "assign" in reason or "invalid syntax" in reason:
        return "the language has names, numbers, @ + - * / **, .T, calls such as softmax(S), and name = value"
    return None
