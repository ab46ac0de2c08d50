"""Splits of axes: blocks of every matrix, and what devices hold, compute and communicate."""

from matcube.partition.blocks import partition
from matcube.partition.presets import PREFIX, PRESETS, Preset
from matcube.partition.types import MAX_BLOCKS, Group, Key, Partition, Spread, block, block_length

__all__ = [
    "MAX_BLOCKS",
    "PREFIX",
    "PRESETS",
    "Group",
    "Key",
    "Partition",
    "Preset",
    "Spread",
    "block",
    "block_length",
    "partition",
]
