"""Discouraged words in comments, docstrings and docs, and as names in code.

    python -m tools.prose            problems where a word is enforced; part of the lint
    python -m tools.prose --all      counts of every word in every folder, enforced or not

A word is enforced in the folders where no use is left: a folder, once clean, is added to the word's row, and
a package of the library to ``PACKAGES``.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "examples", "src", "tests", "tools", "viewer")
_TS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.DOTALL)
_TS_NAME = re.compile(r"\b(?:const|let|function|class)\s+(\w+)|[(,]\s*(\w+)(?=\??:|\)\s*=>)")
_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`|^ *(?:>>>|\.\.\.)[^\n]*", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^ {4}[^\n]*", re.MULTILINE)  # code in Markdown


@dataclass(frozen=True)
class Word:
    """A discouraged word.

    Args:
        pattern: a regular expression, matched whole in running text without regard to case; or a name.
        instead: what to write.
        enforced: folders, with those below them, in which a use is a problem.
    """

    pattern: str
    instead: str
    enforced: tuple[str, ...] = ()

    def uses(self, text: str) -> int:
        """How often a text has it."""
        return len(re.findall(rf"\b(?:{self.pattern})\b", text, re.IGNORECASE))


@dataclass
class Text:
    """The prose and the names of one file."""

    path: str
    prose: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)


def read(path: Path) -> Text:
    """The prose and the names of a Python, TypeScript or Markdown file."""
    text = Text(path.relative_to(ROOT).as_posix())
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        _read_python(source, text)
    elif path.suffix == ".ts":
        for match in _TS_COMMENT.finditer(source):
            text.prose.append((source.count("\n", 0, match.start()) + 1, match[0]))
        bare = _TS_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)
        for match in _TS_NAME.finditer(bare):
            text.names.append((bare.count("\n", 0, match.start()) + 1, match[1] or match[2]))
    else:
        text.prose.append((1, _INDENTED.sub("", source)))
    text.prose = [
        (line, _CODE.sub(lambda code: "\n" * code[0].count("\n"), prose)) for line, prose in text.prose
    ]
    return text


def _read_python(source: str, text: Text) -> None:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text.prose.append((token.start[0], token.string))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=True)
            if docstring:
                text.prose.append((node.body[0].lineno, docstring))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text.names.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            text.names.append((node.lineno, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            text.names.append((node.lineno, node.id))


def files() -> Iterator[Path]:
    """Every file that is read: generated ones, changelogs and the table below are not."""
    for folder in FOLDERS:
        for ending in ("py", "ts", "md"):
            for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
                skipped = {"node_modules", "assets", ".tsc"} & set(path.parts)
                if not skipped and not path.name.endswith(".gen.ts") and path != Path(__file__):
                    yield path
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CODE_STYLE.md", "SECURITY.md"))


def folder_of(path: str) -> str:
    """The folder under which a file is counted; files at the top belong to docs."""
    return path.partition("/")[0] if "/" in path else "docs"


def is_enforced(word: Word, path: str) -> bool:
    """Whether a use of the word in a file is a problem."""
    place = path if "/" in path else f"docs/{path}"
    return any(place.startswith(f"{folder}/") for folder in word.enforced)


def problems(texts: Iterable[Text]) -> Iterator[str]:
    """One line for each use of a word where it is enforced."""
    for text in texts:
        for table, places in ((WORDS, text.prose), (NAMES, text.names)):
            for word in (word for word in table if is_enforced(word, text.path)):
                for line, prose in places:
                    for at, part in enumerate(prose.splitlines()):
                        if word.uses(part):
                            yield f"{text.path}:{line + at}: {word.pattern!r}: write {word.instead}"


def counts(texts: Iterable[Text]) -> dict[str, Counter[str]]:
    """Uses of every word by folder."""
    result: dict[str, Counter[str]] = {}
    for text in texts:
        for kind, table, places in (("", WORDS, text.prose), ("name ", NAMES, text.names)):
            for word in table:
                uses = sum(word.uses(part) for _, part in places)
                result.setdefault(kind + word.pattern, Counter())[folder_of(text.path)] += uses
    return result


def main() -> int:
    texts = [read(path) for path in files()]
    if "--all" in sys.argv[1:]:
        for pattern, row in counts(texts).items():
            print(f"{pattern:<36}" + "".join(f"{folder} {row[folder]:<5}" for folder in FOLDERS))
        return 0
    uses = list(problems(texts))
    print("\n".join(uses), end="\n" if uses else "")
    return 1 if uses else 0


# No use of any word or name below is left in these packages.
PACKAGES = (
    "src/matcube/api",
    "src/matcube/cli",
    "src/matcube/cost",
    "src/matcube/engine",
    "src/matcube/errors",
    "src/matcube/ir",
    "src/matcube/layout",
    "src/matcube/ops",
    "src/matcube/outputs",
    "src/matcube/partition",
    "src/matcube/playback",
    "src/matcube/scene",
    "src/matcube/session",
    "src/matcube/sources",
    "src/matcube/timeline",
    "src/matcube/values",
    "src/matcube/wire",
    "tests/cost",
    "tests/errors",
    "tests/ir",
    "tests/layout",
    "tests/ops",
    "tests/outputs",
    "tests/partition",
    "tests/playback",
    "tests/scene",
    "tests/sources",
    "tests/timeline",
    "tests/values",
    "tests/wire",
)
CLEAN = ("docs", "tools", "viewer", *PACKAGES)  # no use of any word is left in the prose of these folders
WORDS = (
    Word(
        "nobody|no one|somebody|someone|whoever",
        "the subject: an unknown name, the caller, the reader",
        CLEAN,
    ),
    Word("passed over", "ignored, skipped", FOLDERS),
    Word("as ever", "as before, unchanged", CLEAN),
    Word("brought", "bound, passed, given", CLEAN),
    Word("(?:stand|stands|stood|standing)(?! (?:for|alone)\\b)", "is, is placed, is shown", CLEAN),
    Word("told", "reported, distinguished", CLEAN),
    Word("lends?|lent|lending", "shares, shared", CLEAN),
    Word("hangs? on", "depends on", CLEAN),
    Word("carried", "bound, contained, continued", CLEAN),
    Word("kept", "retained, cached, unchanged", CLEAN),
    Word("at hand", "available", CLEAN),
    Word("gives? way", "is replaced", CLEAN),
    Word("(?:was|were|is|are|what) asked for", "requested, requires", CLEAN),
    Word("comes? about", "is computed, arises", ("docs", "src", "tests", "tools", "viewer")),
    Word("the near ones|near names", "similar names", CLEAN),
    Word("looks? alike", "are similar, cannot be distinguished", FOLDERS),
    Word("in the midst", "in the middle, during", CLEAN),
    Word("says? otherwise", "overrides it", CLEAN),
    Word("papered over", "hidden", ("docs", "src", "tests", "tools", "viewer")),
    Word("takes? up|taken up", "handles, occupies", CLEAN),
)

NAMES = (
    Word("one", "the noun: face, match, row", ("examples", "viewer", *PACKAGES)),
    Word("found", "match, result, entries", ("examples", "viewer", *PACKAGES)),
    Word("known", "cached, names", ("examples", "viewer", *PACKAGES)),
    Word("stands", "position, is_placed", CLEAN),
    Word("told", "reported", CLEAN),
    Word("lent", "shared", CLEAN),
    Word("brought", "bound", CLEAN),
    Word("carried", "bound", CLEAN),
    Word("kept", "retained, cached", ("examples", "viewer", *PACKAGES)),
    Word("said", "text, output", CLEAN),
    Word("gone|went|came|got", "a noun", ("examples", "viewer", *PACKAGES)),
)

if __name__ == "__main__":
    sys.exit(main())
