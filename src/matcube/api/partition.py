"""Options of a partition: blocks by axis, by a single use of it, by preset."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from matcube.engine import Engine, Program
from matcube.errors import OptionError
from matcube.partition import MAX_BLOCKS, PREFIX
from matcube.wire import View

MAX_SPLITS = 64
HINT = 'tokens=8, {"attn.i": 8}, or preset="megatron", devices=4'


def partitioned(view: View, engine: Engine, splits: Mapping[str, int]) -> View:
    """The view with its matrices in blocks; a device that is no longer there is not lit.

    Args:
        view: state of the figure.
        engine: arrays of the figure.
        splits: number of blocks by axis name.

    Raises:
        OptionError: an unknown name, or a number that does not fit.
    """
    program = engine.program(view)
    blocks = canonical(program, splits)
    view = msgspec.structs.replace(view, partition=blocks)
    program.place(view)
    count = program.devices(blocks).count if blocks else 0
    if view.device is not None and view.device >= count:
        return msgspec.structs.replace(view, device=None)
    return view


def read_splits(
    splits: object, preset: str | None, devices: int | None, named: Mapping[str, int]
) -> dict[str, int]:
    """The splits of one call, by the names that the reader gave.

    Args:
        splits: number of blocks by axis name, as a mapping.
        preset: name of a preset; needs ``devices``.
        devices: number of devices of the preset.
        named: further splits, from keywords.

    Raises:
        OptionError: they cannot be read, or there are too many.
    """
    if splits is not None and not isinstance(splits, Mapping):
        raise OptionError(f"partition={splits!r} cannot be used", hint=HINT)
    if len(splits or {}) > MAX_SPLITS:
        raise OptionError(f"{len(splits or {})} axes cannot be split at once", hint=f"at most {MAX_SPLITS}")
    wanted = {**(splits or {}), **named}
    if (preset is None) != (devices is None):
        missing = "devices" if devices is None else "preset"
        raise OptionError(f"{missing} is missing", hint='preset="megatron", devices=4')
    if preset is not None:
        wanted[f"{PREFIX}{preset}"] = devices
    if len(wanted) > MAX_SPLITS:
        raise OptionError(f"{len(wanted)} axes cannot be split at once", hint=f"at most {MAX_SPLITS}")
    return {_name(name): _blocks(name, blocks) for name, blocks in wanted.items()}


def canonical(program: Program, splits: Mapping[str, int]) -> dict[str, int]:
    """The splits by the names of their axes; splits into one block are left out.

    Raises:
        OptionError: an unknown name, a number that does not fit, or two splits of one dimension.
    """
    split = program.partition(splits)
    whole = [name for name in splits if name.startswith(PREFIX)]
    names = {group.name: f"{PREFIX}{group.name}" for group in split.groups if PREFIX + group.name in whole}
    return {names.get(group.name, group.name): group.blocks for group in split.groups}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise OptionError(f"an axis has a name, not {name!r}", hint=HINT)
    return name


def _blocks(name: object, blocks: object) -> int:
    plain = blocks.item() if hasattr(blocks, "item") else blocks
    if not isinstance(plain, int) or isinstance(plain, bool) or not 1 <= plain <= MAX_BLOCKS:
        raise OptionError(
            f"{name} cannot be split into {blocks!r} blocks", hint=f"a whole number from 1 to {MAX_BLOCKS}"
        )
    return plain
