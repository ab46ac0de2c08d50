"""Random scores with a mask on their way to a softmax, against torch's own masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcube as mc

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

Scores = tuple[str, Any, Any]  # text, values of torch, hidden cells


def masked(text: str, x: Any, rng: np.random.Generator) -> Scores:
    """A matrix under one triangle, in one of the spellings of a mask."""
    above = torch.ones(4, 4, dtype=torch.bool).triu(1)
    added = torch.zeros(4, 4, dtype=x.dtype).masked_fill(above, -torch.inf)
    spellings: list[Scores] = [
        (f"tril({text})", x.tril(), above),
        (f"triu({text}, offset=-1)", x.triu(-1), torch.ones(4, 4, dtype=torch.bool).tril(-2)),
        (f"({text}) + triu(M, offset=1)", x + added, None),
        (f"triu(M, offset=1) + ({text})", x + added, None),
        (f"({text}) - triu(ones(4, 4), offset=1) * 1e9", x - above * 1e9, None),
        (f"(1 - tril(ones(4, 4))) * -1e9 + ({text})", above * -1e9 + x, None),
    ]
    return spellings[int(rng.integers(len(spellings)))]


def grown(seed: int, arrays: dict[str, Any]) -> Scores:
    """Scores of a product, a mask, and up to three steps that the mask survives."""
    rng = np.random.default_rng(seed)
    text, x, hidden = masked("A @ B.T / 2", arrays["A"] @ arrays["B"].T / 2, rng)
    for _ in range(int(rng.integers(4))):
        steps: list[Scores] = [
            (f"({text}) / 2 + 1", x / 2 + 1, hidden),
            (f"({text}) + B", x + arrays["B"], hidden),
            (f"({text}) - B", x - arrays["B"], hidden),
            (f"({text}).T", x.T, None if hidden is None else hidden.T),
            (f"relu({text})", x.relu(), hidden),
            (
                f"slice(concat({text}, {text}, axis=0), start=(2, 0), stop=(6, 4))",
                x.roll(2, 0),
                None if hidden is None else hidden.roll(2, 0),
            ),
        ]
        text, x, hidden = steps[int(rng.integers(len(steps)))]
    return text, x, hidden


@pytest.mark.parametrize("block", range(3))
def test_softmax_of_masked_scores(block):
    rng = np.random.default_rng(block)
    arrays = {name: torch.tensor(rng.normal(size=(4, 4))) for name in "AB"}
    for seed in range(60 * block, 60 * (block + 1)):
        text, x, hidden = grown(seed, arrays)
        seen = x if hidden is None else x.masked_fill(hidden, -torch.inf)
        expected = torch.softmax(seen, dim=-1)
        if hidden is not None:
            expected = expected.masked_fill(hidden, 0)  # a row masked whole gives zeros
        bound: dict[str, Any] = {**arrays, "M": np.full((4, 4), -np.inf)} if "M" in text else dict(arrays)
        actual = mc.figure(f"p = softmax({text})", **bound).value("p")
        np.testing.assert_allclose(actual, expected.numpy(), rtol=1e-9, atol=1e-12, err_msg=f"{seed}: {text}")
