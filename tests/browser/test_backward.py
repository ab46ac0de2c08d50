"""Backward in the page: three products in one cube, read through the code that draws."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.playback.steps import active_step, done
from tests.browser.viewer import Viewer


def cube() -> mc.Figure:
    fig = mc.figure("C = A @ B", A="gaussian(12, 8, seed=1)", B="uniform(8, 10, seed=2)")
    return fig.backward("C", grad="gaussian(12, 10, seed=3)")


def seek(viewer: Viewer, t: float) -> None:
    viewer.js("(t) => window.matcubeProbe.seek(t)", t)
    viewer.rest()


@pytest.mark.parametrize("algorithm", ["vmprod", "outer", "axpy"])
def test_each_number_is_the_running_sum_at_any_time(open_page, save, algorithm):
    figure = cube().animate(algorithm)
    film = figure.film
    assert film is not None
    a, b, dc = (figure.value(name).astype(np.float64) for name in ("A", "B", "dC"))
    pairs = {"C": (a, b), "dA": (dc, b.T), "dB": (a.T, dc)}
    viewer = open_page(save(figure))
    draw = np.random.default_rng(3)
    for t in [0.0, film.duration, *draw.uniform(0, film.duration, size=7)]:
        cells, wanted = [], []
        for sweep in film.sweeps:
            name = str(figure._program.graph[sweep.node].name)
            left, right = pairs[name]
            steps = done(sweep, t)
            for _ in range(4):
                row, col = int(draw.integers(left.shape[0])), int(draw.integers(right.shape[1]))
                depth = left.shape[1]
                at = {"vmprod": depth * (row < steps), "outer": steps}
                count = at.get(algorithm, int(np.clip(steps - col * depth, 0, depth)))
                cells.append((name, row, col))
                wanted.append((count, left[row] * right[:, col]))
        answers = viewer.shown(cells, t=t)
        for found, (count, terms) in zip(answers, wanted, strict=True):
            if count == 0:
                assert found["value"] is None
            else:
                assert abs(found["value"] - terms[:count].sum()) <= 1e-6 * np.abs(terms).sum()
    viewer.check()


def test_the_products_of_a_gradient_lie_in_the_cube_and_are_read(open_page, save):
    figure = cube().animate("vmprod")
    film = figure.film
    assert film is not None
    dc, b = figure.value("dC"), figure.value("B")
    viewer = open_page(save(figure))
    sweep = next(one for one in film.sweeps if figure._program.graph[one.node].name == "dA")
    t = sweep.start + 5.5
    assert active_step(sweep, t) == 5
    seek(viewer, t)
    found = 0
    for row, col in [(1, 1), (2, 6), (6, 2), (3, 3), (7, 7), (5, 4), (8, 1), (9, 5)]:
        place = viewer.product(row, col)
        if place == "":
            continue  # another face lies before it
        found += 1
        assert place == f"dC[5,{row}]·B[{col},{row}]"  # the plane's rows run along j, its columns along k
        value = float(viewer.tip("value").replace("−", "-"))
        assert value == pytest.approx(float(dc[5, row]) * float(b[col, row]), rel=1e-4)
        assert viewer.tip("sum") == f"product {row + 1} of 10 in dA[5, {col}]"
    assert found > 0
    viewer.check()


def test_a_covered_operand_is_no_face_of_its_own(open_page, save):
    """One legend each; what is read of the operand of dB is lit on its cover, the rest of it steps back."""
    figure = cube().animate("vmprod").view(hide=["dA"])  # it lies before A
    film = figure.film
    assert film is not None
    viewer = open_page(save(figure))
    viewer.rest()
    names = viewer.js("() => [...document.querySelectorAll('.mc-legend-name b')].map((e) => e.textContent)")
    assert sorted(names) == ["A", "B", "C", "dB", "dC"]

    def light(col: int) -> float:
        """How bright the picture is about the middle of a column of A."""
        from io import BytesIO

        from PIL import Image

        x, y = viewer.place("A", figure.value("A").shape[0] // 2, col)
        clip = {"x": x - 12, "y": y - 12, "width": 24, "height": 24}
        picture = Image.open(BytesIO(viewer.page.screenshot(clip=clip))).convert("RGB")
        return float(np.asarray(picture).mean())

    seek(viewer, film.sweeps[1].start + 3.5)  # dA, which is hidden: nothing is lit, nothing steps back
    before = light(7), light(0)
    seek(viewer, film.sweeps[2].start + 7.5)  # dB: column 7 of A
    now = light(7), light(0)
    assert now[1] < 0.85 * before[1]
    assert now[0] / before[0] > now[1] / before[1] + 0.04
    viewer.check()
