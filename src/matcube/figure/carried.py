"""What an edited program keeps of the options that name parts of the one before: splits, films, placements.

::

    view as asked for, views shown lately ──> the same view, without names that only the old program had

A link that names what its program has not is refused; a program that was typed anew is not, for the names
come from the figure that it replaces, and the page would leave the reader no way to take them off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from matcube.errors import OptionError
from matcube.figure.compute import Program

if TYPE_CHECKING:
    from matcube.figure.picture import Figure
    from matcube.wire import View

Value = TypeVar("Value")


def carried(figure: Figure, lately: Iterable[View]) -> Figure:
    """The figure without what its view took over from another program and this one has not.

    Args:
        figure: of the view that a page asks for.
        lately: views that were shown before.
    """
    view = figure.state
    others = [one for one in lately if _made_of(one) != _made_of(view)]
    if not others:
        return figure
    head = view.layout.head
    if head in [one.layout.head for one in others] and not _works(lambda: figure.program.drawn):
        head = None
    layout = msgspec.structs.replace(view.layout, head=head)
    program = figure.with_state(msgspec.structs.replace(view, layout=layout)).program
    splits = [one.partition for one in others]
    partition = _left(view.partition, splits, lambda name, blocks: program.partition({name: blocks}))
    if not _works(lambda: program.partition(partition)):  # two axes of before may be one now
        partition = _new(partition, splits)
    custom = _left(layout.custom, [one.layout.custom for one in others], lambda name, _: program.boxes(name))
    each = _left(view.film.each, [one.film.each for one in others], lambda *one: _played(program, *one))
    changed = msgspec.structs.replace(
        view,
        partition=partition,
        layout=msgspec.structs.replace(layout, custom=custom),
        film=msgspec.structs.replace(view.film, each=each),
    )
    return figure if changed == view else figure.with_state(changed)


def _made_of(view: View) -> tuple[object, ...]:
    return view.program, view.leaves, view.data, view.constants


def _left(
    entries: Mapping[str, Value], before: list[dict[str, Value]], use: Callable[[str, Value], object]
) -> dict[str, Value]:
    """The entries that are new, and those of before that can still be used."""
    new = _new(entries, before)
    return {name: one for name, one in entries.items() if name in new or _works(partial(use, name, one))}


def _new(entries: Mapping[str, Value], before: list[dict[str, Value]]) -> dict[str, Value]:
    return {name: one for name, one in entries.items() if all(old.get(name) != one for old in before)}


def _works(use: Callable[[], object]) -> bool:
    try:
        use()
    except OptionError:
        return False
    return True


def _played(program: Program, name: str, algorithm: str) -> object:
    """What an algorithm of its own is for: a leaf may be asked to be there, all others are products."""
    return program.shown(name) if algorithm == "none" else program.boxes(name)
