"""Which products are attention, by structure alone."""

from __future__ import annotations

import pytest

from matcube.ir import Graph, Hollow, Leaf, LeafInput
from matcube.ir.attention import Attention, attention_of
from matcube.sources.program import parse


def graph_of(program: str) -> Graph:
    return parse(program, leaves={name: LeafInput((4, 4), Leaf(Hollow())) for name in "QKV"})


def test_a_softmax_of_scores_times_values_is_attention() -> None:
    graph = graph_of("softmax(tril(Q @ K.T / 2)) @ V")
    match = attention_of(graph, graph.root)
    assert isinstance(match, Attention) and match.product == graph.root.id
    labels = [graph[node].text for node in (match.shares, match.masked, match.scores)]
    assert labels == ["softmax(tril(Q @ K.T / 2))", "tril(Q @ K.T / 2)", "Q @ K.T"]


def test_shares_may_be_scaled_before_the_values() -> None:
    graph = graph_of("(softmax(Q @ K) * 2) @ V")
    match = attention_of(graph, graph.root)
    assert match is not None and graph[match.shares].text == "softmax(Q @ K)"


OTHERS = ["relu(Q @ K) @ V", "softmax(Q) @ V", "V @ softmax(Q @ K)", "softmax(Q @ K)"]


@pytest.mark.parametrize("program", OTHERS)
def test_other_products_are_not(program: str) -> None:
    graph = graph_of(program)
    assert attention_of(graph, graph.root) is None
