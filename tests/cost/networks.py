"""Networks as graphs of shapes, in our own words; no values. Biases and norms as in the published models."""

from __future__ import annotations

from typing import Any

import matcube as mc
from matcube.ir import Graph
from matcube.sources.lazy import Matrix
from matcube.sources.lazy_einsum import einsum


def leaf(name: str, *shape: int) -> Matrix:
    return mc.matrix(f"shape({', '.join(map(str, shape))})", name=name)


def graph_of(root: Any) -> Graph:
    return root.to_graph()[0]


def norm(x: Any, name: str) -> Any:
    width = x.shape[-1]
    return x.layernorm() * leaf(f"gamma_{name}", width) + leaf(f"beta_{name}", width)


def linear(x: Any, name: str, width: int, *, has_bias: bool = True) -> Any:
    out = x @ leaf(f"W_{name}", x.shape[-1], width)
    return out + leaf(f"b_{name}", width) if has_bias else out


def heads(x: Any, parts: int) -> Any:
    return x.split(axis=1, parts=parts).permute(axes=(1, 0, 2))


def attention(q: Any, k: Any, v: Any, *, is_causal: bool = True) -> Any:
    scores = q @ k.mT / q.shape[-1] ** 0.5
    z = (scores.tril() if is_causal else scores).softmax() @ v
    return z.permute(axes=(1, 0, 2)).merge(axis=1)


def block(x: Any, name: str, *, parts: int, is_causal: bool) -> Any:
    """Attention and feed-forward of GPT-2, BERT and ViT: one matrix for Q, K and V, biases everywhere."""
    tokens, width = x.shape
    qkv = linear(norm(x, f"{name}_1"), f"{name}_qkv", 3 * width)
    q, k, v = (
        heads(qkv.slice(start=(0, n * width), stop=(tokens, (n + 1) * width)), parts) for n in range(3)
    )
    x = linear(attention(q, k, v, is_causal=is_causal), f"{name}_o", width) + x
    return linear(linear(norm(x, f"{name}_2"), f"{name}_up", 4 * width).gelu(), f"{name}_down", width) + x


def stack(x: Any, *, layers: int, parts: int, is_causal: bool) -> Any:
    for n in range(layers):
        x = block(x, f"h{n}", parts=parts, is_causal=is_causal)
    return x


def gpt2(tokens: int, *, layers: int = 12, width: int = 768) -> Graph:
    """GPT-2 with logits; the embedding is used twice and is one leaf."""
    wte = leaf("wte", 50257, width)
    wpe = leaf("wpe", 1024, width)
    x = wte.take(leaf("ids", tokens)) + wpe.take(leaf("places", tokens))
    x = norm(stack(x, layers=layers, parts=12, is_causal=True), "f")
    return graph_of(x @ wte.T)


def bert_base(tokens: int) -> Graph:
    """BERT-base with its pooler."""
    parts = [
        leaf("wte", 30522, 768).take(leaf("ids", tokens)),
        leaf("wpe", 512, 768).take(leaf("places", tokens)),
    ]
    x = norm(parts[0] + parts[1] + leaf("w_kinds", 2, 768).take(leaf("kinds", tokens)), "e")
    x = stack(x, layers=12, parts=12, is_causal=False)
    return graph_of(linear(x.slice(start=(0, 0), stop=(1, 768)), "pool", 768).tanh())


def vit_b16(size: int = 224) -> Graph:
    """ViT-B/16 with its head of 1000 classes: patches are rows of 16 · 16 · 3 pixels."""
    patches = linear(leaf("patches", (size // 16) ** 2, 16 * 16 * 3), "patch", 768)
    x = mc.matrix("shape(1, 768)", name="W_class")
    x = _after(x, patches) + leaf("W_places", patches.shape[0] + 1, 768)
    x = norm(stack(x, layers=12, parts=12, is_causal=False), "f")
    return graph_of(linear(x.slice(start=(0, 0), stop=(1, 768)), "head", 1000))


def _after(first: Any, second: Any) -> Any:
    from matcube.sources.lazy import apply

    return apply("concat", first, second, axis=0)


def llama(
    tokens: int, *, width: int, queries: int, keys: int, hidden: int, vocabulary: int, layers: int
) -> Graph:
    """A Llama: grouped queries, SwiGLU, RoPE, no biases."""
    x = leaf("wte", vocabulary, width).take(leaf("ids", tokens))
    size = width // queries
    for n in range(layers):
        y = x.rmsnorm() * leaf(f"gamma_a{n}", width)
        q = heads(linear(y, f"q{n}", width, has_bias=False), queries)
        k, v = (heads(linear(y, f"{name}{n}", keys * size, has_bias=False), keys) for name in "kv")
        k, v = (matrix.repeat(axis=0, times=queries // keys) for matrix in (k, v))
        x = linear(attention(q, k, v), f"o{n}", width, has_bias=False) + x
        y = x.rmsnorm() * leaf(f"gamma_m{n}", width)
        gate = linear(y, f"gate{n}", hidden, has_bias=False).silu()
        x = linear(gate * linear(y, f"up{n}", hidden, has_bias=False), f"down{n}", width, has_bias=False) + x
    return graph_of(linear(x.rmsnorm() * leaf("gamma_f", width), "head", vocabulary, has_bias=False))


def convolution(places: int, taps: int, channels: int, filters: int, groups: int = 1) -> Graph:
    """A convolution as a product of patches (groups, places, taps · channels / groups) with its filters."""
    inner = taps * channels // groups
    patches = leaf("patches", groups, places, inner)
    return graph_of(einsum("gnq,gqo->gno", patches, leaf("W", groups, inner, filters // groups)))
