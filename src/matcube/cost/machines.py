"""Machines of a roofline: peak rate of dense 16-bit matrix products, and bandwidth of main memory.

From data sheets, without sparsity; the peak is rarely reached in practice. A new machine is a row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """A row of ``MACHINES``, or a machine of the reader's own.

    Args:
        name: the option's value.
        peak: operations per second (FLOP/s).
        bandwidth: bytes per second between main memory and the arithmetic units (B/s).
        source: of the figures.
    """

    name: str
    peak: float
    bandwidth: float
    source: str = ""

    @property
    def ridge(self) -> float:
        """Least intensity at which the peak can be reached (FLOP/B)."""
        return self.peak / self.bandwidth


MACHINES: dict[str, Machine] = {
    row.name: row
    for row in (
        Machine("t4", 65e12, 320e9, "NVIDIA T4 data sheet: float16 tensor cores, 320 GB/s"),
        Machine("v100", 125e12, 900e9, "NVIDIA V100 data sheet, SXM2: float16 tensor cores, 900 GB/s"),
        Machine("a100", 312e12, 2.039e12, "NVIDIA A100 80 GB data sheet, SXM: bfloat16, 2,039 GB/s"),
        Machine(
            "h100", 989.4e12, 3.35e12, "NVIDIA H100 data sheet, SXM: bfloat16 without sparsity, 3.35 TB/s"
        ),
        Machine("h200", 989.4e12, 4.8e12, "NVIDIA H200 data sheet, SXM: bfloat16 without sparsity, 4.8 TB/s"),
        Machine("tpu-v4", 275e12, 1.2e12, "Google Cloud TPU v4 documentation: bfloat16, 1,200 GB/s"),
        Machine("tpu-v5e", 197e12, 819e9, "Google Cloud TPU v5e documentation: bfloat16, 819 GB/s"),
    )
}
