"""Trained heads, written as programs, against the attention that their files state.

The files come with ``MATCUBE_DATA``; the demo head comes with the package and is always tested.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import matcube as mc
from matcube.sources.files import read

HEAD = """
Q = rope(x @ wQ, base=100000); K = rope(x @ wK, base=100000); V = x @ wV
out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO
"""
GPT2_HEAD = """
n = layernorm(x) * gain + bias
Q = n @ wQ + bQ; K = n @ wK + bK; V = n @ wV + bV
out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO
"""
FLOAT16_STORAGE = 2e-3


@pytest.fixture
def data() -> Path:
    folder = os.environ.get("MATCUBE_DATA")
    if not folder:
        pytest.skip("MATCUBE_DATA names no folder of trained heads")
    return Path(folder)


def rope64(x: np.ndarray, base: float) -> np.ndarray:
    """Half-split rotary embedding in float64, x (i, d)."""
    half = x.shape[1] // 2
    angle = np.arange(len(x))[:, None] * base ** (-np.arange(half) / half)
    a, b = x[:, :half], x[:, half:]
    return np.hstack([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)])


def causal64(q: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Causal attention in float64."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    scores[np.triu_indices(len(q), 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("head", ["L8H0", "L16H0", "L17H5", "L18H6"])
def test_smollm2_heads_attend_as_their_file_says(data: Path, head: str) -> None:
    path = data / "smollm2_135m_heads_jack256.safetensors"
    w = {name: read(path, f"{head}.{name}").array for name in ("wQ", "wK", "wV", "wO", "attn")}
    x = read(path, f"{head.split('H', maxsplit=1)[0]}.x").array
    fig = mc.figure(HEAD, x=x, **{name: w[name] for name in ("wQ", "wK", "wV", "wO")})
    np.testing.assert_allclose(fig.value("attn"), w["attn"].astype(float), atol=FLOAT16_STORAGE)
    x64, w64 = x.astype(float), {name: a.astype(float) for name, a in w.items()}
    attn = causal64(rope64(x64 @ w64["wQ"], 1e5), rope64(x64 @ w64["wK"], 1e5))
    out = attn @ (x64 @ w64["wV"]) @ w64["wO"]
    np.testing.assert_allclose(fig.value("attn"), attn, atol=1e-5)
    np.testing.assert_allclose(fig.value("out"), out, atol=1e-5 + 1e-5 * np.abs(out).max())


def test_gpt2_head_with_its_biases_attends_by_position(data: Path) -> None:
    path = data / "gpt2_124m_heads_0.2_5.4_4.11.safetensors"
    names = ("wQ", "wK", "wV", "wO", "bQ", "bK", "bV", "attn_position_only")
    w = {name: read(path, f"L0H2.{name}").array for name in names}
    stated = w.pop("attn_position_only")
    fig = mc.figure(
        GPT2_HEAD,
        x=read(path, "wpe256").array,
        gain=read(path, "L0.ln_1.weight").array,
        bias=read(path, "L0.ln_1.bias").array,
        **w,
    )
    np.testing.assert_allclose(fig.value("attn"), stated, atol=1e-5)


def test_the_demo_head_copies_the_rhyme() -> None:
    """An induction head: where it does not rest on the first token, it looks just after an earlier copy."""
    path = Path(str(files("matcube") / "data" / "demo_head.safetensors"))
    x = read(path, "x")
    tokens = x.labels[0]
    assert tokens is not None and len(tokens) == 256
    weights = {name: read(path, name).array for name in ("wQ", "wK", "wV", "wO")}
    attn = mc.figure(HEAD, x=x.array, **weights).value("attn")
    copied = 0.0
    for i in range(1, 256):
        after_copies = [j for j in range(1, i) if tokens[j - 1] == tokens[i]]
        copied += float(attn[i, after_copies].sum())
    free = float(attn[:, 1:].sum())
    assert copied / free > 0.5
