"""Names and their places: what is written, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matcube.playback.camera import Eye
from matcube.playback.labels import Rect, Size, Spot
from matcube.playback.outlines import Polygon

LARGE, LARGE_PX = 0.040, (14.0, 44.0)  # em of a name on a plane: of the picture's size, and its bounds
UPRIGHT, UPRIGHT_PX = 0.0145, (11.0, 14.0)
SIZE_EM, SIZE_PX = 0.62, 10.5  # em of the size after a name: of that of the name, and at least
SPACE_EM = 0.45  # before the size, ems of the name
ASCENT, DESCENT = 0.80, 0.24  # of the box of a text on a plane, ems
PAD = 5.0  # left and right of an upright text, pixels
RIM = 4.0  # of the picture, free of texts, pixels


@dataclass(frozen=True)
class Name:
    """A name to write.

    Args:
        id: unique.
        outline: index of the face's outline.
        strong: width of the name, ems.
        weak: width of the size after it, ems of its own, 0 for none.
        priority: the greater is placed first.
        always: it is written wherever there is room at all.
        beside: it is written only beside its face.
    """

    id: str
    outline: int
    strong: float
    weak: float
    priority: float
    always: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Writing:
    """A name in the picture: pixel (s, t) of its text lies at ``at + s·right + t·down``.

    Args:
        id: of the name.
        at: upper left corner of the text's box.
        right: the step of one pixel of text along the line.
        down: the step of one pixel across the line.
        px: em, pixels of text.
        size: width and height of the box, pixels of text.
        sized: with the size of the matrix.
        flat: on the plane of its face.
        own: on the cells of its face.
        lead: a line to its face, if that is not beside it.
    """

    id: str
    at: Spot
    right: Spot
    down: Spot
    px: float
    size: Size
    sized: bool
    flat: bool = False
    own: bool = False
    lead: tuple[Spot, Spot] | None = None

    @property
    def quad(self) -> Polygon:
        """The corners of its box in the picture."""
        w, h = self.size
        return self.at, self.spot(w, 0.0), self.spot(w, h), self.spot(0.0, h)

    def spot(self, s: float, t: float) -> Spot:
        """Where a pixel of the text lies in the picture.

        Args:
            s: pixels of text from the left end.
            t: pixels of text from the top.
        """
        x, y = self.at
        return x + s * self.right[0] + t * self.down[0], y + s * self.right[1] + t * self.down[1]


def em_px(eye: Eye, *, flat: bool, size: float = 1.0) -> float:
    """The em of names in a picture, pixels.

    Args:
        eye: with the size of the picture.
        flat: on a plane, before perspective; else upright.
        size: factor of the style.
    """
    share, (least, most) = (LARGE, LARGE_PX) if flat else (UPRIGHT, UPRIGHT_PX)
    return size * min(max(share * math.sqrt(eye.width * eye.height), least), most)


def size_px(px: float, *, flat: bool) -> float:
    """The em of the size after a name of em ``px``, pixels.

    Args:
        px: em of the name, pixels.
        flat: on a plane; upright it is as large as the name.
    """
    return max(SIZE_EM * px, min(px, SIZE_PX)) if flat else px


def area_in(eye: Eye) -> Rect:
    """The part of the picture for texts."""
    return Rect(RIM, RIM, eye.width - 2 * RIM, eye.height - 2 * RIM)
