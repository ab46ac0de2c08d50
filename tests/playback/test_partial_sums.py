"""Sheets of partial results in a film: running sums over their own blocks, in the order of the sweep."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.playback.moment import at
from matcube.playback.partial_sums import part_range


@pytest.mark.parametrize("algorithm", ["dot_row", "vmprod", "mvprod", "axpy", "outer"])
@pytest.mark.parametrize("partition", [{"A.cols": 3}, {"A.cols": 4, "A.rows": 2, "B.cols": 3}])
def test_parts_grow_product_by_product_within_their_block(algorithm, partition):
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((5, 10)), rng.standard_normal((10, 4))
    figure = mc.figure("A @ B", A=a, B=b).partition(partition).animate(algorithm)
    scene = figure.scene()
    film, (layout,) = scene.head.film, scene.head.layouts
    assert film is not None
    sheets = [face for face in layout.faces if face.part is not None]
    box = layout.boxes[0]
    before = np.zeros((len(sheets), 5, 4), int)
    for t in np.linspace(0, film.duration, 9).tolist():
        moment = at(scene.head, scene.buffers, t)
        for n, face in enumerate(sheets):
            start, stop = part_range(face, box)
            terms = np.stack([np.outer(a[:, k], b[k]) for k in range(start, stop)])
            prefixes = np.concatenate([np.zeros((1, 5, 4)), np.cumsum(terms, axis=0)])
            layers = moment.faces.get(face.id)
            if layers is None:
                counts = np.full((5, 4), stop - start)
            else:
                (layer,) = layers
                fits = np.isclose(prefixes, layer.values, atol=1e-9)
                assert fits.any(axis=0).all()
                counts = fits.argmax(axis=0)
                assert (layer.seen == (counts > 0)).all()
            assert (counts >= before[n]).all()
            before[n] = counts
        if t == 0:
            assert before.sum() == 0
    assert before.sum() == 5 * 4 * 10
