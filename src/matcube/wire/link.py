"""A view as the fragment of an address, and back: ``#m1.<base64url(deflate-raw(JSON))>``.

A link is data: it is decompressed within a bound, every field is checked, nothing in it is executed.
The number before the dot is the version; unknown versions are refused.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from matcube.errors import WireError
from matcube.errors.words import shorten, some_of
from matcube.wire.view import (
    MAX_TYPED_PROGRAM,
    VIEW_VERSION,
    Camera,
    FilmView,
    LayoutView,
    Selection,
    StyleView,
    View,
)

MAX_VIEW_BYTES = 1_000_000
MAX_FRAGMENT_CHARS = 1_400_000

_FORM = re.compile(r"m(0|[1-9][0-9]{0,5})\.(.*)\Z", re.DOTALL)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}\Z")
_RAW_DEFLATE = -zlib.MAX_WBITS
_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "layout": LayoutView,
    "style": StyleView,
    "film": FilmView,
    "camera": Camera,
    "selection": Selection,
}
_HINT = "copy the whole address again; nothing of it was used"


class _Version(msgspec.Struct):
    """The field that is read before all others."""

    version: int = VIEW_VERSION


def encode_link(view: View) -> str:
    """The fragment that restores a view.

    ``"#m1." + base64url(deflate-raw(json(view)))``, without padding.

    Args:
        view: the state to share.

    Returns:
        The fragment, with its ``#``, for any address of a matcube page.

    Raises:
        WireError: a field of the view is out of its range, or its program or the whole view is too large.

    Example:
        >>> decode_link(encode_link(View(program="A @ B"))).program
        'A @ B'
    """
    text = view_to_json(view)
    check_program(view_from_json(text), hint="save a page instead; it opens again with all that is in it")
    packer = zlib.compressobj(level=9, wbits=_RAW_DEFLATE)
    packed = packer.compress(text) + packer.flush()
    return f"#m{VIEW_VERSION}." + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_link(link: str) -> View:
    """The view that a link restores.

    Args:
        link: a fragment, with or without ``#``, or a whole address that ends in one.

    Returns:
        The view, every field checked.

    Raises:
        WireError: the link is damaged, too large, or of an unknown version.

    Example:
        >>> decode_link("#m9.AAAA")
        Traceback (most recent call last):
        ...
        matcube.errors.WireError: this link is of version 9, and this matcube reads version 1
          hint: update matcube to the version that made the link
    """
    view = decode_fragment(link)
    check_program(view, hint=_HINT)
    return view


def decode_fragment(link: str) -> View:
    """The view in the address of a saved page; its program has any length.

    Raises:
        WireError: as in ``decode_link``.
    """
    before, mark, after = link.strip().partition("#")
    fragment = after if mark else before
    result = _FORM.match(fragment)
    if result is None:
        raise WireError(
            "this is not a matcube link",
            hint='a link ends in "#m1." and letters; a saved page can be opened by its file name',
        )
    _check_version(int(result[1]), "link")
    return view_from_json(_inflate(_from_base64url(result[2])))


def check_program(view: View, *, hint: str) -> None:
    """Refuse a program that is too long for a link.

    Raises:
        WireError: it has more than ``MAX_TYPED_PROGRAM`` characters.
    """
    if len(view.program) > MAX_TYPED_PROGRAM:
        raise WireError(
            f"the program has {len(view.program):,} characters, and a link holds {MAX_TYPED_PROGRAM:,}",
            hint=hint,
        )


def view_to_json(view: View) -> bytes:
    """A view as JSON, its fields in a fixed order, so that equal views have equal texts."""
    text = msgspec.json.encode(view, order="deterministic")
    if len(text) > MAX_VIEW_BYTES:
        raise WireError(
            f"the view is too large for a link: {len(text):,} bytes of {MAX_VIEW_BYTES:,}",
            hint="save a page instead",
        )
    return text


def view_from_json(text: bytes) -> View:
    """A view from JSON, every field checked.

    Raises:
        WireError: it is not JSON, a field is unknown or out of its range, or the version is unknown.
    """
    if len(text) > MAX_VIEW_BYTES:
        raise WireError(f"the view is larger than {MAX_VIEW_BYTES:,} bytes", hint=_HINT)
    try:
        version = msgspec.json.decode(text, type=_Version).version
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise WireError("the view in the link is damaged", hint=_HINT) from None
    _check_version(version, "view", unknown=_unknown_fields(text) if version > VIEW_VERSION else ())
    try:
        view = msgspec.json.decode(renamed_fields(text), type=View)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"the view in the link cannot be used: {error}", hint=_HINT) from None
    _check_names(view)
    return view


def renamed_fields(text: bytes) -> bytes:
    """The JSON of a view with the present names of its fields: before 0.2.0 stops were viewpoints."""
    return text.replace(b'"viewpoints":[', b'"stops":[')


def _unknown_fields(text: bytes) -> list[str]:
    """Fields of a view that its struct lacks, ``style.numbers``: those of a later version."""
    try:
        fields = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    unknown = []
    for name, value in fields.items():
        if name not in View.__struct_fields__:
            unknown.append(name)
        elif isinstance(value, dict) and name in _SECTIONS:
            unknown += [f"{name}.{key}" for key in value if key not in _SECTIONS[name].__struct_fields__]
    return [shorten(name, 40) for name in unknown if name.isprintable()]


def _check_version(version: int, what: str, *, unknown: Sequence[str] = ()) -> None:
    if version == VIEW_VERSION:
        return
    newer = version > VIEW_VERSION
    fields = f"; unknown to it: {some_of(unknown, 5)}" if newer and unknown else ""
    raise WireError(
        f"this {what} is of version {version}, and this matcube reads version {VIEW_VERSION}{fields}",
        hint=f"update matcube to the version that made the {what}" if newer else _HINT,
    )


def _check_names(view: View) -> None:
    """Check names of the program: identifiers, and none like ``__proto__``, which JavaScript interprets."""
    for field in (view.leaves, view.data, view.constants):
        for name in field:
            if not name.isidentifier() or name.startswith("__"):
                raise WireError(f"the view in the link cannot be used: {name!r} is not a name", hint=_HINT)
    for key in view.labels:
        name, _, side = key.rpartition(".")
        if not name.isidentifier() or name.startswith("__") or side not in ("rows", "cols"):
            raise WireError(f"the view in the link cannot be used: {key!r} names no side", hint=_HINT)
    seen = [stop.view for stop in view.stops if stop.view is not None]
    fields: list[Mapping[str, object]] = [view.partition, *(each.partition or {} for each in seen)]
    for layout, film in ((view.layout, view.film), *((each.layout, each.film) for each in seen)):
        fields += [layout.custom, layout.inside, film.each]
    for key in (key for field in fields for key in field):
        if key.startswith("__"):
            raise WireError(f"the view in the link cannot be used: {key!r} is not a name", hint=_HINT)


def _from_base64url(text: str) -> bytes:
    if len(text) > MAX_FRAGMENT_CHARS:
        raise WireError(f"the link is longer than {MAX_FRAGMENT_CHARS:,} letters", hint=_HINT)
    if not _BASE64URL.match(text):
        raise WireError("the link is damaged: it has letters that are not of base64url", hint=_HINT)
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        raise WireError("the link is damaged: it is cut short", hint=_HINT) from None


def _inflate(packed: bytes) -> bytes:
    """Decompress at most ``MAX_VIEW_BYTES``; the rest of a decompression bomb is never expanded."""
    unpacker = zlib.decompressobj(_RAW_DEFLATE)
    try:
        text = unpacker.decompress(packed, MAX_VIEW_BYTES + 1)
    except zlib.error:
        raise WireError("the link is damaged: it does not decompress", hint=_HINT) from None
    if len(text) > MAX_VIEW_BYTES:
        raise WireError(f"the link decompresses to more than {MAX_VIEW_BYTES:,} bytes", hint=_HINT)
    if not unpacker.eof or unpacker.unused_data:
        raise WireError("the link is damaged: it is cut short or has bytes after its end", hint=_HINT)
    return text
