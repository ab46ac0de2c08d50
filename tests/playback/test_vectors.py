"""The vectors that both renderers must reproduce are those of the formulas as they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.write_vectors import FOLDER, _plain, vectors

MADE = vectors()


def same(one: Any, two: Any, where: str) -> None:
    assert type(one) is type(two) or isinstance(one, (int, float)), where
    if isinstance(one, dict):
        assert one.keys() == two.keys(), where
        for key in one:
            same(one[key], two[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(two), where
        for n, (a, b) in enumerate(zip(one, two, strict=True)):
            same(a, b, f"{where}[{n}]")
    elif isinstance(one, float):
        assert one == pytest.approx(two, rel=1e-5, abs=1e-6), where
    else:
        assert one == two, where


@pytest.mark.parametrize("stem", MADE)
def test_vectors_are_fresh(stem: str):
    stored = json.loads((FOLDER / f"{stem}.json").read_text(encoding="utf-8"))
    same(json.loads(json.dumps(_plain(MADE[stem]))), stored, stem)


def test_every_file_has_its_maker():
    assert {p.stem for p in FOLDER.glob("*.json")} >= set(MADE)
