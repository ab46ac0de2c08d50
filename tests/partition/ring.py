"""Ring attention by hand: keys and values go round with send and receive, which torch's counter misses.

Each process has the queries, keys and values of its own tokens. In every round it works on the keys and
values it has at the moment, with running maxima and sums, and passes them on to its neighbour.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from matcube.partition import block
from tests.partition.programs import HEAD, HEAD_SHAPES, figure_of


class Counter:
    """Sends and receives, with the bytes that this process sent by name of the matrix."""

    def __init__(self) -> None:
        self.sent: dict[str, list[int]] = {}

    def pass_on(self, name: str, mine: Any, rank: int, world: int) -> Any:
        """Send a block to the next process, and take the one of the process before."""
        theirs = torch.empty_like(mine)
        work = dist.isend(mine, (rank + 1) % world)
        dist.recv(theirs, (rank - 1) % world)
        work.wait()
        self.sent.setdefault(name, []).append(mine.numel() * mine.element_size())
        return theirs


def run(rank: int, world: int) -> dict[str, Any]:
    """The head's output on this process against the whole, and what was sent for it."""
    fig, count = figure_of(HEAD, HEAD_SHAPES), Counter()
    own = block(HEAD_SHAPES["x"][0], world, rank)
    leaf = {name: torch.from_numpy(np.array(fig.value(name))) for name in HEAD_SHAPES}
    x = leaf["x"][own].contiguous()
    q, k, v = x @ leaf["wQ"], x @ leaf["wK"], x @ leaf["wV"]
    z = _attention(q / 4, k, v, rank, world, count)
    out = z @ leaf["wO"] + x
    error = float(np.abs(out.numpy() - fig.value("out")[own]).max())
    return {"sent": count.sent, "error": error}


def _attention(q: Any, k: Any, v: Any, rank: int, world: int, count: Counter) -> Any:
    tokens = len(q)
    mine = torch.arange(tokens) + rank * tokens
    largest = torch.full((tokens, 1), -torch.inf, dtype=q.dtype)
    total, z = torch.zeros_like(largest), torch.zeros_like(v)
    for turn in range(world):
        whose = (rank - turn) % world
        theirs = torch.arange(tokens) + whose * tokens
        scores = (q @ k.T).masked_fill(theirs[None, :] > mine[:, None], -torch.inf)
        now = torch.maximum(largest, scores.amax(-1, keepdim=True))
        shares, faded = torch.exp(scores - now), torch.exp(largest - now)
        total, z, largest = total * faded + shares.sum(-1, keepdim=True), z * faded + shares @ v, now
        if turn < world - 1:
            k = count.pass_on("K.T", k, rank, world)
            v = count.pass_on("V", v, rank, world)
    return z / total
