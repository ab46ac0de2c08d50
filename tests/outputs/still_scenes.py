"""Small scenes made by hand: heads and buffers as the join would make them, for tests of the still."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcube import wire
from matcube.ops import Cells
from matcube.scene import colour, scales
from matcube.values import stats
from matcube.wire import StyleView, View

Vec = tuple[float, float, float]
Array = NDArray[Any]
Scene = tuple[wire.Head, dict[str, Array]]


@dataclass
class Builder:
    """Collects matrices, faces and boxes, then makes a head."""

    matrices: list[wire.Matrix] = field(default_factory=list)
    faces: list[wire.Face] = field(default_factory=list)
    boxes: list[wire.Box] = field(default_factory=list)
    buffers: dict[str, Array] = field(default_factory=dict)
    labels: dict[int, list[str]] = field(default_factory=dict)
    graph_max: float = 1.0

    def store(self, array: Array) -> str:
        flat = np.ascontiguousarray(array).reshape(-1)
        sha = hashlib.sha256(flat.tobytes() + str(flat.dtype).encode()).hexdigest()
        self.buffers[sha] = flat
        return sha

    def matrix(
        self,
        name: str,
        values: Array | None,
        *,
        shape: tuple[int, int] | None = None,
        mask: Array | None = None,
        pooled: wire.Pooled | None = None,
        axes: tuple[int, int] = (0, 1),
    ) -> int:
        rows, cols = (shape or (0, 0)) if values is None else values.shape
        sizes = scales.Magnitudes()
        if values is not None:
            summary = stats(Cells(values, None if mask is None else mask != 0))
            sizes = scales.magnitudes_of(summary)
            self.graph_max = max(self.graph_max, sizes.high)
        node = len(self.matrices)
        self.matrices.append(
            wire.Matrix(
                node=node, name=name, text=name, operation="leaf", rows=rows, cols=cols, dtype="float32",
                row_axis=axes[0], col_axis=axes[1], values=None if values is None else self.store(values),
                pooled=pooled, mask=None if mask is None else self.store(mask.astype(np.uint8)),
                hollow=values is None and pooled is None,
                scales=scales.scales_of(sizes, graph_max=self.graph_max), stats=_stats(values), inputs=[],
            )
        )  # fmt: skip
        return node

    def face(
        self,
        node: int,
        origin: Vec,
        across: Vec = (1, 0, 0),
        down: Vec = (0, -1, 0),
        *,
        transposed: bool = False,
        role: Literal["result", "left", "right", "sheet", "alone"] = "alone",
        box: int | None = None,
        letters: str = "ij",
    ) -> int:
        m = self.matrices[node]
        rows, cols = (m.cols, m.rows) if transposed else (m.rows, m.cols)
        fid = len(self.faces)
        self.faces.append(
            wire.Face(fid, node, (node,), transposed, origin, across, down, rows, cols, role, box,
                 letters[0], letters[1], 0, None)
        )  # fmt: skip
        return fid

    def product(
        self, left: Array, right: Array, result: Array, names: Sequence[str] = "ABC", at: Vec = (0, 0, 0)
    ) -> None:
        """A box in arrangement -LTF with its three faces; ``at`` is the corner of the result."""
        (rows, depth), cols = left.shape, right.shape[1]
        gap = max(1.0, 0.03 * max(rows, cols, depth))
        x, y, z = at
        box = len(self.boxes)
        ids = [self.matrix(n, v) for n, v in zip(names[:2], (left, right), strict=True)]
        ids.append(self.matrix(names[2], result))
        back = z - depth
        a = self.face(ids[0], (x - gap, y, back), (0, 0, 1), (0, -1, 0), role="left", box=box, letters="ik")
        b = self.face(ids[1], (x, y + gap, back), (1, 0, 0), (0, 0, 1), role="right", box=box, letters="kj")
        c = self.face(ids[2], (x, y, z + gap), role="result", box=box)
        self.boxes.append(
            wire.Box(box, ids[2], False, a, b, c, (x, y, z - depth), (0, -1, 0), (1, 0, 0), (0, 0, 1),
                (rows, cols, depth), "-LTF", None)
        )  # fmt: skip

    def head(self, *, view: View | None = None, title: str = "") -> wire.Head:
        layout = wire.Layout("main", "blocks", False, 1.0, tuple(self.faces), tuple(self.boxes), (), 0)
        names = [wire.Axis(n, f"axis{n}", 0, self.labels.get(n)) for n in range(2)]
        return wire.Head(
            wire.VERSION, title, view or View(program="C = A @ B"), names, self.matrices, [layout], "main",
            None, colour.palettes(), colour.themes(),
            wire.Vocabulary([], [], scales.sensitivities(), []),
            [wire.Buffer(sha, "f32", a.size, -1) for sha, a in self.buffers.items()],
        )  # fmt: skip


def _stats(values: Array | None) -> wire.Stats | None:
    if values is None:
        return None
    return wire.Stats(
        None, None, None, None, int((values == 0).sum()), int(np.isnan(values).sum()),
        int(np.isposinf(values).sum()), int(np.isneginf(values).sum()), 0, None, None,
    )  # fmt: skip


def gaussian(rows: int, cols: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((rows, cols)).astype(np.float32)


def product_scene(
    rows: int = 24, depth: int = 16, cols: int = 20, **style: Any
) -> tuple[wire.Head, dict[str, Array]]:
    """A @ B = C of seeded Gaussians."""
    built = Builder()
    a, b = gaussian(rows, depth, 1), gaussian(depth, cols, 2)
    built.product(a, b, a @ b)
    view = View(program="C = A @ B", style=StyleView(**style))
    return built.head(view=view), built.buffers


def single(values: Array, **style: Any) -> Scene:
    """One matrix alone, facing the default front."""
    built = Builder()
    node = built.matrix("M", values)
    built.face(node, (0, 0, 0))
    return built.head(view=View(program="M", style=StyleView(**style))), built.buffers
