"""Buffers of a scene by their hashes; a program caches those of its values for all its scenes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from matcube import wire
from matcube.ops import Array
from matcube.wire.container import describe


class Entry(NamedTuple):
    """A flat array and its entry in the head."""

    buffer: wire.Buffer
    array: Array


def entry_of(array: Array) -> Entry:
    """An array, flat in C order, with its hash."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return Entry(describe(flat), flat)


@dataclass
class Buffers:
    """The arrays of a scene by hash; equal content is stored once."""

    arrays: dict[str, Array] = field(default_factory=dict)
    entries: list[wire.Buffer] = field(default_factory=list)

    def add(self, entry: Entry) -> str:
        """Add an array and return its hash."""
        sha = entry.buffer.sha256
        if sha not in self.arrays:
            self.arrays[sha] = entry.array
            self.entries.append(entry.buffer)
        return sha


PooledEntries = tuple[wire.Pooled, list[Entry]]


class SceneCache:
    """Entries of one program's values, by node.

    Of a large matrix the averages of one scale are cached, the latest.
    """

    def __init__(self) -> None:
        self._entries: dict[Hashable, Entry] = {}
        self._pooled: dict[int, tuple[Hashable, PooledEntries]] = {}

    def entry(self, node: int, purpose: str, make: Callable[[], Array]) -> Entry:
        """The entry of an array.

        Args:
            node: the node it is of.
            purpose: "values", "mask" or a running state.
            make: computes the array; called once for a node and a purpose.
        """
        if (node, purpose) not in self._entries:
            self._entries[node, purpose] = entry_of(make())
        return self._entries[node, purpose]

    def pooled(self, node: int, key: Hashable, make: Callable[[], PooledEntries]) -> PooledEntries:
        """The averages of a large matrix, with the entries of their buffers.

        Args:
            node: the matrix.
            key: scale and sensitivity.
            make: computes them; called when the key differs from the last one.
        """
        cached = self._pooled.get(node)
        if cached is None or cached[0] != key:
            cached = self._pooled[node] = key, make()
        return cached[1]
