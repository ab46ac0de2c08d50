"""A served comparison: its page carries all of it, and asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcube.wire import Comparison, Problem
from matcube.wire.container import Scene


@dataclass(frozen=True)
class ComparedSession:
    """What a server sends of a comparison.

    Args:
        comparison: its panels and lists.
        scenes: of the panels, in order.
        picture: the page as PNG.
    """

    comparison: Comparison
    scenes: Sequence[Scene]
    picture: bytes

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.comparison.title

    @property
    def doing(self) -> str:
        """Nothing: all of it is there."""
        return ""

    @property
    def blocks(self) -> str:
        """The scenes, as data blocks of the page."""
        from matcube.outputs.html import comparison_blocks

        return comparison_blocks(self.comparison, encoded(self.scenes)) + "\n"

    def initial(self) -> bytes:
        """The scene of the first panel."""
        return encoded(self.scenes)[0]

    def answer(self, request: bytes) -> Problem:
        """A comparison cannot be edited."""
        return Problem(kind="Read-only", message="a comparison cannot be edited here")

    def still(self) -> bytes:
        """The picture."""
        return self.picture


def encoded(scenes: Sequence[Scene]) -> list[bytes]:
    """Scenes as bytes, each with all its buffers."""
    return [scene.encode(send=frozenset(scene.buffers)) for scene in scenes]
