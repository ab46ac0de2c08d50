"""Options that an edited program retains of the one before: splits, films, placements by name.

::

    view as requested, recent views ──> the same view, without names that only the old program had

Unknown names in a link are refused. An edited program inherits them from the figure that it replaces, and the
reader cannot remove them in the page: they are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

import msgspec

from matcube.engine import Engine, Program
from matcube.errors import OptionError
from matcube.wire import View

Value = TypeVar("Value")


def retained(view: View, engine: Engine, recent: Iterable[View]) -> View:
    """The view without options of an earlier program that this one cannot use.

    Args:
        view: the complete view of a page's request.
        engine: arrays and cached programs.
        recent: views shown before.
    """
    others = [other for other in recent if _content_of(other) != _content_of(view)]
    of_stops = [stop.view.partition for stop in view.stops if stop.view is not None and stop.view.partition]
    if not others and view.partition not in of_stops:
        return view
    head = view.layout.head
    heads = [other.layout.head for other in others]
    if head in heads and not _works(lambda: engine.program(view).drawn):
        head = None
    layout = msgspec.structs.replace(view.layout, head=head)
    program = engine.program(msgspec.structs.replace(view, layout=layout))
    splits = [*(other.partition for other in others), *of_stops]
    partition = _usable(view.partition, splits, lambda name, blocks: program.partition({name: blocks}))
    if not _works(lambda: program.partition(partition)):  # two earlier axes may be one now
        partition = _new(partition, splits)
    custom = _usable(
        layout.custom, [other.layout.custom for other in others], lambda name, _: program.names.boxes(name)
    )
    each = _usable(
        view.film.each, [other.film.each for other in others], lambda *pair: _played(program, *pair)
    )
    return msgspec.structs.replace(
        view,
        partition=partition,
        layout=msgspec.structs.replace(layout, custom=custom),
        film=msgspec.structs.replace(view.film, each=each),
    )


def _content_of(view: View) -> tuple[object, ...]:
    return view.program, view.leaves, view.data, view.constants


def _usable(
    entries: Mapping[str, Value], before: list[dict[str, Value]], use: Callable[[str, Value], object]
) -> dict[str, Value]:
    """The new entries, and the earlier ones that still apply."""
    new = _new(entries, before)
    return {
        name: value for name, value in entries.items() if name in new or _works(partial(use, name, value))
    }


def _new(entries: Mapping[str, Value], before: list[dict[str, Value]]) -> dict[str, Value]:
    return {name: value for name, value in entries.items() if all(old.get(name) != value for old in before)}


def _works(use: Callable[[], object]) -> bool:
    try:
        use()
    except OptionError:
        return False
    return True


def _played(program: Program, name: str, algorithm: str) -> object:
    """The nodes of an entry of ``film.each``: any node for ``none``, products for all other algorithms."""
    return program.names.shown(name) if algorithm == "none" else program.names.boxes(name)
