"""Arrangements and options of a layout.

World: right-handed, y up, one cell = one unit. Sizes and places only; no values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from matcube.errors import OptionError


@dataclass(frozen=True)
class Arrangement:
    """Sides of the three faces of a box: one of 16 arrangements, written like ``-LTF``.

    Args:
        positive: polarity; argument faces look outward if negative, inward if positive.
        left_on_right: the left argument lies on the right side instead of the left.
        right_on_bottom: the right argument lies below instead of above.
        result_at_back: the result lies behind instead of in front.
    """

    positive: bool = False
    left_on_right: bool = False
    right_on_bottom: bool = False
    result_at_back: bool = False

    @classmethod
    def parse(cls, text: str) -> Arrangement:
        """Read ``-LTF`` (polarity, left argument L/R, right argument T/B, result F/B)."""
        code = text.strip().upper()
        pairs = ("+-", "LR", "TB", "FB")
        if len(code) != 4 or any(letter not in pair for letter, pair in zip(code, pairs, strict=True)):
            raise OptionError(
                f'"{text}" is not an arrangement',
                hint='four letters: polarity + or -, L or R, T or B, F or B, for example "-LTF"',
            )
        return cls(code[0] == "+", code[1] == "R", code[2] == "B", code[3] == "B")

    def __str__(self) -> str:
        return (
            ("+" if self.positive else "-")
            + ("R" if self.left_on_right else "L")
            + ("B" if self.right_on_bottom else "T")
            + ("B" if self.result_at_back else "F")
        )


@dataclass(frozen=True)
class LayoutOptions:
    """Options of a layout.

    Args:
        scheme: a row of ``layout.SCHEMES``: blocks, zigzag, wheel or custom.
        gap: cells between a face and its box (1 to 64); None: chosen from the sizes.
        scatter: cells by which child boxes are pushed away from their parent (0 to 128).
        molecule: only children of at least this many contractions are pushed.
        blast: exponent (-2 to 2): the push is scatter * size**blast, where size is the child's contractions;
            if negative, it is scatter * (all - size)**-blast.
        root: arrangement of the root box.
        custom: arrangement by node id, for the scheme ``custom``.
        sheets: nodes whose faces have open sheets, or "all"; repeated pictures have none.
        splits: (node, its dimension, blocks): the dimension is drawn in at most that many blocks.
        use_splits: (user, operand position, dimension of that operand, blocks): the same for one use, which
            overrides ``splits``. A matrix behind a face is split as the face; a transpose is a use of its
            operand 0.
        pull: numbers of heads that are pulled out of their decks.
        parts: most sheets of partial results in a box, one for each block of its summed letter; with more
            blocks there are none.
        inside: pairs of a product and the product in whose box it lies (backward): the same cube along other
            axes.
    """

    scheme: str = "blocks"
    gap: float | None = None
    scatter: float = 0.0
    molecule: int = 1
    blast: float = 0.0
    root: Arrangement = field(default_factory=Arrangement)
    custom: tuple[tuple[int, Arrangement], ...] = ()
    sheets: tuple[int, ...] | Literal["all"] = ()
    splits: tuple[tuple[int, int, int], ...] = ()
    use_splits: tuple[tuple[int, int, int, int], ...] = ()
    pull: tuple[int, ...] = ()
    parts: int = 8
    inside: tuple[tuple[int, int], ...] = ()
