"""Attention whose keys stream past its queries: what its running states show at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.playback import steps
from matcube.wire import Film, Matrix, States, Sweep

Array = NDArray[Any]
Seen = NDArray[np.bool_]
Ints = NDArray[np.int64]
Find = Callable[[str], Array]


class Shown(NamedTuple):
    """Cells of a matrix at a moment, on the scale of a node; see ``moment.Layer``."""

    node: int
    values: Array
    seen: Seen
    finished: bool


class Streaming:
    """What the streams of a film show at time t.

    Args:
        film: with the states of its sweeps.
        matrices: by node.
        find: a flat array by its hash.
        t: in steps.
    """

    def __init__(self, film: Film, matrices: Mapping[int, Matrix], find: Find, t: float) -> None:
        self._find, self._matrices, self._t = find, matrices, t
        self._of: dict[int, tuple[Sweep, States]] = {}
        for sweep in film.sweeps:
            if sweep.states is not None:
                for node in (sweep.node, sweep.states.shares, *sweep.states.columns):
                    self._of[node] = sweep, sweep.states

    def __contains__(self, node: int) -> bool:
        return node in self._of

    def scores(self, node: int) -> int | None:
        """The product whose raw cells stand in for shares that have not streamed yet."""
        _, states = self._of[node]
        return states.scores if node == states.shares else None

    def shown(self, node: int) -> tuple[Shown, ...] | None:
        """What a product, its shares or a column shows; None when all is finished."""
        sweep, states = self._of[node]
        keys = _keys(sweep, self._t)
        if (keys >= sweep.sizes[2]).all():
            return None
        blocks = -(-keys // states.block)
        if node == states.shares:
            return self._shares(sweep, states, keys, blocks)
        some, last = blocks > 0, np.maximum(blocks - 1, 0)
        if node == sweep.node:
            output = self._states(states.outputs, sweep.sizes[0], -1, sweep.sizes[1])
            own = output[np.arange(len(last)), last]
            return (Shown(node, own, np.broadcast_to(some[:, None], own.shape), False),)
        name = states.highest if node == states.columns[0] else states.total
        table = self._states(name, sweep.sizes[0], -1)
        return (Shown(node, table[np.arange(len(last)), last][:, None], some[:, None], False),)

    def shares_of(self, product: int) -> int | None:
        """The shares of a product that streams."""
        result = self._of.get(product)
        return result[1].shares if result is not None and result[0].node == product else None

    def weights(self, node: int) -> Array:
        """The shares as they stream: what the products of a step are made with."""
        sweep, states = self._of[node]
        return self._states(states.passed, sweep.sizes[0], -1)

    def _shares(self, sweep: Sweep, states: States, keys: Ints, blocks: Ints) -> tuple[Shown, ...]:
        """Whole rows as they are; before that the weights that each key had when its block passed."""
        rows, depth = sweep.sizes[0], sweep.sizes[2]
        whole = np.broadcast_to((keys >= depth)[:, None], (rows, depth))
        streamed = (np.arange(depth)[None, :] < (blocks * states.block)[:, None]) & ~whole
        name = self._matrices[states.shares].values
        assert name is not None
        return (
            Shown(states.shares, self._states(name, rows, depth), whole, True),
            Shown(states.shares, self._states(states.passed, rows, depth), streamed, False),
        )

    def _states(self, name: str, *shape: int) -> Array:
        return np.asarray(self._find(name)).reshape(shape)


def _keys(sweep: Sweep, t: float) -> Ints:
    """How many keys each row has seen."""
    return steps.counts(sweep, steps.done(sweep, t))[:, 0]
