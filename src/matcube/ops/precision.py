"""Working precision: float64 and wide integers are computed in float64, everything else in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from matcube.ops.base import Array


def working_dtype(*dtypes: DTypeLike) -> np.dtype[Any]:
    """The working precision for operands of these dtypes.

    float64 if any of them is float64 or an integer of 32 bits or more, which float32 cannot hold (float64
    can, up to 2**53); else float32: 16-bit floats, small integers and bools are exact in it.

    Args:
        dtypes: dtypes of the operands.

    Returns:
        ``float32`` or ``float64``.

    Example:
        >>> working_dtype("float16", "int16").name
        'float32'
        >>> working_dtype("float16", "int64").name
        'float64'
        >>> working_dtype("float32", "float64").name
        'float64'
    """
    wide = any(np.dtype(dtype).itemsize >= _WIDE_BYTES.get(np.dtype(dtype).kind, _NEVER) for dtype in dtypes)
    return np.dtype(np.float64 if wide else np.float32)


def working(array: Array, *others: Array) -> Array:
    """``array`` in the working precision of all operands of an operation.

    Args:
        array: any numeric array.
        others: the other operands.

    Returns:
        The same array if it has that precision already, else a copy.
    """
    with np.errstate(all="ignore"):
        return array.astype(working_dtype(array.dtype, *(other.dtype for other in others)), copy=False)


_NEVER = 1 << 30
_WIDE_BYTES = {"f": 8, "i": 4, "u": 4}  # the least itemsize for which float32 is too narrow, by kind of dtype
