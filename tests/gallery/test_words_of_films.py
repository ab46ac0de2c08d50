"""What the gallery says of heads and of films, against NumPy and the film's own numbers."""

from __future__ import annotations

import numpy as np

from matcube import Figure
from tools.gallery.rows import rows

ROWS = {row.id: row for row in rows()}


def shown(name: str) -> Figure:
    return ROWS[name].figure()


def attention64(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Causal attention in float64."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    scores[np.triu_indices(len(q), 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (weights / weights.sum(axis=1, keepdims=True)) @ v


def test_heads_attend_on_their_own() -> None:
    for name, shared in (("n01", 1), ("n02", 2)):
        fig = shown(name)
        x, wQ, wK, wV, wO = (fig.value(one).astype(float) for one in ("x", "wQ", "wK", "wV", "wO"))
        q, k, v = (np.split(x @ w, w.shape[1] // 8, axis=1) for w in (wQ, wK, wV))
        heads = [attention64(q[h], k[h // shared], v[h // shared]) for h in range(4)]
        np.testing.assert_allclose(fig.value("out"), np.hstack(heads) @ wO, atol=1e-5)
        assert len(k) * shared == 4


def test_flash_attention_ends_as_attention() -> None:
    fig = shown("n05")
    q, k, v = (fig.value(one).astype(float) for one in "QKV")
    np.testing.assert_allclose(fig.value("out"), attention64(q, k, v), atol=1e-5)
    assert fig.film is not None and "online" in {sweep.algorithm for sweep in fig.film.sweeps}


def test_tiles_are_counted() -> None:
    film = shown("n06").film
    assert film is not None and film.duration == (32 // 8) * (24 // 8) * (32 // 8)
    assert "8 × 8 × 8" in ROWS["n06"].text


def test_decoding_takes_a_step_for_each_token() -> None:
    film = shown("n09").film
    assert film is not None and film.duration == 16
    assert len(film.sweeps) == 6 and {sweep.start for sweep in film.sweeps} == {0.0}
