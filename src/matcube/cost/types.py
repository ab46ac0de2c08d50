"""The rows of a cost table, and their sum."""

from __future__ import annotations

from dataclasses import dataclass

from matcube.cost.text import exact, short, spaced, table


@dataclass(frozen=True)
class NodeCost:
    """What one node costs.

    Args:
        node: its id; -1 for the sum of all.
        name: what a reader calls it.
        shape: its sizes.
        flops: floating-point operations, as the model counts them.
        read: bytes of its operands, each distinct cell once.
        written: bytes of its result; 0 for a leaf and for a view.
        parameters: cells of a leaf that is a parameter, else 0.
    """

    node: int
    name: str
    shape: tuple[int, ...]
    flops: int
    read: int
    written: int
    parameters: int

    @property
    def bytes(self) -> int:
        """Bytes moved: read and written."""
        return self.read + self.written

    @property
    def text(self) -> str:
        """What is said beside the matrix: operations and operations per byte, or how many cells to learn.

        Example:
            >>> NodeCost(0, "x @ W", (24, 96), 147456, 15360, 9216, 0).text
            '147.5 kFLOP, 6 FLOP/B'
        """
        if self.parameters:
            return f"{short(self.parameters)} parameters"
        if not self.flops or self.intensity is None:
            return ""
        return f"{spaced(self.flops)}FLOP, {spaced(self.intensity)}FLOP/B"

    @property
    def intensity(self) -> float | None:
        """Operations per byte moved; None where nothing moves."""
        return self.flops / self.bytes if self.bytes else None


_HEADINGS = ("", "shape", "parameters", "FLOPs", "bytes", "FLOP/byte")


@dataclass(frozen=True)
class Cost:
    """The costs of all nodes in the order of the program; printed it is a table.

    Args:
        rows: one for each node.
        model: the row of ``MODELS`` that counted the operations.
        dtype: the row of ``DTYPES`` that says how many bytes a cell takes.
    """

    rows: tuple[NodeCost, ...]
    model: str
    dtype: str

    @property
    def total(self) -> NodeCost:
        """The sum of all rows: intermediate results are written and read again."""
        flops, read, written, parameters = (
            sum(getattr(row, name) for row in self.rows)
            for name in ("flops", "read", "written", "parameters")
        )
        return NodeCost(-1, "total", (), flops, read, written, parameters)

    def __str__(self) -> str:
        shown = [row for row in self.rows if row.bytes or row.flops or row.parameters]
        lines = table(_HEADINGS, [_cells(row) for row in (*shown, self.total)], rule_before_last=True)
        total = self.total
        counted = f"{exact(total.flops)} FLOPs ({self.model}), {exact(total.parameters)} parameters"
        return "\n".join([*lines, "", f"{counted}, cells of {self.dtype}"])


def _cells(row: NodeCost) -> tuple[str, ...]:
    intensity = "" if row.intensity is None else short(row.intensity)
    shape = " × ".join(map(str, row.shape))
    return (
        row.name,
        shape,
        *(short(n) if n else "" for n in (row.parameters, row.flops, row.bytes)),
        intensity,
    )
