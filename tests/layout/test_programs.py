"""Program text to placement: what the article and the language's own sugar lead to."""

from __future__ import annotations

import pytest

from matcube.errors import ShapeError
from matcube.layout import LayoutOptions, place
from matcube.sources.program import parse
from tests.layout.judge import assert_sound

# (Q K^T) V wO of one GPT-2 head, with its masked softmax
HEAD = """
x = shape(256, 768); wQ = shape(768, 64); wK = shape(768, 64); wV = shape(768, 64); wO = shape(64, 768)
Q = x @ wQ
K = x @ wK
V = x @ wV
attn = softmax(tril(Q @ K.T / sqrt(64)))
out = attn @ V @ wO
"""


def test_the_article_head_is_six_boxes_at_its_arrangements():
    graph = parse(HEAD)
    placement = place(graph)
    assert " ".join(str(box.arrangement) for box in placement.boxes) == "-LTF +LBB -LTF +LBB +RTB -RTB"
    assert [face.alias_of is not None for face in placement.faces if graph[face.node].name == "x"] == [
        False,
        True,
        True,
    ]
    assert_sound(graph, placement)


@pytest.mark.parametrize("sheets", [(), "all"])
@pytest.mark.parametrize("gap", [None, 10, 24])
def test_the_article_head_is_free_of_overlap(sheets, gap):
    graph = parse(HEAD)
    assert_sound(graph, place(graph, LayoutOptions(sheets=sheets, gap=gap)))


def test_the_sheets_of_attention_read_from_raw_to_finished():
    graph = parse(HEAD)
    scores = graph.named("attn")
    assert scores is not None
    placement = place(graph, LayoutOptions(sheets=(scores.id,)))
    face = next(face for face in placement.faces if face.node == scores.id)
    sheets = [sheet.node for sheet in placement.faces if sheet.role == "sheet"]
    assert face.chain == (scores.id, *sheets)
    assert len(sheets) == 3  # masked, scaled, raw


def test_the_hint_for_batches_works():
    heads = "Q = shape(4, 16, 64); K = shape(4, 64, 16)"
    with pytest.raises(ShapeError, match="3 dimensions"):
        place(parse(f"{heads}; Q @ K"))
    head = "merge(slice({0}, start=(0, 0, 0), stop=({1})), axis=0)"
    program = f"{heads}; {head.format('Q', '1, 16, 64')} @ {head.format('K', '1, 64, 16')}"
    graph = parse(program)
    placement = place(graph, LayoutOptions(sheets="all"))
    assert [box.sizes for box in placement.boxes] == [(16, 16, 64)]
    assert_sound(graph, placement)


def test_vectors_in_a_program_stand_as_rows_and_columns():
    graph = parse("A = shape(3, 4); v = shape(4); A @ v")
    placement = place(graph)
    assert placement.boxes[0].sizes == (3, 1, 4)
    assert_sound(graph, placement)
