"""The one request the viewer makes, tagged by ``kind``, and the error that may answer it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from matcube.scene.view import Count, Sha, View


class EditRequest(Struct, frozen=True, tag="edit", tag_field="kind", forbid_unknown_fields=True):
    """Make the scene of this view; buffers in ``have`` need not be sent. Answered by scene bytes."""

    view: View
    have: Annotated[list[Sha], Meta(max_length=10000)] = field(default_factory=list)


class BuffersRequest(Struct, frozen=True, tag="buffers", tag_field="kind", forbid_unknown_fields=True):
    """Send these buffers of a scene made lately (sheets that were closed). Answered by scene bytes."""

    want: Annotated[list[Sha], Meta(max_length=1000)]


class TileRequest(Struct, frozen=True, tag="tile", tag_field="kind", forbid_unknown_fields=True):
    """Exact cells of a pooled matrix: node rows ``row .. row+rows``, same for columns (at most 512 each).

    ``mean`` is the hash of the matrix's averages, which says in which of the last few scenes it stands; None
    means the last one. Answered by scene bytes whose only buffer is an f32 or f64 block of that shape.
    """

    node: Count
    row: Count
    col: Count
    rows: Annotated[int, Meta(ge=1, le=512)]
    cols: Annotated[int, Meta(ge=1, le=512)]
    mean: Sha | None = None


Request = EditRequest | BuffersRequest | TileRequest


class Problem(Struct, frozen=True):
    """A structured error: what the page shows in place; ``span`` marks ``text[start:end]``."""

    kind: str
    message: str
    text: str | None = None
    span: tuple[int, int] | None = None
    hint: str | None = None
