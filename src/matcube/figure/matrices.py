"""Lazy matrices, with ``figure`` and ``show`` as their methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from matcube.sources.lazy import Matrix, matrix

if TYPE_CHECKING:
    from matcube.figure.picture import Figure
    from matcube.outputs.server import Handle

__all__ = ["Matrix", "matrix"]


def _figure(self: Matrix, *, labels: Mapping[str, Iterable[object]] | None = None) -> Figure:
    """The figure of this matrix; nothing opens."""
    from matcube.figure import figure

    return figure(self, labels=labels)


def _show(self: Matrix) -> Handle:
    """Open the figure of this matrix in the browser."""
    return _figure(self).show()


# A layer sees only what is below it: ``sources`` cannot know figures, so they add themselves here.
setattr(Matrix, "figure", _figure)  # noqa: B010
setattr(Matrix, "show", _show)  # noqa: B010
