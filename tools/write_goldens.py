"""Write tests/goldens/*.json: what a scene says of a figure's structure, by a name for each figure.

    python -m tools.write_goldens

A golden has the view, the axes, the matrices and the layouts of a scene's head. It has nothing that was
computed from values, no hash and no statistic: their last bits differ between machines. Run this after a
change that is meant to change a picture's structure, and read the difference; a test says when files are
stale. The goldens of the gallery are shorter: what its view says beyond the defaults, places and the film.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import matcube as mc
from matcube.wire import Head, View
from tools.gallery.rows import rows

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "goldens"
EXAMPLES = sorted((ROOT / "examples").glob("[!_]*.py"))

ATTENTION = "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V"
HEAD = {"Q": "gaussian(32, 16)", "K": "gaussian(32, 16)", "V": "gaussian(32, 16)"}
MATRIX_FIELDS = (
    "node", "name", "text", "operation", "rows", "cols", "dtype", "row_axis", "col_axis", "hollow", "inputs",
)  # fmt: skip


def goldens() -> dict[str, str]:
    """The text of every golden, by its stem."""
    return {name: golden(name) for name in names()}


def names() -> list[str]:
    """Every figure that has a golden."""
    return [*(f"example_{path.stem}" for path in EXAMPLES), *FIGURES, *GALLERY]


def golden(name: str) -> str:
    """The text of one golden."""
    if name in FIGURES:
        return text_of(FIGURES[name]())
    if name in GALLERY:
        return short_text_of(GALLERY[name].figure().scene().head)
    (path,) = (one for one in EXAMPLES if f"example_{one.stem}" == name)
    with tempfile.TemporaryDirectory() as folder:
        return text_of(_example(path, Path(folder)))


def difference(name: str, text: str) -> str:
    """The lines of a text that differ from the committed golden, as a diff; empty when none do."""
    wanted = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    lines = difflib.unified_diff(wanted.splitlines(), text.splitlines(), f"goldens/{name}.json", "now", n=1)
    return "\n".join(lines)


def text_of(figure: mc.Figure) -> str:
    """What a figure's scene says of its structure, a line for each axis, matrix, face and box."""
    head: dict[str, Any] = msgspec.to_builtins(figure.scene().head)
    view = head["view"]
    for data in view["data"].values():
        del data["sha256"]
    found = {
        "view": view,
        "axes": head["axes"],
        "matrices": [{name: matrix[name] for name in MATRIX_FIELDS} for matrix in head["matrices"]],
        "layout": head["layout"],
        "layouts": head["layouts"],
    }
    return "\n".join(_lines(_rounded(found), 0)) + "\n"


def short_text_of(scene: Head) -> str:
    """What a row of the gallery shows: its view, and the positions and times of its matrices."""
    head: dict[str, Any] = msgspec.to_builtins(scene)
    for data in head["view"]["data"].values():
        del data["sha256"]
    (layout,) = head["layouts"]
    faces = [list(face.values())[1:] for face in layout["faces"]]
    boxes = [list(box.values())[1:] for box in layout["boxes"]]
    sweeps = [_plain(sweep) for sweep in (head["film"] or {"sweeps": []})["sweeps"]]
    matrices = [[matrix["name"], matrix["operation"], *matrix["inputs"]] for matrix in head["matrices"]]
    view = _beyond(head["view"], msgspec.to_builtins(View()))
    found = {"view": view, "matrices": matrices, "faces": faces, "boxes": boxes, "sweeps": sweeps}
    return "\n".join(_lines(_rounded(found), 0, fixed=2)) + "\n"


def _plain(sweep: dict[str, Any]) -> list[Any]:
    """A sweep without the names of its buffers."""
    states = sweep["states"] or {}
    kept = {name: one for name, one in states.items() if not isinstance(one, str)}
    return list({**sweep, "states": kept or None}.values())


def _beyond(value: Any, usual: Any) -> Any:
    """The parts of a view that are not as they are without being said."""
    if not isinstance(value, dict) or not isinstance(usual, dict):
        return value
    return {key: _beyond(one, usual.get(key)) for key, one in value.items() if one != usual.get(key)}


def _lines(value: object, depth: int, *, fixed: int = 4) -> Iterator[str]:
    """JSON, short parts on one line; and all that lies at a depth of ``fixed``."""
    pad, inner = " " * depth, " " * (depth + 1)
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + depth <= 100 or depth >= fixed or not isinstance(value, dict | list):
        yield pad + short
        return
    is_dict = isinstance(value, dict)
    items: list[tuple[str, object]] = (
        [(json.dumps(key) + ": ", one) for key, one in value.items()]
        if isinstance(value, dict)
        else [("", one) for one in value]
    )
    yield pad + ("{" if is_dict else "[")
    for place, (key, one) in enumerate(items):
        lines = list(_lines(one, depth + 1, fixed=fixed))
        lines[0] = inner + key + lines[0].lstrip()
        lines[-1] += "," if place < len(items) - 1 else ""
        yield from lines
    yield pad + ("}" if is_dict else "]")


def _rounded(value: Any) -> Any:
    """Places in the world to a millionth of a cell, and no minus before a zero."""
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def _example(path: Path, folder: Path) -> mc.Figure:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    figure = module.main(folder) if inspect.signature(module.main).parameters else module.main()
    assert isinstance(figure, mc.Figure)
    return figure


def _chain() -> mc.Figure:
    sizes = {"A": (12, 8), "B": (8, 20), "C": (20, 6), "D": (6, 16), "E": (16, 10)}
    return mc.figure("A @ B @ C @ D @ E", **{name: f"uniform({m}, {n})" for name, (m, n) in sizes.items()})


def _mlp() -> mc.Figure:
    sizes = {"x": "24, 16", "w1": "16, 48", "b1": "48", "w2": "48, 8", "b2": "8"}
    leaves = {name: f"gaussian({size})" for name, size in sizes.items()}
    return mc.figure("h = gelu(x @ w1 + b1); y = h @ w2 + b2", **leaves)


def _lora() -> mc.Figure:
    sizes = {"x": "16, 32", "W": "32, 32", "A": "32, 4", "B": "4, 32"}
    return mc.figure(
        "x @ W + x @ A @ B * 0.25", **{name: f"gaussian({size})" for name, size in sizes.items()}
    )


def _labelled() -> mc.Figure:
    tokens = ["the", " cat", " sat", " on"]
    weights = np.arange(12, dtype=np.float16).reshape(4, 3)
    return mc.figure("P @ E", P="tril(4, 4)", E=weights, labels={"P.rows": tokens, "E.rows": tokens})


FIGURES: dict[str, Callable[[], mc.Figure]] = {
    "product": lambda: mc.figure("A @ B", A="gaussian(32, 24)", B="gaussian(24, 32)"),
    "attention": lambda: mc.figure(ATTENTION, **HEAD),
    "attention_sheets": lambda: mc.figure(ATTENTION, **HEAD).layout("wheel", sheets="open", gap=6),
    "mlp": _mlp,
    "gate": lambda: mc.figure(
        "silu(x @ w) * (x @ v) @ o",
        x="gaussian(8, 12)", w="gaussian(12, 20)", v="gaussian(12, 20)", o="gaussian(20, 12)",
    ),
    "residual": lambda: mc.figure(
        "x + relu(x @ w) @ o", x="gaussian(8, 12)", w="eye(12, 20)", o="eye(20, 12)"
    ),
    "shared_leaf": lambda: mc.figure("x @ x.T @ x", x="gaussian(10, 6)").layout("zigzag"),
    "transpose": lambda: mc.figure("(A @ B).T @ C.T", A="rows(5, 7)", B="cols(7, 9)", C="eye(4, 5)"),
    "chain": _chain,
    "chain_zigzag": lambda: _chain().layout("zigzag", scatter=4, molecule=2),
    "lora": _lora,
    "one_by_one": lambda: mc.figure("A @ B", A="ones(1, 1)", B="ones(1, 1)"),
    "empty": lambda: mc.figure("A @ B", A="zeros(0, 3)", B="ones(3, 4)"),
    "nothing_to_sum": lambda: mc.figure("A @ B", A="zeros(2, 0)", B="ones(0, 3)"),
    "vector_bias": lambda: mc.figure("relu(A @ x + b)", A="eye(6, 4)", x="gaussian(4)", b="gaussian(6)"),
    "hollow": lambda: mc.figure("x @ w", x="shape(16, 8192)", w="shape(8192, 28672)"),
    "labels": _labelled,
    "two_outputs": lambda: mc.figure("A @ B; B @ A", A="eye(6, 4)", B="eye(4, 6)"),
}  # fmt: skip


GALLERY = {f"gallery_{row.id}": row for row in rows()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    found = goldens()
    for path in FOLDER.glob("*.json"):
        if path.stem not in found:
            path.unlink()
    for name, text in found.items():
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"wrote {len(found)} files to {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
