"""The cache for the frames of a film: ink of whole matrices, pixels of whole faces, ground and labels."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.face import Sheet
from matcube.outputs.still.lettering import Legend
from matcube.playback.camera import Eye
from matcube.playback.labels import Rect
from matcube.playback.moment import Moment
from matcube.wire import Split

Splits = tuple[Split | None, Split | None]
Key = tuple[int, int | None, Splits]
Seen = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


@dataclass
class FrameCache:
    """Results for all frames of a film, under one style.

    Args:
        sheets: the ink of whole matrices and of partial results, by node, face of a partial result and
            blocks.
        seen: columns, rows and ink of a face in a band, by its id, the band's top and its light.
        ground: the ground with lines and marks, by the top of a band and ``decor``.
        eye: the eye of ``seen``, ``ground`` and ``legends``.
        legends: at their places, by the rectangles that were taken.
        last: the moment, look and pixels (without texts) of the frame before.
    """

    sheets: dict[Key, Sheet] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Seen] = field(default_factory=dict)
    ground: dict[tuple[int, bool], NDArray[np.float32]] = field(default_factory=dict)
    eye: Eye | None = None
    legends: dict[tuple[Rect, ...], list[Legend]] = field(default_factory=dict)
    last: tuple[Moment, tuple[object, ...], NDArray[np.uint8]] | None = None

    def pixels(self, moment: Moment, look: tuple[object, ...]) -> NDArray[np.uint8] | None:
        """The pixels of the frame before, if moment and look are the same."""
        if self.last is None or self.last[1] != look or not same(self.last[0], moment):
            return None
        return self.last[2]

    def look(self, eye: Eye) -> None:
        """Clear the results of another eye."""
        if not same(self.eye, eye):
            self.seen.clear()
            self.ground.clear()
            self.legends = {}
            self.eye = eye


def same(a: object, b: object) -> bool:
    """Whether two values are equal, with the arrays, containers and dataclasses inside them."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a is b or (a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True))
    if type(a) is not type(b):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if is_dataclass(a) and is_dataclass(b):
        return all(same(getattr(a, row.name), getattr(b, row.name)) for row in fields(a))
    return bool(a == b)
