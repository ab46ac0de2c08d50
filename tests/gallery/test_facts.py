"""The article's figures, column by column, against the scenes of ours.

``facts.json`` has a row for each: leaves as [name, rows, columns, what fills it, min, max]; products as
[path from the root by l and r, name, [I, K, J], arrangement, maps on the result, algorithm, blocks I, K, J].
Of a figure that is ``outside``, the article's data are not at hand: shapes and names of its leaves are not
compared.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcube.ops.initialisers import Spread
from matcube.sources.program import parse_leaf
from matcube.wire import Box, Face, Head, Layout, Matrix
from tools.gallery.rows import Row, data_folder, gpt2_head, rows
from tools.write_goldens import GALLERY, difference, short_text_of

pytestmark = [pytest.mark.slow, pytest.mark.untraced]

FACTS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
ROWS = {row.id: row for row in rows()}
BANDS = 8


@cache
def head_of(name: str) -> Head:
    return ROWS[name].figure().scene().head


@pytest.fixture(params=FACTS, ids=lambda fact: fact["id"])
def case(request) -> tuple[dict[str, Any], Row, Head]:
    row = ROWS[request.param["id"]]
    return request.param, row, head_of(row.id)


def test_every_figure_of_the_article_is_a_row() -> None:
    assert [fact["id"] for fact in FACTS] == sorted(name for name in ROWS if name[0] == "f")


def test_looks_and_film_are_the_articles(case) -> None:
    fact, row, head = case
    view = head.view
    found = {
        "part": int(row.section[0]),
        "film": view.film.algorithm,
        "fuse": view.film.fuse,
        "spin": view.film.spin,
        "gap": head.layouts[0].gap,
        "scatter": view.layout.scatter,
        "molecule": view.layout.molecule,
        "sensitivity": view.style.sensitivity,
    }
    assert found == {name: fact[name] for name in found}


@pytest.mark.parametrize("name", GALLERY)
def test_the_structure_is_the_committed_one(name: str) -> None:
    diff = difference(name, short_text_of(head_of(GALLERY[name].id)))
    assert not diff, f"\n{diff}\nif this was meant, run python -m tools.write_goldens"


def test_leaves_are_filled_as_the_articles(case) -> None:
    fact, row, head = case
    if fact["outside"]:
        leaves = [m for m in head.matrices if not m.operation]
        assert len(leaves) == len({tuple(leaf) for leaf in fact["leaves"]})
        assert {m.name for m in leaves} == set(head.view.data)  # brought, none made up
        return
    values = row.figure()
    found = {name: filled(name, text, values.value(name)) for name, text in head.view.leaves.items()}
    assert found == {leaf[0]: tuple(leaf[1:]) for leaf in fact["leaves"]}
    assert {m.name for m in head.matrices if not m.operation} == set(found)


def filled(name: str, text: str, values: np.ndarray) -> tuple[object, ...]:
    """A leaf in the words of the facts; a formula is known by the values that it gives."""
    kind = text.partition("(")[0]
    if kind == "formula":
        i, j = np.indices(values.shape)
        bands = {"row bands": i, "column bands": j}
        (kind,) = (word for word, at in bands.items() if (values == 1 - 2 * (at // BANDS % 2)).all())
        return (*values.shape, kind)
    fill = parse_leaf(text).leaf.source
    limits = (fill.min, fill.max) if isinstance(fill, Spread) else ()
    return (*values.shape, kind, *limits)


def test_products_stand_and_play_as_the_articles(case) -> None:
    fact, _, head = case
    found = products(head, shapes=not fact["outside"])
    wanted = {path: (name, tuple(sizes), *rest) for path, name, sizes, *rest in fact["products"]}
    if fact["outside"]:
        wanted = {path: (name, *rest) for path, (name, _, *rest) in wanted.items()}
    assert found == {path: tuple(one) for path, one in wanted.items()}


def products(head: Head, *, shapes: bool) -> dict[str, tuple[object, ...]]:
    """Every box of a scene by its path from the root, in the words of the facts."""
    layout = head.layouts[0]
    matrices = {matrix.node: matrix for matrix in head.matrices}
    playing = {sweep.node: sweep.algorithm for sweep in head.film.sweeps} if head.film else {}
    found: dict[str, tuple[object, ...]] = {}
    for path, box in by_path(layout):
        i, j, k = box.sizes
        face = layout.faces[box.result]
        last = matrices[face.node]
        found[path] = (
            last.name if last.text != last.name and last.name.isidentifier() else matrices[box.node].text,
            *([(i, k, j)] if shapes else []),
            box.arrangement,
            maps(face, matrices),
            playing.get(box.node, "none"),
            [blocks(box, letter) for letter in (0, 2, 1)],
        )
    return found


def by_path(layout: Layout) -> list[tuple[str, Box]]:
    makers = {box.result: box for box in layout.boxes}
    found, todo = [], [("", makers[layout.root_face])]
    while todo:
        path, box = todo.pop()
        found.append((path, box))
        todo += [
            (path + side, makers[face])
            for side, face in (("l", box.left), ("r", box.right))
            if face in makers
        ]
    return found


def maps(face: Face, matrices: dict[int, Matrix]) -> list[str]:
    """What is done to a product, first to last: ``· / 8`` is divide."""
    words = []
    for node in reversed(face.chain[:-1]):
        operation = matrices[node].operation
        words.append("divide" if operation.startswith("· / ") else re.match(r"\w+", operation)[0])  # type: ignore[index]
    return words


def blocks(box: Box, letter: int) -> int:
    split, size = box.splits[letter], box.sizes[letter]
    return 1 if split is None else -(-size // split.length)


def test_scores_are_divided_by_the_root_of_their_depth(case) -> None:
    """The article's epilogue is x / sqrt(k) with k the depth of the scores' own box."""
    _, _, head = case
    for matrix in head.matrices:
        if matrix.operation.startswith("· / "):
            depth = next(box.sizes[2] for box in head.layouts[0].boxes if box.node == matrix.inputs[0])
            assert float(matrix.operation.removeprefix("· / ")) == pytest.approx(depth**0.5)


def test_the_head_of_gpt2_attends_as_its_file_says() -> None:
    folder = data_folder()
    if folder is None:  # the demo head stands in, and there is nothing to compare with
        assert not ROWS["f30"].figure().state.program.count("rope")
        return
    from matcube.sources.files import read

    fig = ROWS["f30"].figure(data=folder)
    path = folder / "gpt2_124m_heads_0.2_5.4_4.11.safetensors"
    wanted = read(path, "L0H2.attn_position_only").array[:96, :96]
    np.testing.assert_allclose(fig.value("attn"), wanted, atol=1e-5)
    assert set(gpt2_head(path)) == set(fig.state.data)
