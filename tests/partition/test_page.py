"""docs/partitions.md: its examples run, its table is what is printed, and it names every preset and word."""

from __future__ import annotations

import re
from pathlib import Path

from matcube.api.figure import Figure
from matcube.partition import FORMULAS, PRESETS
from matcube.partition.structure import WORDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "partitions.md").read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    first, last = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    (table,) = re.findall(r"```text\n(.*?)```", PAGE, re.S)
    names: dict[str, object] = {}
    exec(first, names)
    fig = names["fig"]
    assert isinstance(fig, Figure)
    assert str(fig.partition(preset="megatron", devices=4).devices()) + "\n" == table
    exec(last, names)
    for code, expected in re.findall(r"^(found\..*?)  # (.*?)(?::.*)?$", last, re.M):
        assert repr(eval(code, names)) == expected, code


def test_every_preset_word_and_exchange_is_on_the_page() -> None:
    for name in PRESETS:
        assert f"| `{name}` |" in PAGE
    for word in (*WORDS, *FORMULAS):
        assert word in PAGE
