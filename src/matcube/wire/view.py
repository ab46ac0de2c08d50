"""The complete state of a view, as links, requests and saved files have it.

It is data, never code: unknown fields are refused, every number is checked, nothing is executed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import NODEFAULT, Meta, Struct, field
from msgspec.structs import fields

VIEW_VERSION = 1

Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Names = Annotated[dict[Name, Name], Meta(max_length=200)]
Sha = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(ge=0)]
TileSize = Annotated[int, Meta(ge=1, le=1_000_000)]
Tiles = Annotated[tuple[tuple[TileSize, TileSize, TileSize], ...], Meta(max_length=3)]
Finite = Annotated[float, Meta(ge=-1e12, le=1e12)]

MAX_TYPED_PROGRAM = 4000  # characters of a program that is typed, or in a link
MAX_PROGRAM = 500_000  # characters of a program that code makes, of lazy matrices or of a graph
MAX_NAMES = 4000  # leaves, arrays, constants and labelled sides: of each at most so many
MAX_STOPS = 64
MAX_SENTENCE = 500  # characters of what a stop says
MAX_LABELS = 16384
MAX_LABEL_CHARS = 200
Splits = Annotated[dict[Text, Annotated[int, Meta(ge=1, le=64)]], Meta(max_length=64)]
Nodes = Annotated[tuple[Count, ...], Meta(max_length=1000)]
Labels = Annotated[tuple[Annotated[str, Meta(max_length=MAX_LABEL_CHARS)], ...], Meta(max_length=MAX_LABELS)]


def _changed(self: Struct) -> str:
    """Text without the options that are at their defaults."""
    changed = [
        f"{each.name}={value!r}"
        for each in fields(self)
        if (value := getattr(self, each.name))
        != (each.default if each.default_factory is NODEFAULT else each.default_factory())
    ]
    name = "State" if isinstance(self, View) else type(self).__name__  # its public name
    return f"{name}({', '.join(changed)})"


class DataRef(Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf whose values are not in the link; the page names the missing file."""

    shape: tuple[Count, ...]
    dtype: Name
    sha256: Sha
    file: Name = ""


class LayoutView(Struct, frozen=True, forbid_unknown_fields=True):
    """Options of the layout; see ``matcube.layout.LayoutOptions``.

    ``inside`` puts the box of a product into that of another, ``{"dA": "C"}``; unknown names are ignored.
    ``head`` draws that head alone.
    """

    scheme: Name = "blocks"
    gap: Annotated[float, Meta(ge=1, le=64)] | None = None
    scatter: Annotated[float, Meta(ge=0, le=128)] = 0.0
    molecule: Annotated[int, Meta(ge=1, le=10000)] = 1
    blast: Annotated[float, Meta(ge=-2, le=2)] = 0.0
    root: Annotated[str, Meta(max_length=4)] = "-LTF"
    custom: Names = field(default_factory=dict)
    sheets: Literal["closed", "open"] = "closed"
    pull: Annotated[tuple[Count, ...], Meta(max_length=256)] = ()
    head: Count | None = None
    inside: Names = field(default_factory=dict)
    parts: Annotated[int, Meta(ge=0, le=64)] = 8

    __repr__ = _changed


class StyleView(Struct, frozen=True, forbid_unknown_fields=True):
    """The looks."""

    theme: Literal["dark", "light", "auto"] = "dark"
    palette: Name = "glow"
    sensitivity: Name = "robust"
    dot_scale: Annotated[float, Meta(ge=0.05, le=4)] = 1.0
    contrast: Annotated[float, Meta(ge=0.05, le=20)] = 1.0
    peak: bool = False
    legends: bool = True
    letters: bool = True
    guides: bool = True
    arrows: bool = True
    costs: bool = False
    legend_size: Annotated[float, Meta(ge=0.5, le=3)] = 1.0
    numbers: Literal["auto", "always", "never"] = "auto"
    digits: Annotated[int, Meta(ge=0, le=4)] | None = None

    __repr__ = _changed


class FilmView(Struct, frozen=True, forbid_unknown_fields=True):
    """Options of the film, and its present time; see docs/motion.md.

    ``algorithm`` is that of the root and of its operands, "none" for no film; ``each`` has that of other
    contractions, by the name or the text of the node. ``t`` is in steps, ``speed`` in film lengths per 20
    seconds, ``spin`` in turns per film. ``tiles`` are those of "tiled", along i, j and k for each level, the
    outermost first; ``order`` names its loops, one order for all levels or one for each, ``"ikj/kij"``.
    """

    algorithm: Name = "none"
    each: Annotated[dict[Text, Name], Meta(max_length=200)] = field(default_factory=dict)
    fuse: Literal["none", "sync", "async", "decode"] = "none"
    tiles: Tiles = ()
    order: Annotated[str, Meta(max_length=11, pattern="^[ijk]{3}(/[ijk]{3}){0,2}$")] = "ijk"
    t: Annotated[float, Meta(ge=0, le=1e12)] = 0.0
    speed: Annotated[float, Meta(ge=0.01, le=100)] = 1.0
    loop: bool = True
    hide_inputs: bool = False
    spin: Annotated[float, Meta(ge=-10, le=10)] = 0.0

    __repr__ = _changed


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    """An orbit: the eye is ``distance`` from ``target``; angles in radians."""

    target: tuple[Finite, Finite, Finite]
    yaw: Finite
    pitch: Annotated[float, Meta(ge=-1.5708, le=1.5708)]
    distance: Annotated[float, Meta(gt=0, le=1e9)]


class Pin(Struct, frozen=True, forbid_unknown_fields=True):
    """A pinned cell, by the node's own indices."""

    node: Count
    row: Count
    col: Count


class Selection(Struct, frozen=True, forbid_unknown_fields=True):
    """The selected matrix and the pinned cells."""

    node: Count | None = None
    pins: Annotated[tuple[Pin, ...], Meta(max_length=64)] = ()

    __repr__ = _changed


class StopView(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stop shows beside its camera and selection: the fields of ``View`` of these names.

    ``partition`` None, as in stops of older links, leaves the blocks as they are.
    """

    layout: LayoutView = field(default_factory=LayoutView)
    style: StyleView = field(default_factory=StyleView)
    film: FilmView = field(default_factory=FilmView)
    hidden: Nodes = ()
    faded: Nodes = ()
    isolated: Count | None = None
    device: Count | None = None
    partition: Splits | None = None

    __repr__ = _changed


class Stop(Struct, frozen=True, forbid_unknown_fields=True):
    """A named place of the story that the page tells stop by stop.

    ``say`` is its sentence. ``view`` None, as in the viewpoints of older links, leaves layout, looks and film
    as they are.
    """

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    camera: Camera
    selection: Selection = field(default_factory=Selection)
    say: Annotated[str, Meta(max_length=MAX_SENTENCE)] = ""
    view: StopView | None = None

    __repr__ = _changed


class View(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a link restores.

    ``leaves`` maps a name to its leaf text (``"gaussian(64, 16, seed=1)"``), ``data`` to a description of the
    array that must be bound, ``constants`` to a number. ``labels`` are names along ``Q.rows`` or ``Q.cols``
    that do not come from the data. ``camera`` None fits the figure. ``partition`` is a number of blocks by
    the name of an axis, or by one use of it, ``"attn.i"``. Only the cells of ``device`` are lit.
    ``stop`` is the number of the stop that is shown, from 0.
    """

    version: Literal[1] = 1
    program: Annotated[str, Meta(max_length=MAX_PROGRAM)] = ""
    leaves: Annotated[dict[Name, Text], Meta(max_length=MAX_NAMES)] = field(default_factory=dict)
    data: Annotated[dict[Name, DataRef], Meta(max_length=MAX_NAMES)] = field(default_factory=dict)
    constants: Annotated[dict[Name, Finite], Meta(max_length=MAX_NAMES)] = field(default_factory=dict)
    labels: Annotated[dict[Name, Labels], Meta(max_length=MAX_NAMES)] = field(default_factory=dict)
    layout: LayoutView = field(default_factory=LayoutView)
    style: StyleView = field(default_factory=StyleView)
    camera: Camera | None = None
    film: FilmView = field(default_factory=FilmView)
    partition: Splits = field(default_factory=dict)
    selection: Selection = field(default_factory=Selection)
    hidden: Nodes = ()
    faded: Nodes = ()
    isolated: Count | None = None
    stops: Annotated[tuple[Stop, ...], Meta(max_length=MAX_STOPS)] = ()
    stop: Annotated[int, Meta(ge=0, lt=MAX_STOPS)] | None = None
    device: Count | None = None

    __repr__ = _changed
