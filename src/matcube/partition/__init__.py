"""Graph to blocks and devices: splits of axes, sharding of every node, collectives. No values."""

from matcube.partition.blocks import partition
from matcube.partition.devices import Devices, devices, split_among
from matcube.partition.moves import FORMULAS, Exchange, Move, exchange
from matcube.partition.presets import PREFIX, PRESETS, Preset
from matcube.partition.rows import NodeRow
from matcube.partition.sharding import Placed, Step
from matcube.partition.types import MAX_BLOCKS, Group, Key, Partition, Spread, block, block_length

__all__ = [
    "FORMULAS",
    "MAX_BLOCKS",
    "PREFIX",
    "PRESETS",
    "Devices",
    "Exchange",
    "Group",
    "Key",
    "Move",
    "NodeRow",
    "Partition",
    "Placed",
    "Preset",
    "Spread",
    "Step",
    "block",
    "block_length",
    "devices",
    "exchange",
    "partition",
    "split_among",
]
