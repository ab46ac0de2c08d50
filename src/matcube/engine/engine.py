"""Arrays bound to names, with the last few programs that were computed over them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import RLock
from typing import Any

import msgspec

from matcube.engine.bindings import Bindings, read_binding
from matcube.engine.checks import check_layout, check_style
from matcube.engine.frozen import frozen
from matcube.engine.program import Program
from matcube.ir import Graph, Hollow, Leaf, LeafInput
from matcube.sources.program import parse, words_of
from matcube.wire import MAX_PROGRAM, View

MAX_PROGRAMS = 4
MAX_BYTES = 1 << 30


class Engine:
    """Everything that is computed of views over the same arrays; safe to share between threads.

    Args:
        bindings: the arrays, and the labels that no link can carry.
    """

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self._cache: OrderedDict[Hashable, Program] = OrderedDict()
        self._lock = RLock()

    def program(self, view: View) -> Program:
        """The program of a view, cached or new.

        Raises:
            MatcubeError: the program or a leaf of it cannot be read.
        """
        key, head = _key(view), view.layout.head
        with self._lock:
            whole = self._cached(key, lambda: Program(_parse(view, self.bindings), self.bindings))
            if head is None:
                return whole
            make = lambda: Program(whole.graph, self.bindings, head, whole)  # noqa: E731
            return self._cached((key, head), make)

    def complete(self, view: View) -> View:
        """The view, read-only, with a reference to each array that its program reads.

        Raises:
            MatcubeError: the program cannot be read, or an option has an unknown name.
        """
        check_layout(view.layout)
        check_style(view.style)
        names = self.program(view).data_names()
        data = {name: self.bindings.read(name).ref for name in names}
        return frozen(view if data == view.data else msgspec.structs.replace(view, data=data))

    def _cached(self, key: Hashable, make: Callable[[], Program]) -> Program:
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        self._cache[key] = made = make()
        while len(self._cache) > MAX_PROGRAMS or (len(self._cache) > 1 and self._bytes() > MAX_BYTES):
            self._cache.popitem(last=False)
        return made

    def _bytes(self) -> int:
        return sum(program.bytes for program in self._cache.values())


def _parse(view: View, bindings: Bindings) -> Graph:
    used = words_of(view.program)
    leaves = {name: bindings.leaf(name, view.labels) if name in used else _UNREAD for name in bindings.names}
    constants: dict[str, float] = dict(view.constants)
    for name in constants:
        leaves.pop(name, None)
    for name, text in view.leaves.items():
        bound = read_binding(name, text)
        if isinstance(bound, LeafInput):
            leaves[name] = replace(bound, leaf=bindings.labelled(name, bound, view.labels))
        else:
            leaves.pop(name, None)
            constants[name] = bound
    return parse(view.program, leaves=leaves, constants=constants, limit=MAX_PROGRAM)


# In place of an array that the program does not name, so that a typing error can be answered with its name.
_UNREAD = LeafInput((1, 1), Leaf(Hollow()))


def _key(view: View) -> Hashable:
    bound: Any = (view.leaves, view.constants)
    labels = tuple(sorted((key, tuple(names)) for key, names in view.labels.items()))
    return (view.program, *(tuple(sorted(part.items())) for part in bound), labels)
