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
    counts = {getattr(one, "__name__", str(one)): count for one, count in comm.get_comm_counts().items()}
    error = float(np.abs(out.numpy() - fig.value()[:, own]).max())
    return {"sent": sent, "counts": counts, "error": error}


def _exchange(parts: list[Any], rank: int, sent: list[int]) -> list[Any]:
    """Part n goes to process n; what stays here is not sent."""
    parts = [one.contiguous() for one in parts]
    found = [torch.empty_like(one) for one in parts]
    flat, received = (
        torch.cat([one.reshape(-1) for one in parts]),
        torch.cat([one.reshape(-1) for one in found]),
    )
    dist.all_to_all_single(received, flat)
    sent.append(sum(one.numel() * one.element_size() for place, one in enumerate(parts) if place != rank))
    return [one.reshape(parts[0].shape) for one in received.chunk(len(parts))]
