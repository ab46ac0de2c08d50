"""What the frames of a film share: ink of whole matrices, pixels of whole faces, ground and labels."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.face import Sheet
from matcube.outputs.still.legend import Label
from matcube.playback.camera import Eye
from matcube.playback.moment import Moment
from matcube.wire import Split

Splits = tuple[Split | None, Split | None]
Key = tuple[int, int | None, Splits]
Seen = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


@dataclass
class FrameCache:
    """What the frames of a film share, under one style: ink by node, and pixels of whole faces.

    Args:
        sheets: the ink of whole matrices and of partial results, by node, face of a part and blocks.
        seen: columns, rows and ink of a face in a band, by its id and the band's top.
        under: the ground with lines and marks, by the top of a band and whether there are any.
        eye: the eye that has seen it.
        labels: what would be written if there were room.
        last: the moment before, how it was looked at, and its pixels without any text.
    """

    sheets: dict[Key, Sheet] = field(default_factory=dict)
    seen: dict[tuple[int, int], Seen] = field(default_factory=dict)
    under: dict[tuple[int, bool], NDArray[np.float32]] = field(default_factory=dict)
    eye: Eye | None = None
    labels: list[Label] | None = None
    last: tuple[Moment, tuple[object, ...], NDArray[np.uint8]] | None = None

    def pixels(self, moment: Moment, look: tuple[object, ...]) -> NDArray[np.uint8] | None:
        """Those of the moment before, if this one shows the same: between two steps nothing moves."""
        if self.last is None or self.last[1] != look or not same(self.last[0], moment):
            return None
        return self.last[2]

    def look(self, eye: Eye) -> None:
        """Forget what another eye has seen."""
        if self.eye is None or not same_eye(self.eye, eye):
            self.seen.clear()
            self.under.clear()
            self.labels = None
            self.eye = eye


def same(one: object, other: object) -> bool:
    """Whether two moments, or parts of them, are equal in all that they hold."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one is other or (one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True))
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one) and is_dataclass(other):
        return all(same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return bool(one == other)


def same_eye(one: Eye, other: Eye) -> bool:
    """Whether two eyes see the same picture."""
    stands = (one.position == other.position).all() and (one.forward == other.forward).all()
    turned = (one.right == other.right).all() and (one.up == other.up).all()
    return bool(stands and turned) and (one.width, one.height) == (other.width, other.height)
