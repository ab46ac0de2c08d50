"""Parameters of a graph: the leaves whose name fits a pattern.

A program does not tell weights from inputs, so names decide. The default patterns are the usual names of
weights, biases and gains of norms; ``parameters=["W*", "bias"]`` replaces them. A leaf is one node, so a
shared weight counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from matcube.errors import OptionError
from matcube.ir import Graph, Leaf

# W, w1, wQ, W_out, but not word_vectors; b, b1, bQ; gains of norms; the ends of names in state dicts of
# GPT-2, Llama, BERT and ViT, with dots or underscores; embeddings and learned tokens.
PARAMETERS = (
    "W", "w", "W?", "w?", "[Ww][0-9A-Z_]*", "wte", "wpe", "wqkv", "Wqkv", "b", "b[0-9A-Z_]*",
    "bias*", "gamma*", "beta*",
    "*[._]weight", "*[._]bias", "weight", "*[._]gamma", "*[._]beta", "*_proj", "*pos_embed*",
    "*position_embeddings*",
    "*cls_token", "*mask_token", "*class_embedding", "*lora_[AB]*",
)  # fmt: skip

# Masks that state dicts of GPT-2 and its kind hold beside the weights.
BUFFERS = ("*[0-9][._]attn[._]bias", "*[0-9][._]attention[._]bias", "*[._]masked_bias")


def parameter_leaves(graph: Graph, patterns: Sequence[str] | None) -> frozenset[int]:
    """Ids of the leaves that are parameters.

    Args:
        graph: a legal graph.
        patterns: names, or patterns with ``*``, ``?`` and ``[…]``, case-sensitive; None takes
            ``PARAMETERS``, an empty list makes no leaf a parameter.

    Raises:
        OptionError: a given pattern fits no leaf.
    """
    if isinstance(patterns, str):
        patterns = [patterns]
    leaves = {node.id: node.name for node in graph.nodes if isinstance(node.kind, Leaf) and node.name}
    for pattern in patterns or ():
        if not any(fnmatchcase(name, pattern) for name in leaves.values()):
            raise OptionError(
                f'no leaf is called "{pattern}"', hint=f"leaves are {', '.join(leaves.values()) or 'unnamed'}"
            )
    wanted = PARAMETERS if patterns is None else patterns
    left_out = BUFFERS if patterns is None else ()
    return frozenset(n for n, name in leaves.items() if _fits(name, wanted) and not _fits(name, left_out))


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
