"""The check of discouraged words sees comments, docstrings, docs and names, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import prose

SAMPLES = {
    "sample.py": (
        '"""Nobody reads ``nobody``."""\nlent = 1  # what hangs on it\ntext = "whoever"\n\n'
        'def kept(told):\n    """Sum.\n\n    >>> nobody\n\n    Args:\n        told: nobody.\n    """\n'
    ),
    "sample.ts": '// as ever\nconst found = "// brought";\nfor (const one of rows) use((known) => known);\n',
    "sample.md": "It stands.\n\n    It stands.\n\n```\nIt stands.\n```\n`stands` stands for it.\n",
}


@pytest.mark.parametrize(
    ("name", "words", "names"),
    [
        ("sample.py", [(1, "nobody"), (2, "hangs on"), (11, "nobody")], ["lent", "text", "kept", "told"]),
        ("sample.ts", [(1, "as ever")], ["found", "one", "known"]),
        ("sample.md", [(1, r"stands(?! for)")], []),
    ],
)
def test_what_is_read(name: str, words, names: list[str], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    (tmp_path / name).write_text(SAMPLES[name], encoding="utf-8")
    text = prose.read(tmp_path / name)
    uses = [
        (line + at, use)
        for line, part in text.prose
        for at, sentence in enumerate(part.splitlines())
        for use in ("nobody", "whoever", "hangs on", "as ever", "brought", r"stands(?! for)")
        if prose.Word(use, "").uses(sentence)
    ]
    assert sorted(uses) == words
    assert sorted(name for _, name in text.names) == sorted(names)


def test_a_word_is_a_problem_only_where_it_is_enforced(monkeypatch) -> None:
    monkeypatch.setattr(prose, "WORDS", (prose.Word("hangs? on", "depends on", ("docs",)),))
    monkeypatch.setattr(prose, "NAMES", (prose.Word("kept", "cached", ("src/b",)),))
    texts = [
        prose.Text(path, [(7, "First.\nIt hangs on B.")], [(3, "kept"), (4, "kept_rows")])
        for path in ("docs/a.md", "src/b/c.py", "src/bc.py", "README.md")
    ]
    assert list(prose.problems(texts)) == [
        "docs/a.md:8: 'hangs? on': write depends on",
        "src/b/c.py:3: 'kept': write cached",
        "README.md:8: 'hangs? on': write depends on",
    ]
