"""Numbers on the cells of stills and films."""

from __future__ import annotations

import numpy as np

import matcube as mc
from matcube.outputs.still.face import Sheet
from matcube.outputs.still.sheets import layered, sheet_of
from matcube.playback.digits import number_text
from matcube.playback.moment import at
from matcube.playback.visible import shown_of

A = np.array([[5.0, 6, 7, 8], [-1, 0, 2, 12], [3, 9, 10, 4]])
B = np.array([[1.0, -2], [0, 1], [2, 0], [1, 1]])


def texts(numbers) -> list[list[str]]:
    return [
        [number_text(float(v), numbers.formats[n - 1]) if n else "" for v, n in zip(row, which, strict=True)]
        for row, which in zip(numbers.values, numbers.which, strict=True)
    ]


def sheets(figure: mc.Figure) -> dict[str | None, Sheet]:
    scene = figure.scene()
    shown = shown_of(scene.head, figure.state)
    return {m.name: sheet_of(scene.buffers, shown, m.node) for m in scene.head.matrices}


def test_cells_say_their_values_and_masked_ones_nothing():
    made = sheets(mc.figure("C = A @ B", A=A, B=B))
    assert texts(made["C"].numbers) == [[f"{v:.0f}".replace("-", "−") for v in row] for row in A @ B]
    masked = sheets(mc.figure("P = softmax(tril(A @ D))", A=A, D=A.T))["P"].numbers
    assert [[bool(t) for t in row] for row in texts(masked)] == np.tri(3, dtype=bool).tolist()
    assert sheets(mc.figure("C = A @ B", A=A, B=B).style(numbers="never"))["C"].numbers is None
    assert texts(sheets(mc.figure("C = A @ B", A=A, B=B).style(digits=1))["B"].numbers)[0] == ["1.0", "−2.0"]


def test_running_sums_of_a_film_are_said():
    figure = mc.figure("C = A @ B", A=A, B=B).animate("outer")
    scene = figure.scene()
    shown = shown_of(scene.head, figure.state)
    face = next(f for f in scene.head.layouts[0].faces if shown.matrices[f.node].name == "C")
    seen = []
    for k in (1, 2, 3):
        layers = at(scene.head, scene.buffers, float(k)).faces[face.id]
        seen.append(texts(layered(scene.buffers, shown, face, layers).numbers))
    wanted = [[[f"{v:.0f}".replace("-", "−") for v in row] for row in A[:, :k] @ B[:k]] for k in (1, 2, 3)]
    assert seen == [[["0" if t == "−0" else t for t in row] for row in rows] for rows in wanted]
