"""The operations that torch has too, against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube import ops
from matcube.ops import Cells

MAPS: dict[str, Any] = dict(ops.MAPS)

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch
F = torch.nn.functional

X = (np.random.default_rng(8).normal(size=(40, 64)) * 3).astype(np.float32)

THEIRS: dict[str, Any] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: F.softmax(x, dim=-1),
    "layernorm": lambda x: F.layer_norm(x, (x.shape[-1],)),
    "rmsnorm": lambda x: F.rms_norm(x, (x.shape[-1],), eps=1e-6),
    "tril": torch.tril,
    "triu": torch.triu,
}


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equals_torch(name, dtype):
    x = X.astype(dtype)
    result = MAPS[name]()(Cells(x)).values
    wanted = THEIRS[name](torch.from_numpy(x)).numpy()
    rtol, atol = (3e-6, 1e-6) if dtype == np.float32 else (1e-12, 1e-14)
    np.testing.assert_allclose(result, wanted, rtol=rtol, atol=atol)


@pytest.mark.parametrize("row", [[-np.inf] * 3, [np.inf, 0.0, 0.0], [np.nan, 0.0, 0.0], [-np.inf, 0.0, 1.0]])
def test_softmax_of_odd_rows_equals_torch(row):
    x = np.array([row], dtype=np.float32)
    wanted = F.softmax(torch.from_numpy(x), dim=-1).numpy()
    np.testing.assert_allclose(MAPS["softmax"]()(Cells(x)).values, wanted, rtol=1e-6)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_infinities_equal_torch(name):
    x = np.array([[np.inf, -np.inf, np.nan, -0.0]], dtype=np.float32)
    np.testing.assert_array_equal(MAPS[name]()(Cells(x)).values, THEIRS[name](torch.from_numpy(x)).numpy())


def test_causal_attention_equals_torch():
    q, k, v = (torch.randn(1, 1, 20, 16, generator=torch.Generator().manual_seed(n)) for n in range(3))
    wanted = F.scaled_dot_product_attention(q, k, v, is_causal=True)[0, 0].numpy()
    scores = Cells((q[0, 0] @ k[0, 0].T).numpy())
    weights = MAPS["softmax"]()(MAPS["divide"](by=4)(MAPS["tril"]()(scores)))
    np.testing.assert_allclose(weights.values @ v[0, 0].numpy(), wanted, rtol=1e-5, atol=1e-6)
