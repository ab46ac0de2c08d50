"""Dtypes as readers write them: ``"float32"``, ``"f32"``, ``np.float16``, ``torch.bfloat16``."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np

from matcube.cost import DTYPES
from matcube.errors import OptionError, unknown

DtypeName = Literal[
    "float64", "float32", "bfloat16", "float16", "float8", "int8", "int4",
    "f64", "f32", "bf16", "f16", "f8", "i8", "i4",
    "fp64", "fp32", "fp16", "fp8", "double", "float", "single", "half",
]  # fmt: skip

_SHORT = {
    "f64": "float64", "fp64": "float64", "double": "float64",
    "f32": "float32", "fp32": "float32", "float": "float32", "single": "float32",
    "bf16": "bfloat16",
    "f16": "float16", "fp16": "float16", "half": "float16",
    "f8": "float8", "fp8": "float8", "float8_e4m3fn": "float8", "float8_e5m2": "float8",
    "i8": "int8", "uint8": "int8",
    "i4": "int4", "uint4": "int4",
}  # fmt: skip


class TorchDtype(Protocol):
    """A dtype of torch, as far as a type checker has to tell it from text."""

    @property
    def is_floating_point(self) -> bool: ...


Dtype = DtypeName | np.dtype[Any] | type[np.generic] | TorchDtype


def dtype_name(dtype: object) -> str:
    """The row of ``cost.DTYPES`` that a dtype means.

    Args:
        dtype: a name, long or short; a dtype of NumPy, torch or ml_dtypes; or a class of NumPy's.

    Raises:
        OptionError: it is none of these.

    Example:
        >>> dtype_name("bf16"), dtype_name(np.float16), dtype_name(np.dtype("int8"))
        ('bfloat16', 'float16', 'int8')
    """
    if isinstance(dtype, str):
        text = dtype
    elif type(dtype).__module__.partition(".")[0] == "torch":
        text = str(dtype)
    else:
        try:
            text = np.dtype(dtype).name  # type: ignore[call-overload]
        except TypeError:
            raise OptionError(f"dtype={dtype!r} cannot be used", hint=f"one of {', '.join(DTYPES)}") from None
    plain = text.strip().lower().removeprefix("torch.")
    name = _SHORT.get(plain, plain)
    if name not in DTYPES:
        raise unknown(text, DTYPES, what="dtype")
    return name


def dtype_bytes(dtype: object) -> int:
    """Bytes of a number of a dtype; whole numbers from 1 to 16 are bytes already.

    Raises:
        OptionError: no dtype, or one of less than a byte.
    """
    plain = dtype.item() if isinstance(dtype, np.integer) else dtype
    if isinstance(plain, int) and not isinstance(plain, bool):
        if 1 <= plain <= 16:
            return plain
        raise OptionError(f"{plain} bytes a number cannot be used", hint='a dtype, such as "float32"')
    bits = DTYPES[dtype_name(dtype)]
    if bits % 8:
        raise OptionError(
            f"devices count whole bytes, and {dtype_name(dtype)} has {bits} bits", hint='"int8"'
        )
    return bits // 8
