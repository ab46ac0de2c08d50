"""In which precision values are computed: float64 and wide integers in float64, all else in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from matcube.ops.base import Array


def working_dtype(*dtypes: DTypeLike) -> np.dtype[Any]:
    """The precision in which operands of these dtypes are computed.

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
    wide = any(np.dtype(one).itemsize >= _WIDE_BYTES.get(np.dtype(one).kind, _NEVER) for one in dtypes)
    return np.dtype(np.float64 if wide else np.float32)


def working(array: Array, *others: Array) -> Array:
    """``array`` in the precision in which it is computed together with ``others``.

    Args:
        array: any numeric array.
        others: the operands that it meets, if any.

    Returns:
        The same array if it is in that precision already, else a copy.
    """
    with np.errstate(all="ignore"):
        return array.astype(working_dtype(array.dtype, *(other.dtype for other in others)), copy=False)


_NEVER = 1 << 30
_WIDE_BYTES = {"f": 8, "i": 4, "u": 4}  # from how many bytes on float32 is too narrow, by kind of dtype
