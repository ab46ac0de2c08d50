"""What the gallery says in numbers, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.wire import Box
from tools.gallery.rows import Row, rows

pytestmark = [pytest.mark.slow, pytest.mark.untraced]

ROWS: dict[str, Row] = {row.id: row for row in rows()}


def said(name: str, *words: str) -> None:
    missing = [word for word in words if word not in ROWS[name].text]
    assert not missing, ROWS[name].text


def values(name: str, matrix: str) -> np.ndarray:
    return np.asarray(ROWS[name].figure().value(matrix), dtype=np.float64)


def test_dot_products() -> None:
    film = ROWS["f04"].figure().film
    assert film is not None and film.duration == 1024
    said("f04", "24 products", "1,024 dot products")


def test_ranks() -> None:
    assert np.linalg.matrix_rank(values("f44", "L @ R"), tol=1e-3) == 4
    assert values("f44", "L").size + values("f44", "R").size == 1024 and values("f44", "L @ R").size == 16384
    said("f44", "1,024 numbers make 16,384", "only four")
    assert np.linalg.matrix_rank(values("f14", "A @ B @ C"), tol=1e-3) <= 32
    said("f14", "at most 32")
    planes = [np.outer(values("f12", "L")[:, k], values("f12", "R")[k]) for k in range(24)]
    assert [np.linalg.matrix_rank(sum(planes[:k]), tol=1e-9) for k in (1, 2, 7)] == [1, 2, 7]
    thin = sum(values("f45", f"w{a}_{b}").size for a in ("Q", "K_t", "V", "O") for b in "AB")
    assert (thin, sum(values("f45", f"w{a}").size for a in ("Q", "K_t", "V", "O"))) == (4096, 12288)
    said("f45", "4,096", "12,288")


def test_a_layers_weights() -> None:
    attention = sum(values("f39", name).size for name in ("wQ", "wK_t", "wV", "wO"))
    assert sum(values("f39", name).size for name in ("FFN_1", "FFN_2")) == 2 * attention
    said("f39", "twice those of attention")


def test_where_the_head_looks() -> None:
    attn = values("f25", "attn")
    assert attn[1:, 0].mean() == pytest.approx(0.5, abs=0.05)
    head = ROWS["f25"].figure().scene().head
    tokens = next(axis.labels for axis in head.axes if axis.name == "x.rows")
    assert tokens is not None
    rest = attn.copy()
    rest[:, 0] = 0
    after = [tokens[at - 1] == token for token, at in zip(tokens, rest.argmax(axis=1), strict=True)]
    assert np.mean(after[12:]) > 0.75  # once the rhyme repeats itself
    said("f25", "Half of it goes to the first token", "followed the same word")


def test_the_input_stands_out() -> None:
    x = values("f27", "x")
    size = np.abs(x).mean(axis=0)
    largest = int(size.argmax())
    assert size[largest] / np.median(size) == pytest.approx(50, rel=0.05)
    assert (np.abs(x[:, largest]) > 10 * np.median(np.abs(x))).mean() > 0.95
    said("f27", "fifty times")
    length = np.linalg.norm(x, axis=1)
    turned = x[1:] @ x[0] / (length[1:] * length[0])
    assert turned.max() < 0 and length[0] < length[1:].mean() / 3
    said("f28", "away from all rows", "less than a third as long")


def test_averages_differ_less() -> None:
    steps = {name: np.abs(np.diff(values("f33", name), axis=0)).mean() for name in ("V", "attn @ V")}
    assert steps["attn @ V"] < steps["V"] / 2
    mixed = values("f26", "V")
    assert np.abs(mixed[0]).mean() < np.abs(mixed[1:]).mean() / 5
    said("f26", "its values are small")


def test_rotated_scores_depend_on_distance() -> None:
    scores = values("n03", "S")
    for away in range(-47, 48):
        diagonal = np.diagonal(scores, away)
        np.testing.assert_allclose(diagonal, diagonal[0], atol=1e-4)
    assert np.ptp(scores[0]) > 10


def test_wasted_work_is_counted() -> None:
    band = values("n10", "band")
    assert band.size == 2496 and int(np.count_nonzero(band)) == 240
    assert f"{100 * (1 - 240 / 2496):.1f}" == "90.4"
    said("n10", "2,496 cells", "240 hold a weight", "90.4 %")
    signal, found = values("n10", "x"), values("n10", "y")
    for channel in range(signal.shape[1]):
        wanted = np.convolve(signal[:, channel], band[:5, 0])
        np.testing.assert_allclose(found[:, channel], wanted, atol=1e-5)


def test_shared_out() -> None:
    (exchange,) = ROWS["n07"].figure().devices().collectives
    assert (exchange.kind, exchange.bytes) == ("all-reduce", 4608)
    said("n07", "one all-reduce", "4,608 bytes")
    assert [one.kind for one in ROWS["n08"].figure().devices().collectives] == ["ring", "ring"]
    assert not ROWS["f18"].figure().devices().collectives
    (exchange,) = ROWS["f19"].figure().devices().collectives
    assert exchange.kind == "all-reduce"


def test_backward_is_the_gradient() -> None:
    x, w, dy = (values("n11", name) for name in ("x", "w", "dy"))
    np.testing.assert_allclose(values("n11", "dx"), dy @ w.T, atol=1e-5)
    np.testing.assert_allclose(values("n11", "dw"), x.T @ dy, atol=1e-5)
    boxes = ROWS["n11"].figure().scene().head.layouts[0].boxes
    bodies = {tuple(sorted(map(tuple, ends(box)))) for box in boxes}
    assert len(boxes) == 3 and len(bodies) == 1
    said("n11", "Three products share one body")


def ends(box: Box) -> np.ndarray:
    """The two corners of a box that are farthest apart, whichever way its letters run."""
    steps = np.array([box.i_step, box.j_step, box.k_step]) * np.array(box.sizes)[:, None]
    one = np.array(box.corner)
    both = np.stack([one, one + steps.sum(axis=0)])
    return np.stack([both.min(axis=0), both.max(axis=0)])
