"""The cost table: rows, their sum, their text."""

from __future__ import annotations

from dataclasses import dataclass

from matcube import wire
from matcube.cost.text import table
from matcube.wire.text import html_table, short, spaced


class NodeCost(wire.NodeCost, frozen=True, kw_only=True):
    """Costs of a node, with bytes read and written apart.

    Args:
        shape: its sizes.
        read: bytes of its operands, each distinct cell once.
        written: bytes of its result; 0 for a leaf or a view.
    """

    shape: tuple[int, ...]
    read: int
    written: int


def node_cost(
    node: int, name: str, shape: tuple[int, ...], *, flops: int, read: int, written: int, parameters: int
) -> NodeCost:
    """The row of a node: bytes moved, operations per byte (FLOP/B), and the text beside its matrix.

    Args:
        node: its id; -1 for the sum of all.
        name: its label.
        shape: its sizes.
        flops: floating-point operations, as the model counts them.
        read: bytes of its operands, each distinct cell once.
        written: bytes of its result; 0 for a leaf or a view.
        parameters: cells of a leaf that is a parameter, else 0.

    Example:
        >>> node_cost(0, "x @ W", (24, 96), flops=147456, read=15360, written=9216, parameters=0).text
        '147.5 kFLOP, 6 FLOP/B'
    """
    moved = read + written
    intensity = flops / moved if moved else None
    text = f"{spaced(flops)}FLOP, {spaced(intensity)}FLOP/B" if flops and intensity is not None else ""
    return NodeCost(
        node, name, flops, moved, intensity, parameters,
        f"{short(parameters)} parameters" if parameters else text,
        shape=shape, read=read, written=written,
    )  # fmt: skip


_HEADINGS = ("", "shape", "parameters", "FLOPs", "bytes", "FLOP/byte")


@dataclass(frozen=True, repr=False)
class Cost:
    """Costs of all nodes in the order of the program; its text is a table.

    Args:
        rows: one for each node.
        model: the row of ``MODELS`` that counted the operations.
        dtype: the row of ``DTYPES`` with the bits of a cell.
    """

    rows: tuple[NodeCost, ...]
    model: str
    dtype: str

    @property
    def total(self) -> NodeCost:
        """Sum of all rows; an intermediate result is written and read again."""
        flops, read, written, parameters = (
            sum(getattr(row, name) for row in self.rows)
            for name in ("flops", "read", "written", "parameters")
        )
        return node_cost(-1, "total", (), flops=flops, read=read, written=written, parameters=parameters)

    def __str__(self) -> str:
        return "\n".join([*table(_HEADINGS, self._table(), rule_before_last=True), "", self._note()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        return html_table([_HEADINGS, *self._table()], right=range(1, 6), note=self._note())

    def _table(self) -> list[tuple[str, ...]]:
        shown = [row for row in self.rows if row.bytes or row.flops or row.parameters]
        return [_cells(row) for row in (*shown, self.total)]

    def _note(self) -> str:
        total = self.total
        counted = f"{total.flops:,} FLOPs ({self.model}), {total.parameters:,} parameters"
        return f"{counted}, cells of {self.dtype}"


def _cells(row: NodeCost) -> tuple[str, ...]:
    intensity = "" if row.intensity is None else short(row.intensity)
    shape = " × ".join(map(str, row.shape))
    return (
        row.name,
        shape,
        *(short(n) if n else "" for n in (row.parameters, row.flops, row.bytes)),
        intensity,
    )
