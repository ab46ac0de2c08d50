"""The one request the viewer makes, tagged by ``kind``, and the error that may answer it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from matcube.wire.view import Count, Name, Sha, Text, View


class EditRequest(Struct, frozen=True, tag="edit", tag_field="kind", forbid_unknown_fields=True):
    """Make the scene of this view; buffers and parts of the head in ``have`` need not be sent.

    Answered by scene bytes.
    """

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


class RewriteRequest(Struct, frozen=True, tag="rewrite", tag_field="kind", forbid_unknown_fields=True):
    """Change one node of the program. Answered by scene bytes whose view holds the new program text.

    ``change`` and what it reads: ``rename`` (``text``: the new name), ``wrap`` and ``replace`` (``text``: an
    operation of one matrix, with ``parameters``), ``remove`` (nothing), ``leaf`` (``text``: an initialiser
    with its sizes), ``size`` (dimension ``dim`` becomes ``size`` cells, and all that is tied to it follows).
    """

    view: View
    node: Count
    change: Literal["rename", "wrap", "replace", "remove", "leaf", "size"]
    text: Text = ""
    parameters: Annotated[dict[Name, float], Meta(max_length=20)] = field(default_factory=dict)
    dim: Annotated[int, Meta(ge=0, le=7)] = 0
    size: Annotated[int, Meta(ge=0, le=2147483647)] = 0
    have: Annotated[list[Sha], Meta(max_length=10000)] = field(default_factory=list)


class PresetsRequest(Struct, frozen=True, tag="presets", tag_field="kind", forbid_unknown_fields=True):
    """List the ready-made figures. Answered by ``Presets`` as JSON."""


Request = EditRequest | BuffersRequest | TileRequest | RewriteRequest | PresetsRequest


class Preset(Struct, frozen=True):
    """A ready-made figure: what it is called, one line about it, under which heading, and its whole state."""

    name: str
    help: str
    group: str
    view: View


class Presets(Struct, frozen=True):
    """All that this server offers, in order; none when it was given none."""

    presets: list[Preset]


class Problem(Struct, frozen=True):
    """A structured error: what the page shows in place; ``span`` marks ``text[start:end]``."""

    kind: str
    message: str
    text: str | None = None
    span: tuple[int, int] | None = None
    hint: str | None = None
