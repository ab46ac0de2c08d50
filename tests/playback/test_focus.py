"""A selected matrix is a focus: it has all of the light, its operands 70 %, the rest 35 %."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still.render import prepared


def light_of(figure: mc.Figure) -> dict[str, set[float]]:
    """By name, the levels of light of all of a matrix's faces; without any, no focus."""
    scene = figure.scene()
    ready = prepared(scene.head, scene.buffers, size=(400, 300), view=figure.state)
    by_id = {face.id: ready.shown.matrices[face.node].name for face in ready.shown.layout.faces}
    out: dict[str, set[float]] = {}
    for face, parts in ready.moment.lit.items():
        assert all(part.rows is None and part.cols is None for part in parts), "whole faces"
        out.setdefault(by_id[face], set()).update(part.level for part in parts)
    return out


@pytest.fixture
def head() -> mc.Figure:
    return mc.figure("out = (attn = softmax(tril(Q @ K.T))) @ V", **dict.fromkeys("QKV", np.eye(4)))


def test_a_selected_matrix_and_its_operands_are_lit(head):
    assert light_of(head) == {}
    assert light_of(head.view(select="attn")) == {"attn": {1.0}, "Q": {0.7}, "K": {0.7}}
    assert light_of(head.view(select="V")) == {"V": {1.0}}


def test_the_result_is_no_choice_and_a_pin_comes_first(head):
    assert light_of(head.view(select="out")) == {}
    scene = head.scene()
    view = head.view(select="V", pin=("out", 1, 2)).state
    lit = prepared(scene.head, scene.buffers, size=(400, 300), view=view).moment.lit
    assert all(part.rows or part.cols for parts in lit.values() for part in parts), "cells, rows and columns"


def test_an_operand_that_comes_by_a_link_is_lit():
    figure = mc.figure("out = (h = A @ B + C @ D) @ V", **dict.fromkeys("ABCDV", np.eye(3)))
    assert light_of(figure.view(select="h")) == {"h": {1.0}, "A": {0.7}, "B": {0.7}, "C @ D": {0.7}}
