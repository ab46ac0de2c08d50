"""Hashes and averages of a program's values: computed once, for all its scenes."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from matcube import wire
from matcube.ops import Array
from matcube.scene.buffers import Buffers, Entry, entry_of


class SceneCache:
    """Hashes and averages of one program's values, by node.

    Of a large matrix the averages of one scale are stored, the latest.
    """

    def __init__(self) -> None:
        self._entries: dict[Hashable, Entry] = {}
        self._pooled: dict[int, tuple[Hashable, wire.Pooled, list[Entry]]] = {}

    def entry(self, node: int, what: str, make: Callable[[], Array]) -> Entry:
        """The array ``make()`` with its hash, made once for a node and a purpose."""
        if (node, what) not in self._entries:
            self._entries[node, what] = entry_of(make())
        return self._entries[node, what]

    def pooled(
        self, node: int, key: Hashable, buffers: Buffers, make: Callable[[], wire.Pooled]
    ) -> wire.Pooled:
        """``make()``, which adds buffers, or what it gave for the same key before, with the same buffers."""
        if node in self._pooled and self._pooled[node][0] == key:
            _, result, entries = self._pooled[node]
            for entry in entries:
                buffers.take(entry)
            return result
        with buffers.recorded() as entries:
            result = make()
        self._pooled[node] = (key, result, entries)
        return result
