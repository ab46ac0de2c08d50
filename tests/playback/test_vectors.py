"""The vectors that both renderers must reproduce are those of the present formulas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.write_vectors import FOLDER, _plain, vectors

MADE = vectors()


def same(value: Any, stored: Any, where: str) -> None:
    assert type(value) is type(stored) or isinstance(value, (int, float)), where
    if isinstance(value, dict):
        assert value.keys() == stored.keys(), where
        for key in value:
            same(value[key], stored[key], f"{where}.{key}")
    elif isinstance(value, list):
        assert len(value) == len(stored), where
        for n, (a, b) in enumerate(zip(value, stored, strict=True)):
            same(a, b, f"{where}[{n}]")
    elif isinstance(value, float):
        assert value == pytest.approx(stored, rel=1e-5, abs=1e-6), where
    else:
        assert value == stored, where


@pytest.mark.parametrize("stem", MADE)
def test_vectors_are_fresh(stem: str):
    stored = json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8"))
    same(json.loads(json.dumps(_plain(MADE[stem]))), stored, stem)


def test_every_file_has_its_maker():
    assert {p.stem for p in FOLDER.glob("*.json")} >= set(MADE)
