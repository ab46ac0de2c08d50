"""Numbers of less than a byte, out of the bytes that torch and files keep them in."""

from __future__ import annotations

import numpy as np

from matcube.ops import Array


def from_float4_pairs(pairs: Array) -> Array:
    """float4_e2m1fn numbers, two in each byte, the first in its low half; in float32, which holds them.

    Args:
        pairs: bytes, as uint8, of any shape with at least one dimension.

    Returns:
        An array with twice as many places in its last dimension.

    Source: OCP Microscaling Formats (MX) Specification, version 1.0, section 5.3.3.

    Example:
        >>> from_float4_pairs(np.array([0x21, 0xF7], dtype=np.uint8)).tolist()
        [0.5, 1.0, 6.0, -6.0]
    """
    halves = np.stack([pairs & 15, pairs >> 4], axis=-1)  # (..., 2)
    return _FLOAT4[halves].reshape(*pairs.shape[:-1], 2 * pairs.shape[-1])


def from_small_bytes(cells: Array, bits: int, *, is_signed: bool) -> Array | None:
    """Whole numbers of 1 to 7 bits, one in each byte.

    Args:
        cells: the bytes, as uint8.
        bits: of each number.
        is_signed: whether the highest of them is a sign.

    Returns:
        int8 or uint8; None where a byte holds more than one such number.

    Example:
        >>> from_small_bytes(np.array([7, 15, 255], dtype=np.uint8), 4, is_signed=True).tolist()
        [7, -1, -1]
    """
    low = cells & np.uint8((1 << bits) - 1)
    if not is_signed:
        return low if np.array_equal(low, cells) else None
    shift = 8 - bits
    extended = (low << shift).astype(np.uint8).view(np.int8) >> shift
    is_single = (cells == low) | (cells == extended.view(np.uint8))
    return extended if is_single.all() else None


_FLOAT4 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], dtype=np.float32)
