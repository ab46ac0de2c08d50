"""In which precision values are computed: float64 stays, all else becomes float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from matcube.ops.base import Array


def working_dtype(*dtypes: DTypeLike) -> np.dtype[Any]:
    """The precision in which operands of these dtypes are computed.

    float64 if any of them is float64, else float32 (16-bit, integer and bool operands included).

    Args:
        dtypes: dtypes of the operands.

    Returns:
        ``float32`` or ``float64``.

    Example:
        >>> working_dtype("float16", "int64").name
        'float32'
        >>> working_dtype("float32", "float64").name
        'float64'
    """
    wide = any(np.dtype(one).kind == "f" and np.dtype(one).itemsize >= 8 for one in dtypes)
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
