"""Experts by hand: tokens travel to their experts and back, which DTensor cannot do on gloo.

Each process has some tokens of every expert, and the weights of its own experts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch.distributed.tensor.debug import CommDebugMode

from matcube.partition import block
from tests.partition.programs import EXPERTS, EXPERTS_SHAPES, figure_of


def run(rank: int, world: int) -> dict[str, Any]:
    """The output's own tokens on this process against the whole, and what was sent for it."""
    fig, sent = figure_of(EXPERTS, EXPERTS_SHAPES), list[int]()
    experts, tokens, _ = EXPERTS_SHAPES["x"]
    mine, own = block(experts, world, rank), block(tokens, world, rank)
    leaf = {name: torch.from_numpy(np.array(fig.value(name))) for name in EXPERTS_SHAPES}
    with CommDebugMode() as comm:
        parts = _exchange(list(leaf["x"][:, own].chunk(world, dim=0)), rank, sent)  # by whose tokens they are
        hidden = torch.relu(torch.cat(parts, dim=1) @ leaf["w1"][mine])
        out = torch.cat(_exchange(list((hidden @ leaf["w2"][mine]).chunk(world, dim=1)), rank, sent), dim=0)
    counts = {getattr(item, "__name__", str(item)): count for item, count in comm.get_comm_counts().items()}
    error = float(np.abs(out.numpy() - fig.value()[:, own]).max())
    return {"sent": sent, "counts": counts, "error": error}


def _exchange(parts: list[Any], rank: int, sent: list[int]) -> list[Any]:
    """Part n goes to process n; what stays here is not sent."""
    parts = [item.contiguous() for item in parts]
    result = [torch.empty_like(item) for item in parts]
    flat, received = (
        torch.cat([item.reshape(-1) for item in parts]),
        torch.cat([item.reshape(-1) for item in result]),
    )
    dist.all_to_all_single(received, flat)
    sent.append(sum(item.numel() * item.element_size() for place, item in enumerate(parts) if place != rank))
    return [item.reshape(parts[0].shape) for item in received.chunk(len(parts))]
