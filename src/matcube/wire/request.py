"""Requests of the viewer, tagged by ``kind``, and the JSON answers: presets and problems."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from matcube.wire.view import Count, Name, Sha, Text, View


class EditRequest(Struct, frozen=True, tag="edit", tag_field="kind", forbid_unknown_fields=True):
    """Make the scene of this view, without the buffers and fields of the head in ``have``.

    Answered by scene bytes.
    """

    view: View
    have: Annotated[list[Sha], Meta(max_length=10000)] = field(default_factory=list)


class BuffersRequest(Struct, frozen=True, tag="buffers", tag_field="kind", forbid_unknown_fields=True):
    """Send these buffers of a recent scene (of sheets that were closed). Answered by scene bytes."""

    want: Annotated[list[Sha], Meta(max_length=1000)]


class TileRequest(Struct, frozen=True, tag="tile", tag_field="kind", forbid_unknown_fields=True):
    """Exact cells of a pooled matrix: node rows ``row .. row+rows``, same for columns (at most 512 each).

    ``mean`` is the hash of the matrix's averages, which identifies one of the last few scenes; None is the
    last one. Answered by scene bytes whose only buffer is an f32 or f64 block of that shape.
    """

    node: Count
    row: Count
    col: Count
    rows: Annotated[int, Meta(ge=1, le=512)]
    cols: Annotated[int, Meta(ge=1, le=512)]
    mean: Sha | None = None


class ExplainRequest(Struct, frozen=True, tag="explain", tag_field="kind", forbid_unknown_fields=True):
    """A cell of a matrix in words of numbers, exact also where the page has averages.

    ``mean`` as for a tile. Answered by ``Explained`` as JSON.
    """

    node: Count
    row: Count
    col: Count
    mean: Sha | None = None


class RewriteRequest(Struct, frozen=True, tag="rewrite", tag_field="kind", forbid_unknown_fields=True):
    """Change one node of the program. Answered by scene bytes whose view has the new program text.

    ``change`` and its fields: ``rename`` (``text``: the new name), ``wrap`` and ``replace`` (``text``: an
    operation of one matrix, with ``parameters``), ``remove`` (none), ``leaf`` (``text``: an initialiser with
    its sizes), ``size`` (dimension ``dim`` becomes ``size`` cells, and so does every dimension of its axis).
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
    """List the presets of the server. Answered by ``Presets`` as JSON."""


Request = EditRequest | BuffersRequest | TileRequest | ExplainRequest | RewriteRequest | PresetsRequest


class Preset(Struct, frozen=True):
    """A ready-made figure: its name, one line of help, the heading it is listed under, and its view."""

    name: str
    help: str
    group: str
    view: View


class Presets(Struct, frozen=True):
    """The presets of this server, in order; empty by default."""

    presets: list[Preset]


class Problem(Struct, frozen=True):
    """A structured error, shown on the page; ``span`` marks ``text[start:end]``."""

    kind: str
    message: str
    text: str | None = None
    span: tuple[int, int] | None = None
    hint: str | None = None
