"""Buffers under their hashes: equal content is stored once."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Collects flat arrays under their hashes; equal content is stored once."""

    arrays: dict[str, Array] = field(default_factory=dict)
    entries: list[wire.Buffer] = field(default_factory=list)
    _added: list[Entry] = field(default_factory=list)

    def add(self, array: Array) -> str:
        """Add an array; its hash is the answer."""
        return self.take(entry_of(array))

    def take(self, entry: Entry) -> str:
        """Add an array with its hash."""
        self._added.append(entry)
        sha = entry.buffer.sha256
        if sha not in self.arrays:
            self.arrays[sha] = entry.array
            self.entries.append(entry.buffer)
        return sha

    @contextmanager
    def recorded(self) -> Iterator[list[Entry]]:
        """What is added inside the block, in order; filled when it ends."""
        start, result = len(self._added), list[Entry]()
        yield result
        result.extend(self._added[start:])


def entry_of(array: Array) -> Entry:
    """An array flat in C order, with its hash."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return Entry(describe(flat), flat)
