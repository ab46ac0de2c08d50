"""Camera and selection of a figure, by names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import msgspec
import numpy as np

from matcube import layout
from matcube.api.options import changed
from matcube.engine import Program
from matcube.errors import OptionError, unknown
from matcube.errors.values import bounded
from matcube.ir import Map, Node
from matcube.ops.rows import Softmax
from matcube.wire import Camera, Face, Layout, Pin, Selection, View

MAX_PINS, MAX_NODES = 64, 1000  # those of wire.Selection and wire.View
PinLike = tuple[str, int, int] | str

FIT_SIZE = (1280, 800)
_PIN = re.compile(r"\s*(.*?)\s*\[\s*(\d{1,18})\s*,\s*(\d{1,18})\s*\]\s*\Z", re.DOTALL)


class ViewChanges(TypedDict, total=False):
    """Keywords of ``Figure.view``; angles in degrees, in the link in radians."""

    yaw: float
    pitch: float
    distance: float
    target: Sequence[float] | str
    select: str | None
    pin: PinLike | Sequence[PinLike]
    hide: Iterable[str]
    fade: Iterable[str]
    isolate: str | None
    device: int | None


def seen(view: View, changes: Mapping[str, object], program: Program) -> View:
    """A view with another camera or selection.

    Args:
        view: state of the figure.
        changes: options of the camera and the selection by keyword, angles in degrees.
        program: the program of the view.

    Raises:
        OptionError: an option, a matrix or a cell that is not there.
    """
    for name in changes:
        if name not in ViewChanges.__annotations__:
            raise unknown(name, ViewChanges.__annotations__, what="option of view")
    moves = {name: changes[name] for name in ("distance", "target") if name in changes}
    for name, most in (("yaw", math.inf), ("pitch", 90.0)):
        if name in changes:
            moves[name] = _radians(name, changes[name], most)
    if isinstance(moves.get("target"), str):
        moves["target"] = _centre(view, str(moves["target"]), program)
    fields: dict[str, Any] = {}
    if moves:
        fields["camera"] = changed(_fitted(view, moves, program), moves, what="view")
    if "select" in changes or "pin" in changes:
        fields["selection"] = _selected(view.selection, changes, program)
    for option, name in (("hide", "hidden"), ("fade", "faded")):
        if option in changes:
            shown = (program.names.shown(matrix) for matrix in _many(changes[option]))
            fields[name] = tuple(node.id for nodes in shown for node in nodes)
    if "isolate" in changes:
        fields["isolated"] = _node_or_none(changes["isolate"], program)
    if "device" in changes:
        fields["device"] = _device(changes["device"], view, program)
    return msgspec.structs.replace(view, **fields)


def face_on(view: View, name: str | None, program: Program) -> View:
    """A view of one matrix alone, face on, from the side from which its columns run to the right.

    Args:
        view: state of the figure.
        name: the matrix; None takes the result.
        program: the program of the view.

    Raises:
        OptionError: there is no such matrix, or it has no face of its own.
    """
    from matcube.playback import home

    node = program.names.shown(program.graph.root.id if name is None else name)[0]
    face = next((face for face in program.place(view).faces if face.node == node.id), None)
    if face is None:
        raise OptionError(
            f"{node.label} has no face of its own in this layout", hint="open the sheets to see it"
        )
    width, height = FIT_SIZE
    camera = home.face_on(face, width=width, height=height)
    return msgspec.structs.replace(view, camera=camera, isolated=node.id)


def _radians(name: str, degrees: Any, most: float) -> float:
    """An angle of a reader, in degrees, as a camera stores it."""
    plain = degrees.item() if hasattr(degrees, "item") else degrees
    is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if not is_number or not math.isfinite(plain) or abs(plain) > most:
        wanted = "a number of degrees" + (f", from {-most:g} to {most:g}" if most < math.inf else "")
        raise OptionError(f"{name}={degrees!r} cannot be used: it must be {wanted}")
    return math.radians(plain)


def present(view: View, program: Program) -> Camera:
    """The camera of a view; where it has none, the opening one."""
    if view.camera is not None:
        return view.camera
    from matcube.playback.home import home

    placed, graph, (width, height) = program.place(view), program.drawn.graph, FIT_SIZE
    faces = _visible(view, placed)
    own = {face.node for face in faces if face.alias_of is None and face.part is None}
    shares = [node.id for node in graph.nodes if node.id in own and _is_softmax(node)]
    root = next((face.node for face in faces if face.id == placed.root_face), None)
    subject = shares[-1] if shares else root
    return home(faces, subject=subject, root=placed.root_face, width=width, height=height)


def _visible(view: View, placed: Layout) -> list[Face]:
    return [face for face in placed.faces if face.cover is None and face.node not in view.hidden]


def _is_softmax(node: Node) -> bool:
    """Whether a node is a softmax of more than one row."""
    return isinstance(node.kind, Map) and isinstance(node.kind.op, Softmax) and math.prod(node.shape[:-1]) > 1


def _device(wanted: object, view: View, program: Program) -> int | None:
    """A device of the partition, by its number."""
    if wanted is None:
        return None
    count = program.devices(view.partition).count
    if isinstance(wanted, bool) or not isinstance(wanted, int) or not 0 <= wanted < count:
        raise OptionError(
            f"there is no device {wanted!r}",
            hint=f"devices are 0 to {count - 1}" if count > 1 else "split an axis first: partition(tokens=8)",
        )
    return wanted


def _centre(view: View, name: str, program: Program) -> tuple[float, float, float]:
    """The middle of the face that shows a matrix."""
    node = program.names.shown(name)[0]
    for face in program.place(view).faces:
        if face.node == node.id:
            x, y, z = np.mean(layout.face_corners(face), axis=0).tolist()
            return x, y, z
    raise OptionError(f"{node.label} has no face of its own in this layout", hint="open the sheets to see it")


def _fitted(view: View, moves: Mapping[str, Any], program: Program) -> Camera:
    """The present camera, or the one that sees all that is not hidden from the wanted side."""
    if view.camera is not None:
        return view.camera
    from matcube.playback import camera as eye

    placed = program.place(view)
    points = eye.slab_corners(_visible(view, placed) or placed.faces)
    base = Camera((0.0, 0.0, 0.0), eye.DEFAULT_YAW, eye.DEFAULT_PITCH, 1.0)
    turned = changed(base, {k: v for k, v in moves.items() if k in ("yaw", "pitch")}, what="view")
    width, height = FIT_SIZE
    return eye.fit(points, yaw=turned.yaw, pitch=turned.pitch, width=width, height=height)


def _selected(selection: Selection, changes: Mapping[str, Any], program: Program) -> Selection:
    node = _node_or_none(changes["select"], program) if "select" in changes else selection.node
    pins = selection.pins
    if "pin" in changes:
        given = changes["pin"]
        pins = tuple(
            _pin(pin, program) for pin in ([given] if _is_one(given) else bounded(given, MAX_PINS, "pin"))
        )
    return Selection(node, pins)


def _is_one(given: Any) -> bool:
    """Whether a value is a single pin: a text, or a name with two indices."""
    if not isinstance(given, Iterable):
        raise _no_pin(given)
    if isinstance(given, str):
        return True
    first = given[0] if isinstance(given, Sequence) and len(given) == 3 else None
    return isinstance(first, int) or (isinstance(first, str) and not _PIN.match(first))


def _no_pin(given: object) -> OptionError:
    hint = 'a pin is a name, a row and a column: ("attn", 3, 7) or "attn[3, 7]"'
    return OptionError(f"pin={given!r} cannot be used", hint=hint)


def _pin(given: Any, program: Program) -> Pin:
    written = _PIN.match(given) if isinstance(given, str) else None
    match written.groups() if written else given:
        case (str() | int() as name, row_given, col_given):
            node = program.names.shown(name)[0]
        case _:
            raise _no_pin(given)
    try:
        row, col = int(row_given), int(col_given)
    except (TypeError, ValueError, OverflowError):
        raise _no_pin(given) from None
    rows, cols = _two(node)
    if not (0 <= row < rows and 0 <= col < cols):
        raise OptionError(f"cell [{row}, {col}] does not lie in {node.label}, which is {rows} × {cols}")
    return Pin(node.id, row, col)


def _two(node: Node) -> tuple[int, int]:
    rows, cols = (1, 1, *node.shape)[-2:]
    return rows, cols


def _node_or_none(name: Any, program: Program) -> int | None:
    return None if name is None else program.names.shown(name)[0].id


def _many(names: Any) -> list[str]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        return [names]
    return bounded(names, MAX_NODES, "hide or fade")
