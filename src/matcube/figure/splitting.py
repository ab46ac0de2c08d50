"""What a reader asks of a partition, as the view keeps it: blocks by axis, by one use, by preset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from matcube.errors import OptionError
from matcube.partition import MAX_BLOCKS, PREFIX
from matcube.wire import View

if TYPE_CHECKING:
    from matcube.figure.compute import Program
    from matcube.figure.picture import Figure
    from matcube.partition import Devices

MAX_SPLITS = 64
HINT = 'tokens=8, {"attn.i": 8}, or preset="megatron", devices=4'


class Parted:
    """What a figure knows of blocks and devices."""

    state: View
    if TYPE_CHECKING:

        @property
        def program(self) -> Program:
            """The graph and its values."""

        def with_state(self, state: View) -> Figure:
            """The figure of another view over the same arrays."""

    def partition(
        self,
        splits: Mapping[str, int] | None = None,
        *,
        preset: str | None = None,
        devices: int | None = None,
        **named: int,
    ) -> Figure:
        """A figure in blocks: every matrix that carries a split axis falls into blocks with it.

        Args:
            splits: blocks (1 to 64, the last may be shorter) by axis, ``{"x.rows": 8}``, or by one use of it,
                ``{"attn.i": 8}``. This goes for the whole figure: without any, nothing is split.
            preset: a row of ``matcube.partition.PRESETS``: ``megatron``, ``ring``, …
            devices: over how many devices the preset shares the program.
            named: the same by keyword: ``tokens=8``; ``x_rows=8`` is ``x.rows``.

        Raises:
            OptionError: a name nobody knows, or a number that does not fit.

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B", A="eye(8, 4)", B="eye(4, 6)").partition(A_rows=4)
            >>> fig.state.partition
            {'A.rows': 4}
        """
        asked = asked_for(splits, preset, devices, named)
        part = canonical(self.program, asked)
        figure = self.with_state(msgspec.structs.replace(self.state, partition=part))
        figure.program.place(figure.state)
        lit, count = self.state.device, figure.program.devices(part).count
        if lit is not None and lit >= (count if part else 0):
            return figure.with_state(msgspec.structs.replace(figure.state, device=None))
        return figure

    def devices(self, *, itemsize: int = 4) -> Devices:
        """What each device of the partition holds, computes and must send; ``print`` shows a table.

        Args:
            itemsize: bytes of a number: 4 for float32, 2 for bfloat16.

        Returns:
            Rows by matrix (``nodes``) and by device (``rows``), and every exchange (``collectives``).

        Example:
            >>> import matcube as mc
            >>> fig = mc.figure("A @ B", A="eye(8, 4)", B="eye(4, 8)").partition(A_cols=4)
            >>> [(one.kind, one.bytes(4)) for one in fig.devices().collectives]
            [('all-reduce', 384)]
        """
        return self.program.devices(self.state.partition, itemsize=checked(itemsize))


def asked_for(
    splits: object, preset: str | None, devices: int | None, named: Mapping[str, int]
) -> dict[str, int]:
    """The splits of one call, by the names that the reader gave.

    Raises:
        OptionError: they cannot be read, or there are too many.
    """
    if splits is not None and not isinstance(splits, Mapping):
        raise OptionError(f"partition={splits!r} cannot be used", hint=HINT)
    found = {**(splits or {}), **named}
    if (preset is None) != (devices is None):
        missing = "devices" if devices is None else "preset"
        raise OptionError(f"{missing} is missing", hint='preset="megatron", devices=4')
    if preset is not None:
        found[f"{PREFIX}{preset}"] = devices
    if len(found) > MAX_SPLITS:
        raise OptionError(f"{len(found)} axes cannot be split at once", hint=f"at most {MAX_SPLITS}")
    return {_name(name): _blocks(name, blocks) for name, blocks in found.items()}


def canonical(program: Program, splits: Mapping[str, int]) -> dict[str, int]:
    """The splits by the names that the axes have; what splits nothing is left out.

    Raises:
        OptionError: a name nobody knows, a number that does not fit, or two splits of one dimension.
    """
    found = program.partition(splits)
    whole = [name for name in splits if name.startswith(PREFIX)]
    names = {group.name: f"{PREFIX}{group.name}" for group in found.groups if PREFIX + group.name in whole}
    return {names.get(group.name, group.name): group.blocks for group in found.groups}


def lines(given: tuple[str, ...]) -> dict[str, int]:
    """``tokens=8``, ``preset:megatron=4``, ``attn.i=8`` as they come from the command line.

    Example:
        >>> lines(("tokens=8",))
        {'tokens': 8}
    """
    found: dict[str, int] = {}
    for one in given:
        name, equals, blocks = one.rpartition("=")
        if not equals or not name.strip() or not blocks.strip().isdecimal():
            raise OptionError(
                f'--partition "{one}" cannot be read', hint="write tokens=8, attn.i=8 or preset:megatron=4"
            )
        found[name.strip()] = int(blocks)
    return found


def checked(itemsize: object) -> int:
    """Bytes of a number, from 1 to 16."""
    plain = itemsize.item() if hasattr(itemsize, "item") else itemsize
    if not isinstance(plain, int) or isinstance(plain, bool) or not 1 <= plain <= 16:
        raise OptionError(f"itemsize={itemsize!r} cannot be used", hint="bytes of a number: 4 for float32")
    return plain


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
