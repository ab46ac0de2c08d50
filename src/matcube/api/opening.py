"""Figures from a link, or from a saved page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

from matcube.api.figure import Figure
from matcube.engine import BoundArray, Engine, bind
from matcube.engine.bindings import bound_array, check_data
from matcube.errors import DataError, OptionError, WireError
from matcube.sources.paths import there
from matcube.sources.program import program_name
from matcube.wire import DataRef, View
from matcube.wire.container import Scene, decode
from matcube.wire.link import check_program, decode_fragment, decode_link

MAX_PAGE_BYTES = 1 << 30
PAGES = (".html", ".htm")
_PAGE_HINT = "a link begins with #m1. and a saved page ends in .html"


def from_view(
    view: View, data: Mapping[str, object], *, files: Mapping[str, Callable[[], BoundArray]] | None = None
) -> Figure:
    """The figure of a view, over the arrays that it names.

    Args:
        view: state of the figure.
        data: arrays by name.
        files: arrays in files by name, read when they are used.

    Raises:
        DataError: an array is missing, or is another one.
    """
    named = {program_name(name) if "." in str(name) else name: value for name, value in data.items()}
    bindings = bind(named, files=files).bindings
    check_data(view, bindings)
    return Figure(view, Engine(bindings))


def from_page(
    path: Path,
    data: Mapping[str, object],
    *,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
    view: View | None = None,
) -> Figure:
    """The figure of a saved page, with the arrays that the page itself carries.

    Args:
        path: the page.
        data: arrays by name; they go before those in the page.
        files: arrays in files by name; these too.
        view: another state than the page was saved with, from its address.

    Raises:
        DataError: the file cannot be read, or the page does not carry an array that it needs.
        WireError: it is not a page that matcube saved.
    """
    scene = decode(_scene_bytes(path))
    saved = scene.head.view
    if view is not None and view.program != saved.program:
        check_program(view, hint=_PAGE_HINT)
    view = saved if view is None else view
    given = {*data, *(files or {})}
    arrays = {name: _array_in(scene, name, ref) for name, ref in view.data.items() if name not in given}
    own = {name: array for name, array in arrays.items() if array is not None}
    return from_view(view, {**own, **data}, files=files)


def from_address(
    text: str | Path,
    data: Mapping[str, object],
    *,
    files: Mapping[str, Callable[[], BoundArray]] | None = None,
) -> Figure:
    """The figure of a link, of a saved page, or of a saved page's address; see ``matcube.open_figure``.

    Args:
        text: the link, the path of the page, or its address.
        data: arrays by name.
        files: arrays in files by name, read when they are used.

    Raises:
        DataError: it is neither, or an array is missing.
        WireError: the link or the page is damaged.
    """
    if not isinstance(text, str | Path):
        raise OptionError(f"a link is text, not {type(text).__name__}", hint=_PAGE_HINT)
    text = str(text)
    place, _, fragment = text.strip().partition("#")
    if not text.strip():
        raise DataError("there is nothing to open", hint=_PAGE_HINT)
    if place.startswith(("http://", "https://")) and not fragment:
        raise DataError(f'"{text.strip()}" is an address without a link in it', hint=_PAGE_HINT)
    is_link = bool(fragment) or place.startswith("m1.")
    path = Path(unquote(urlsplit(place).path) if place.startswith("file:") else place)
    if is_link and not (place and path.suffix.lower() in PAGES and there(path, Path.is_file)):
        return from_view(decode_link(text), data, files=files)
    return from_page(path, data, files=files, view=decode_fragment(text) if is_link else None)


def _scene_bytes(path: Path) -> bytes:
    from matcube.outputs.html import scene_in

    if path.suffix.lower() not in PAGES:
        raise DataError(f'"{path}" is neither a link nor a saved page', hint=_PAGE_HINT)
    try:
        if path.stat().st_size > MAX_PAGE_BYTES:
            raise DataError(f"{path} is larger than any page that matcube saves")
        return scene_in(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _array_in(scene: Scene, name: str, ref: DataRef) -> BoundArray | None:
    """An array out of a page's own buffers, if they hold it exactly as its hash says."""
    for matrix in scene.head.matrices:
        values = None if matrix.values is None else scene.buffers.get(matrix.values)
        if matrix.name != name or matrix.operation or values is None:
            continue
        try:
            dtype = np.dtype(ref.dtype if ref.dtype.isidentifier() else "V")
            if dtype.kind in "OUSmM" or not 0 < dtype.itemsize <= 16:  # no numbers, or cells of megabytes
                continue
            array = np.asarray(values).reshape(ref.shape).astype(dtype)
        except (TypeError, ValueError, OverflowError):
            continue
        bound = bound_array(name, array, file=ref.file)
        if bound.ref.sha256 == ref.sha256:
            places = (matrix.row_axis, matrix.col_axis)
            if not all(0 <= at < len(scene.head.axes) for at in places):
                raise WireError(f"the page is damaged: {name} has an axis that is not in it", hint=_PAGE_HINT)
            axes = [scene.head.axes[at] for at in places][2 - array.ndim :]
            named = tuple(None if axis.labels is None else tuple(axis.labels) for axis in axes)
            return BoundArray(bound.array, bound.ref, named, tuple(axis.title for axis in axes))
    return None
