"""Attention with a running softmax: the state of each row after every block of keys (FlashAttention).

The timeline's film of attention shows these states; ``running_softmax`` is the only computation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.errors import OptionError
from matcube.limits import steps
from matcube.ops import Array, Cells

MAX_STATES = 1 << 22

Floats = NDArray[np.float64]


class Running(NamedTuple):
    """The states of a running softmax, float64.

    Args:
        highest: (I, B) the largest score of row i in blocks 0 … b.
        total: (I, B) the sum of exp(score - highest) over them.
        output: (I, B, J) the attention of row i over the keys of these blocks.
        passed: (I, K) the shares of the keys as they were when their block had just passed.
    """

    highest: Floats
    total: Floats
    output: Floats
    passed: Floats


def running_softmax(scores: Cells, values: Array, block: int) -> Running:
    """Process keys block by block; the state of a row is a maximum, a sum and an output.

    With s the scores of a block, ``m' = max(m, max s)``, ``c = exp(m - m')``, ``l' = c l + Σ exp(s - m')``
    and ``o' = (c l o + Σ exp(s - m') v) / l'``: after the last block o is the attention over all keys.

    Args:
        scores: (I, K), the argument of the softmax; a masked cell counts as minus infinity.
        values: (K, J).
        block: keys of a block; the last one may be shorter.

    Returns:
        The states after each of the B blocks. A row that has only masked keys so far has the maximum minus
        infinity, the sum 0 and the output 0; from their block on, NaN and infinite scores act as in the
        softmax.

    Raises:
        OptionError: the states exceed ``MAX_STATES`` cells; longer blocks need fewer.

    Example:
        >>> states = running_softmax(Cells(np.zeros((1, 4))), np.arange(4.0)[:, None], 2)
        >>> states.total.tolist(), states.output[..., 0].tolist()
        ([[2.0, 4.0]], [[0.5, 1.5]])

    Source:
        M. Milakov, N. Gimelshein, "Online normalizer calculation for softmax", 2018; T. Dao et al.,
        "FlashAttention", 2022.
    """
    rows, keys = scores.values.shape
    cols = values.shape[1]
    count = -(-keys // max(block, 1))
    _check(rows * count * max(cols, 1), rows, cols, block)
    hidden = np.zeros((rows, keys), dtype=bool) if scores.hidden is None else scores.hidden
    seen = np.where(hidden, -np.inf, scores.values.astype(np.float64))
    right = values.astype(np.float64)
    states = Running(
        np.empty((rows, count)),
        np.empty((rows, count)),
        np.empty((rows, count, cols)),
        np.zeros((rows, keys)),
    )
    highest, total, output = np.full(rows, -np.inf), np.zeros(rows), np.zeros((rows, cols))
    is_any = np.zeros(rows, dtype=bool)
    with np.errstate(all="ignore"):
        for b in steps(range(count)):
            part = slice(b * block, (b + 1) * block)
            before, highest = highest, np.maximum(highest, seen[:, part].max(axis=1, initial=-np.inf))
            rescaled = np.where(total == 0, 0.0, np.exp(before - highest) * total)
            raw = np.where(seen[:, part] == -np.inf, 0.0, np.exp(seen[:, part] - highest[:, None]))
            total = rescaled + raw.sum(axis=1)
            divisor = np.where(total == 0, 1.0, total)
            output = (rescaled[:, None] * output + raw @ right[part]) / divisor[:, None]
            is_any |= ~hidden[:, part].all(axis=1)
            nothing = is_any & (total == 0)  # minus infinities alone: 0 / 0, as in the softmax
            states.highest[:, b], states.total[:, b] = highest, total
            states.output[:, b] = np.where(nothing[:, None], np.nan, output)
            states.passed[:, part] = np.where(hidden[:, part], 0.0, raw / total[:, None])
    return states


def _check(cells: int, rows: int, cols: int, block: int) -> None:
    if cells > MAX_STATES:
        enough = -(-cells // MAX_STATES) * block
        raise OptionError(
            f"the running outputs of {rows:,} rows and {cols:,} columns after blocks of {block:,} keys are "
            f"{cells:,} numbers: more than {MAX_STATES:,}",
            hint=f"longer blocks of keys: at least {enough:,}",
        )
