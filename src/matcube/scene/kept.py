"""Buffers under their hashes, and what was made of a program's values: no scene makes it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from matcube import wire
from matcube.ops import Array
from matcube.wire.container import describe


class Entry(NamedTuple):
    """A flat array and what the head says of it."""

    buffer: wire.Buffer
    array: Array


@dataclass
class Buffers:
    """Collects flat arrays under their hashes; equal content is kept once."""

    arrays: dict[str, Array] = field(default_factory=dict)
    entries: list[wire.Buffer] = field(default_factory=list)
    _added: list[Entry] = field(default_factory=list)

    def add(self, array: Array) -> str:
        """Keep an array; its hash is the answer."""
        return self.take(entry_of(array))

    def take(self, entry: Entry) -> str:
        """Keep an array whose hash is known."""
        self._added.append(entry)
        sha = entry.buffer.sha256
        if sha not in self.arrays:
            self.arrays[sha] = entry.array
            self.entries.append(entry.buffer)
        return sha

    @contextmanager
    def recorded(self) -> Iterator[list[Entry]]:
        """What is added inside the block, in order; filled when it ends."""
        start, found = len(self._added), list[Entry]()
        yield found
        found.extend(self._added[start:])


class Kept:
    """Hashes and averages of one program's values, by node.

    Of a large matrix the averages of one scale are kept, the last one asked for.
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
            _, found, entries = self._pooled[node]
            for entry in entries:
                buffers.take(entry)
            return found
        with buffers.recorded() as entries:
            found = make()
        self._pooled[node] = (key, found, entries)
        return found


def entry_of(array: Array) -> Entry:
    """An array flat in C order, with its hash."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return Entry(describe(flat), flat)
