"""Figures in every combination of what can be asked of them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import matcube as mc
from matcube.api.save import WRITERS
from matcube.errors import MatcubeError
from tools.fuzz.hunt import Case

PROGRAMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("A @ B", {"A": "gaussian(5,3)", "B": "gaussian(3,4)"}),
    (
        "S = Q @ K.T / sqrt(d); P = softmax(tril(S)); P @ V",
        {"Q": "gaussian(6,4)", "K": "gaussian(6,4)", "V": "gaussian(6,4)"},
    ),
    (
        "h = relu(x @ W1 + b); y = h @ W2; y + x",
        {"x": "gaussian(4,6)", "W1": "gaussian(6,8)", "b": "gaussian(8)", "W2": "gaussian(8,6)"},
    ),
    (
        "q = split(x @ w, axis=1, parts=2).permute(axes=(1, 0, 2)); q @ q.mT",
        {"x": "gaussian(4,6)", "w": "gaussian(6,6)"},
    ),
    ("A @ (B @ (C @ A))", {"A": "gaussian(3,3)", "B": "gaussian(3,3)", "C": "eye(3)"}),
    ("v = x @ A; v + 1", {"x": "gaussian(4)", "A": "gaussian(4,4)"}),
    ("A @ B", {"A": "shape(4,3)", "B": "shape(3,2)"}),
    ("A @ B", {"A": "gaussian(0,3)", "B": "gaussian(3,2)"}),
)  # fmt: skip
NAMES = (
    *("A", "B", "Q", "x", "C") * 2,
    "A",
    "B",
    "Q",
    "S",
    "P",
    "x",
    "h",
    "y",
    "q",
    "w",
    "C",
    "nothing",
    "",
    "A @ B",
    "q[1]",
    "א",
)
SCHEMES = (*("blocks", "zigzag", "wheel", "custom") * 3, "spiral")
ALGORITHMS = ("none", "dot_row", "dot_col", "vmprod", "mvprod", "outer", "axpy", "online", "tiled", "fast")
WHOLE = (*(0, 1, 1, 2, 2, 2, 3, 4) * 3, -1, 7, 64, 65, 10**9, 2.5, None, "2", True)
REAL = (
    *(0.5, 1.0, 1.5, 2.0) * 8,
    -1.0,
    0.0,
    0.05,
    4.0,
    100.0,
    1e12,
    1e308,
    float("nan"),
    float("inf"),
    None,
    "1",
)

Step = tuple[str, Any, dict[str, Any]]


def make(rng: random.Random) -> Case:
    """The number of a program, and steps: a method with its arguments."""
    steps = [rng.choice(STEPS)(rng) for _ in range(rng.randrange(1, 7))]
    return (("program", rng.randrange(len(PROGRAMS)), {}), *steps)


def run(case: Case) -> None:
    """Do the steps, each of which may be refused, then make the scene and open the link."""
    at = next((step[1] for step in case if step[0] == "program"), 0)
    figure = _figure(at)
    for step in case:
        with suppress(MatcubeError):
            figure = _after(figure, *step)
    figure.scene().encode()
    mc.open_figure(figure.link())


def _after(figure: mc.Figure, method: str, argument: Any, options: dict[str, Any]) -> mc.Figure:
    """The figure after one step; a saved one stays."""
    if method == "program":
        return figure
    if method == "save":
        figure.save(io.BytesIO(), format=argument, size=(64, 48), seconds=0.2, fps=10)
        return figure
    result = getattr(figure, method)(*argument, **options)
    if not isinstance(result, mc.Figure):
        return figure
    result.scene()
    return result


@cache
def _figure(at: int) -> mc.Figure:
    text, leaves = PROGRAMS[at]
    return mc.figure(text, leaves, d=4.0) if "sqrt(d)" in text else mc.figure(text, leaves)


def _some(rng: random.Random, options: dict[str, Any]) -> dict[str, Any]:
    names = rng.sample(sorted(options), min(len(options), rng.choice((0, 1, 1, 2, 2, 3))))
    return {name: options[name] for name in names}


def _words(rng: random.Random, values: tuple[str, ...]) -> dict[str, str]:
    return {rng.choice(NAMES): rng.choice(values) for _ in range(rng.randrange(3))}


def _layout(rng: random.Random) -> Step:
    options = {
        "gap": rng.choice(REAL), "scatter": rng.choice(REAL), "molecule": rng.choice(WHOLE),
        "blast": rng.choice(REAL), "root": rng.choice(("", "-LTF", "LTF", "-L", "RTB", "xyz", "----")),
        "custom": _words(rng, ("-LTF", "LTF", "R", "", "blocks", "wheel")),
        "sheets": rng.choice(("open", "closed", "ajar")),
        "pull": rng.choice(([], [0], [1, 2], [-1], [10**9], [0] * 300)),
        "inside": _words(rng, NAMES), "parts": rng.choice(WHOLE),
    }  # fmt: skip
    return "layout", rng.choice(((), (rng.choice(SCHEMES),))), _some(rng, options)


def _film(rng: random.Random) -> Step:
    options = {
        "each": _words(rng, ALGORITHMS), "fuse": rng.choice(("none", "sync", "async", "decode", "x")),
        "tiles": rng.choice(((), (2, 2, 2), ((2, 2, 2), (1, 1, 1)), (0, 1, 1), (1,), "x")),
        "order": rng.choice(("ijk", "kji", "ikj/kij", "iij", "")), "time": rng.choice(REAL),
        "speed": rng.choice(REAL), "loop": rng.choice((True, False, 2)), "spin": rng.choice(REAL),
        "hide_inputs": rng.choice((True, False, "x")),
    }  # fmt: skip
    return "animate", (rng.choice(ALGORITHMS[:-1] * 3 + ALGORITHMS),), _some(rng, options)


def _view(rng: random.Random) -> Step:
    pin = rng.choice((("A", 0, 0), ("S", 99, 1), "S[1, 2]", "A[0,0", "q[1][0, 0]", ("A", -1, 0)))
    options = {
        "yaw": rng.choice(REAL), "pitch": rng.choice(REAL), "pin": rng.choice((pin, [pin], [pin] * 70)),
        "select": rng.choice(NAMES), "isolate": rng.choice(NAMES), "hide": [rng.choice(NAMES)],
    }  # fmt: skip
    return "view", (), _some(rng, options)


def _partition(rng: random.Random) -> Step:
    axis = rng.choice(("A.rows", "x.cols", "Q.rows", "S.cols", "B.cols", "w.cols", "heads", "nothing.rows"))
    splits = {axis: rng.choice(WHOLE)}
    options = {"preset": rng.choice(("megatron", "sequence", "data", "x")), "devices": rng.choice(WHOLE)}
    return "partition", rng.choice(((), (splits,))), _some(rng, options)


def _style(rng: random.Random) -> Step:
    options = {
        "theme": rng.choice(("dark", "light", "auto", "x")), "palette": rng.choice(("glow", "x", "")),
        "sensitivity": rng.choice(("robust", "local", "x")), "dot_scale": rng.choice(REAL),
        "contrast": rng.choice(REAL), "peak": rng.choice((True, False, 3)), "legend_size": rng.choice(REAL),
    }  # fmt: skip
    return "style", (), _some(rng, options)


STEPS: tuple[Callable[[random.Random], Step], ...] = (
    _layout, _layout, _film, _film, _view, _partition, _style,
    lambda rng: ("head", (rng.choice(WHOLE),), {}),
    lambda rng: ("stop", (rng.choice(NAMES),), {}),
    lambda rng: ("backward", rng.choice(((), (rng.choice(NAMES),))), {}),
    lambda rng: ("save", rng.choice((*[name for name in WRITERS if name != "mp4"], "png", "png")), {}),
    lambda rng: (rng.choice(("link", "cost", "nonfinite")), (), {}),
)  # fmt: skip
