"""Streaming attention at a moment: the cells that its running states show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.playback import steps
from matcube.wire import Film, Matrix, States, Sweep

Array = NDArray[Any]
Seen = NDArray[np.bool_]
Ints = NDArray[np.int64]
Find = Callable[[str], Array]


@dataclass(frozen=True)
class Layer:
    """Cells of a face that show values on the scale of one node.

    Args:
        node: the node of the scale.
        values: (rows, cols) in the order of the node's own cells.
        seen: the shown cells.
        finished: whether these are the node's values, with its mask, and not running sums.
    """

    node: int
    values: Array
    seen: Seen
    finished: bool


class Streaming:
    """The streaming attention of a film at time t.

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
        """The product of the scores, whose cells show in place of shares that have not streamed yet."""
        _, states = self._of[node]
        return states.scores if node == states.shares else None

    def shown(self, node: int) -> tuple[Layer, ...] | None:
        """The layers of a product, its shares or a column; None if all cells are finished."""
        sweep, states = self._of[node]
        keys = _keys(sweep, self._t)
        if (keys >= sweep.sizes[2]).all():
            return None
        blocks = -(-keys // states.block)
        if node == states.shares:
            return self._shares(sweep, states, keys, blocks)
        has_keys, last = blocks > 0, np.maximum(blocks - 1, 0)
        if node == sweep.node:
            output = self._states(states.outputs, sweep.sizes[0], -1, sweep.sizes[1])
            own = output[np.arange(len(last)), last]
            return (Layer(node, own, np.broadcast_to(has_keys[:, None], own.shape), False),)
        name = states.highest if node == states.columns[0] else states.total
        table = self._states(name, sweep.sizes[0], -1)
        return (Layer(node, table[np.arange(len(last)), last][:, None], has_keys[:, None], False),)

    def shares_of(self, product: int) -> int | None:
        """The node of the shares of a streaming product, or None."""
        result = self._of.get(product)
        return result[1].shares if result is not None and result[0].node == product else None

    def weights(self, node: int) -> Array:
        """The shares at the end of their blocks, factors of the products of a step."""
        sweep, states = self._of[node]
        return self._states(states.passed, sweep.sizes[0], -1)

    def _shares(self, sweep: Sweep, states: States, keys: Ints, blocks: Ints) -> tuple[Layer, ...]:
        """Complete rows with their values, other rows with the share of each key at the end of its block."""
        rows, depth = sweep.sizes[0], sweep.sizes[2]
        whole = np.broadcast_to((keys >= depth)[:, None], (rows, depth))
        streamed = (np.arange(depth)[None, :] < (blocks * states.block)[:, None]) & ~whole
        name = self._matrices[states.shares].values
        assert name is not None
        return (
            Layer(states.shares, self._states(name, rows, depth), whole, True),
            Layer(states.shares, self._states(states.passed, rows, depth), streamed, False),
        )

    def _states(self, name: str, *shape: int) -> Array:
        return np.asarray(self._find(name)).reshape(shape)


def _keys(sweep: Sweep, t: float) -> Ints:
    """The number of keys that each row has seen."""
    return steps.counts(sweep, steps.done(sweep, t))[:, 0]
