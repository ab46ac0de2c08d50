"""Ready-made figures that a served page offers; one row each."""

from __future__ import annotations

from matcube.scene.request import Preset
from matcube.scene.view import FilmView, View


def _preset(
    name: str, help: str, group: str, program: str, leaves: dict[str, str], *, algorithm: str = "none"
) -> Preset:
    return Preset(name, help, group, View(program=program, leaves=leaves, film=FilmView(algorithm=algorithm)))


_HEAD = {
    "x": "gaussian(24, 16)",
    "wQ": "gaussian(16, 8)",
    "wK": "gaussian(16, 8)",
    "wV": "gaussian(16, 8)",
}

PRESETS: tuple[Preset, ...] = (
    _preset(
        "Product",
        "One product as a box",
        "Products",
        "C = A @ B",
        {"A": "gaussian(24, 16)", "B": "gaussian(16, 20)"},
    ),
    _preset(
        "Outer products",
        "A product as a sum of outer products, played",
        "Products",
        "C = A @ B",
        {"A": "gaussian(24, 16)", "B": "gaussian(16, 20)"},
        algorithm="outer",
    ),
    _preset(
        "Chain",
        "Three products, each the left argument of the next",
        "Products",
        "D = A @ B @ C @ E",
        {"A": "gaussian(16, 24)", "B": "gaussian(24, 12)", "C": "gaussian(12, 20)", "E": "gaussian(20, 16)"},
    ),
    _preset(
        "Low rank",
        "A weight and its low-rank correction",
        "Layers",
        "y = x @ (W + a @ b)",
        {"x": "gaussian(24, 32)", "W": "gaussian(32, 32)", "a": "gaussian(32, 2)", "b": "gaussian(2, 32)"},
    ),
    _preset(
        "MLP",
        "Two products with a gelu between them, and the residual",
        "Layers",
        "h = gelu(x @ w1)\ny = h @ w2 + x",
        {"x": "gaussian(24, 16)", "w1": "gaussian(16, 48)", "w2": "gaussian(48, 16)"},
    ),
    _preset(
        "Attention head",
        "A causal head from its input to its output",
        "Attention",
        "Q = x @ wQ\nK = x @ wK\nattn = softmax(tril(Q @ K.T / sqrt(8)))\nout = attn @ (x @ wV)",
        _HEAD,
    ),
    _preset(
        "Grouped queries",
        "Two query heads that share their keys and values",
        "Attention",
        "K = x @ wK\nV = x @ wV\na = softmax(tril(x @ wQ @ K.T / sqrt(8))) @ V\n"
        "b = softmax(tril(x @ wQ2 @ K.T / sqrt(8))) @ V\ny = a + b",
        {"wQ2": "gaussian(16, 8)", **_HEAD},
    ),
)
