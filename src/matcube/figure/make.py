"""Figures from what a reader gives: a program, a lazy matrix, a link, a saved page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np

from matcube.errors import DataError, OptionError
from matcube.figure.inputs import Known, bind, check_data, check_name, known_of
from matcube.figure.picture import Figure
from matcube.ir import Data
from matcube.ir.program import leaf_inputs, to_program
from matcube.ir.render import leaf_text
from matcube.sources.lazy import Matrix
from matcube.wire import DataRef, View
from matcube.wire.container import Scene, decode
from matcube.wire.link import decode_link

MAX_PAGE_BYTES = 1 << 30
PAGES = (".html", ".htm")
_PAGE_HINT = "a link begins with #m1. and a saved page ends in .html"


def make(
    program: str | Matrix,
    bindings: Mapping[str, object],
    *,
    labels: Mapping[str, Iterable[object]] | None = None,
    files: Mapping[str, Callable[[], Known]] | None = None,
) -> Figure:
    """A figure of a program text or a lazy matrix; see ``matcube.figure``."""
    if isinstance(program, Matrix):
        _check_labels(labels)
        program, own, found = _unfolded(program)
        bindings, labels = {**own, **bindings}, {**found, **(labels or {})}
    if not isinstance(program, str):
        raise OptionError(
            f"a program is text or a lazy matrix, not {type(program).__name__}",
            hint='mc.figure("A @ B", A=a, B=b), or (mc.matrix(a) @ mc.matrix(b)).figure()',
        )
    plain: dict[str, object] = {}
    _check_labels(labels)
    given = {key: list(names) for key, names in (labels or {}).items()}
    for name, value in bindings.items():
        plain[name] = _leaf_value(name, value, given) if isinstance(value, Matrix) else value
    bound = bind(plain, labels=given, files=files)
    view = View(program=program, leaves=bound.leaves, constants=bound.constants, labels=bound.labels)
    return Figure(view, bound.inputs)


def from_link(
    link: str, data: Mapping[str, object], *, files: Mapping[str, Callable[[], Known]] | None = None
) -> Figure:
    """The figure that a link restores; see ``matcube.open_link``."""
    if not isinstance(link, str):
        raise OptionError(f"a link is text, not {type(link).__name__}", hint="it begins with #m1.")
    return from_view(decode_link(link), data, files=files)


def from_view(
    view: View, data: Mapping[str, object], *, files: Mapping[str, Callable[[], Known]] | None = None
) -> Figure:
    """The figure of a view, over the arrays that it names.

    Raises:
        DataError: an array is missing, or is another one.
    """
    inputs = bind(data, files=files).inputs
    check_data(view, inputs)
    return Figure(view, inputs)


def from_page(
    path: Path,
    data: Mapping[str, object],
    *,
    files: Mapping[str, Callable[[], Known]] | None = None,
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
    view = scene.head.view if view is None else view
    brought = {*data, *(files or {})}
    carried = {name: _carried(scene, name, ref) for name, ref in view.data.items() if name not in brought}
    found = {name: known for name, known in carried.items() if known is not None}
    return from_view(view, {**found, **data}, files=files)


def from_address(text: str, *, files: Mapping[str, Callable[[], Known]] | None = None) -> Figure:
    """The figure of what was given to ``matcube open``: a link, a saved page, or a saved page's address.

    Raises:
        DataError: it is neither, or an array is missing.
        WireError: the link or the page is damaged.
    """
    place, _, fragment = text.strip().partition("#")
    if not text.strip():
        raise DataError("there is nothing to open", hint=_PAGE_HINT)
    if place.startswith(("http://", "https://")) and not fragment:
        raise DataError(f'"{text.strip()}" is an address without a link in it', hint=_PAGE_HINT)
    view = decode_link(text) if fragment or place.startswith("m1.") else None
    path = Path(unquote(urlsplit(place).path) if place.startswith("file:") else place)
    if view is not None and not (place and path.suffix.lower() in PAGES and path.is_file()):
        return from_view(view, {}, files=files)
    return from_page(path, {}, files=files, view=view)


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


def _carried(scene: Scene, name: str, ref: DataRef) -> Known | None:
    """An array out of a page's own buffers, if they hold it exactly as its hash says."""
    for matrix in scene.head.matrices:
        values = None if matrix.values is None else scene.buffers.get(matrix.values)
        if matrix.name != name or matrix.operation or values is None:
            continue
        try:
            array = np.asarray(values).reshape(ref.shape).astype(np.dtype(ref.dtype))
        except (TypeError, ValueError, OverflowError):
            continue
        known = known_of(name, array, file=ref.file)
        if known.ref.sha256 == ref.sha256:
            labels = (scene.head.axes[matrix.row_axis].labels, scene.head.axes[matrix.col_axis].labels)
            named = tuple(None if one is None else tuple(one) for one in labels[2 - array.ndim :])
            return Known(known.array, known.ref, named)
    return None


def _unfolded(root: Matrix) -> tuple[str, dict[str, object], dict[str, Iterable[object]]]:
    """A lazy matrix as program text, bindings and labels."""
    graph, arrays = root.to_graph()
    bindings: dict[str, object] = {}
    labels: dict[str, Iterable[object]] = {}
    for name in arrays:
        check_name(name)
    for name, bound in leaf_inputs(graph).items():
        source = bound.leaf.source
        if isinstance(source, Data):
            ref = DataRef(list(bound.shape), source.dtype, source.sha256)
            bindings[name] = Known(arrays[name], ref, (None,) * len(bound.shape))
        else:
            hidden = ("seed",) if bound.unseeded else ()
            bindings[name] = leaf_text(bound.leaf, bound.shape, leave_out=hidden).text
        sides = ("rows", "cols")[2 - min(2, len(bound.shape)) :]
        for side, names in zip(sides, bound.leaf.labels[-2:], strict=False):
            if names is not None:
                labels[f"{name}.{side}"] = names
    return to_program(graph), bindings, labels


def _check_labels(labels: object) -> None:
    if labels is not None and not isinstance(labels, Mapping):
        raise OptionError(
            f"labels are names along rows and columns by matrix, not {type(labels).__name__}",
            hint='labels={"Q.rows": tokens}; a matrix cannot be named labels here: give it another name',
        )
    for key, names in (labels or {}).items():
        if not isinstance(names, Iterable):
            raise OptionError(f'labels for "{key}" are a list of names, not {names!r}')


def _leaf_value(name: str, value: Matrix, labels: dict[str, list[Any]]) -> object:
    """What a lazy matrix that is bound to a name holds: ``Q=mc.matrix(q, rows=tokens)``."""
    if value.leaf is None:
        raise OptionError(
            f"{name} is bound to an expression, {value!r}",
            hint="write it into the program, or use its .figure()",
        )
    _, bindings, found = _unfolded(value.named(name))
    for key, names in found.items():
        labels.setdefault(key, list(names))
    return bindings[name]
