"""Options of a view, which name matrices, as options of layout and timeline, which number nodes."""

from __future__ import annotations

from matcube import timeline
from matcube.engine.checks import check_algorithm
from matcube.engine.names import Names
from matcube.errors import OptionError
from matcube.ir import Leaf
from matcube.layout import Arrangement, LayoutOptions
from matcube.wire import FilmView, LayoutView


def layout_options(view: LayoutView, names: Names) -> LayoutOptions:
    """The layout of a view, by nodes, for ``layout.place``.

    Raises:
        OptionError: an arrangement does not read, or is given to a name that is no box.
    """
    return LayoutOptions(
        scheme=view.scheme,
        gap=view.gap,
        scatter=view.scatter,
        molecule=view.molecule,
        blast=view.blast,
        root=Arrangement.parse(view.root),
        custom=tuple(
            (box, Arrangement.parse(text)) for name, text in view.custom.items() for box in names.boxes(name)
        ),
        sheets="all" if view.sheets == "open" else (),
        pull=tuple(view.pull),
        inside=_inside(view, names),
        parts=view.parts,
    )


def _inside(view: LayoutView, names: Names) -> tuple[tuple[int, int], ...]:
    """Which boxes lie in which others. Unknown names are ignored."""

    def is_there(name: str) -> bool:
        try:
            return bool(names.shown(name))
        except OptionError:
            return False

    pairs = [pair for pair in view.inside.items() if all(map(is_there, pair))]
    return tuple((names.boxes(guest)[0], names.boxes(host)[0]) for guest, host in pairs)


def film_options(view: FilmView, names: Names, layout: LayoutView) -> timeline.FilmOptions:
    """The film of a view, by nodes, for ``timeline.film``; boxes in one body play in turn.

    Args:
        view: the film as the view describes it, by names.
        names: nodes by name.
        layout: the layout, whose ``inside`` names boxes that share a body.

    Raises:
        OptionError: an unknown algorithm, or one for a name that is no box.
    """
    for name in (view.algorithm, *view.each.values()):
        check_algorithm(name)
    each = [
        (name, algorithm)
        for name, algorithm in view.each.items()
        if not _is_visible_leaf(name, algorithm, names)
    ]
    boxes = tuple((box, algorithm) for name, algorithm in each for box in names.boxes(name))
    return timeline.FilmOptions(
        view.algorithm, boxes, view.fuse, tuple(view.tiles), tuple(view.order.split("/")),
        after=_in_turn(_inside(layout, names)),
    )  # fmt: skip


def _in_turn(inside: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Boxes of one body play one after the other, the host first: each with the one that it comes after."""
    last: dict[int, int] = {}
    out = []
    for node, host in inside:
        out.append((node, last.get(host, host)))
        last[host] = node
    return tuple(out)


def _is_visible_leaf(name: str, algorithm: str, names: Names) -> bool:
    """Whether the entry keeps a leaf visible from the start of the film."""
    return algorithm == "none" and isinstance(names.shown(name)[0].kind, Leaf)
