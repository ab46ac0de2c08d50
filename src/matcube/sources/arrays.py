"""Arrays from objects: NumPy, torch, JAX, DLPack, lists.

torch is used only for objects that are torch tensors; this module never imports it.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcube.errors import DataError
from matcube.limits import check_memory
from matcube.ops import Array
from matcube.sources.labelled import Titles, labels_of, titles_of
from matcube.sources.small_numbers import from_float4_pairs, from_small_bytes

_BLOCK = 1 << 24  # bytes hashed at a time


@dataclass(frozen=True)
class ReadArray:
    """An array with its original dtype.

    Args:
        array: a read-only copy in C order; bfloat16 is float32 where ``ml_dtypes`` is absent.
        dtype: the name of the dtype as given, ``"bfloat16"`` in either case.
        sha256: of the little-endian C-order bytes as given.
        titles: names of its dimensions, or empty.
    """

    array: Array
    dtype: str
    sha256: str
    titles: Titles = ()


def read_array(obj: Any, name: str = "array") -> ReadArray:
    """The numbers of ``obj``, with their original dtype and digest.

    Args:
        obj: a NumPy, torch or JAX array, anything with ``__array__`` or DLPack, or nested lists of numbers.
        name: its name in errors.

    Returns:
        A read-only copy in C order and native byte order, its dtype as given and the sha256 of its bytes.

    Raises:
        DataError: a single number, complex numbers, text, objects, or an unreadable object.

    Example:
        >>> read_array(np.ones((2, 3), dtype=np.float16), "A").dtype
        'float16'
    """
    raw, dtype = _torch(obj, name) if _is_torch(obj) else (_numpy(obj, name), None)
    _refuse(raw, name, obj)
    array = np.array(raw.astype(raw.dtype.newbyteorder("="), copy=False), order="C", subok=False)
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    dtype = dtype or array.dtype.name
    sha256 = digest(array)
    if dtype == "bfloat16" and array.dtype == np.uint16:
        array = from_bfloat16_bits(array)
    array.flags.writeable = False
    return ReadArray(array, dtype, sha256, titles_of(obj))


def digest(array: Array) -> str:
    """The sha256 of an array's little-endian C-order bytes.

    Args:
        array: any array of numbers.

    Returns:
        64 hexadecimal digits; shape and dtype are not part of it.

    Example:
        >>> digest(np.zeros(4, dtype="<u1")) == digest(np.zeros((1, 2), dtype=">u2"))
        True
    """
    hasher = hashlib.sha256()
    flat = np.ravel(array)  # a view where the array is contiguous
    step = max(1, _BLOCK // max(1, array.itemsize))
    for start in range(0, flat.size, step):
        block = flat[start : start + step]
        if block.dtype.kind in "fiu":
            block = block.astype(block.dtype.newbyteorder("<"), copy=False)
        hasher.update(np.ascontiguousarray(block).view(np.uint8).data)
    return hasher.hexdigest()


def digest_as(array: Array, dtype: str) -> str:
    """The sha256 of an array's bytes in its original dtype, also if bfloat16 was read as float32.

    Args:
        array: the array that was read.
        dtype: the name of its original dtype.
    """
    if dtype == "bfloat16" and array.dtype == np.float32:
        return digest((array.view(np.uint32) >> np.uint32(16)).astype(np.uint16))
    return digest(array)


def from_bfloat16_bits(bits: Array) -> Array:
    """bfloat16 numbers from their bits, exactly: in the dtype of ``ml_dtypes`` if installed, else float32.

    Args:
        bits: the bit patterns, as uint16.

    Returns:
        An array of the same shape.

    Example:
        >>> from_bfloat16_bits(np.array([0x3F80, 0xC000], dtype=np.uint16)).astype(float).tolist()
        [1.0, -2.0]
    """
    small = small_type("bfloat16")
    if small is not None:
        return bits.view(small)
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


def small_type(name: str) -> np.dtype[Any] | None:
    """A dtype that NumPy lacks (``bfloat16``, ``float8_e4m3fn``), from ``ml_dtypes`` if installed."""
    try:
        import ml_dtypes
    except ImportError:
        return None
    kind = getattr(ml_dtypes, name, None)
    return None if kind is None else np.dtype(kind)


def _is_torch(obj: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(obj, getattr(torch, "Tensor", ()))


def _torch(tensor: Any, name: str) -> tuple[Array, str]:
    """A tensor's values (bfloat16 as its 16 bits) and the name of its dtype."""
    torch = sys.modules["torch"]
    dtype = str(tensor.dtype).removeprefix("torch.")
    if tensor.device.type == "meta":
        raise DataError(f"{name} is on the meta device: it has a shape and no values")
    if tensor.is_complex():
        raise DataError(_COMPLEX.format(name=name), hint="give a.real, a.imag or a.abs()")
    try:
        plain = tensor.detach()
        if plain.is_quantized:
            plain, dtype = plain.dequantize(), "float32"
        if plain.layout is not torch.strided:
            plain = plain.to_dense()
        plain = plain.cpu().resolve_conj().resolve_neg().contiguous()
        if dtype == "bfloat16":
            return plain.view(torch.int16).numpy().view(np.uint16), dtype
        if _PACKED.fullmatch(dtype):
            return _unpacked(plain.view(torch.uint8).numpy(), dtype, name)
        small = small_type(dtype) if dtype.startswith("float8") else None
        if small is not None:  # the bytes themselves, whose hash is that of a file with them
            return plain.view(torch.uint8).numpy().view(small), dtype
        if dtype.startswith("float8"):
            plain = plain.float()
        return np.asarray(plain.numpy()), dtype
    except (RuntimeError, TypeError, NotImplementedError) as error:
        what = f"{name}: the values of this torch tensor ({dtype}) cannot be read ({error})"
        raise DataError(what, hint="give a.float(), or its bytes: a.view(torch.uint8)") from error


def _unpacked(cells: Array, dtype: str, name: str) -> tuple[Array, str]:
    """The numbers in the bytes of a torch tensor whose dtype has less than a byte, and the dtype's name."""
    if dtype == "float4_e2m1fn_x2":
        return from_float4_pairs(cells), dtype.removesuffix("_x2")
    numbers = from_small_bytes(cells, int(dtype[-1]), is_signed=dtype.startswith("int"))
    if numbers is None:
        raise DataError(
            f"{name} is {dtype}, and its bytes hold more than one number each",
            hint="give the bytes: a.view(torch.uint8)",
        )
    return numbers, dtype


def _numpy(obj: Any, name: str) -> Array:
    if isinstance(obj, np.ma.MaskedArray):
        fill = "a.filled(float('nan'))" if obj.dtype.kind == "f" else "a.astype(float).filled(float('nan'))"
        raise DataError(f"{name} is a masked array", hint=f"fill its gaps first: {fill}")
    if hasattr(obj, "toarray") and not hasattr(obj, "__array__"):
        obj = obj.toarray()  # a sparse matrix of SciPy
    _check_length(obj, name)
    try:
        if hasattr(obj, "__dlpack__") and not hasattr(obj, "__array__"):
            return np.asarray(np.from_dlpack(obj))
        return np.asarray(obj)
    except Exception as error:  # a foreign object may raise anything
        raise DataError(f"{name} cannot be read as an array: {type(error).__name__}: {error}") from error


def shape_of(obj: Any, name: str = "array") -> tuple[int, ...]:
    """The sizes of anything like an array.

    Raises:
        LimitError: it is a list too long for memory.
    """
    _check_length(obj, name)
    return tuple(np.shape(obj))


def _check_length(obj: Any, name: str) -> None:
    """Refuse a range or another list that is too long for memory, before it is walked."""
    if isinstance(obj, Sequence) and not isinstance(obj, str | bytes):
        check_memory(8 * len(obj), name)


def _refuse(array: Array, name: str, obj: Any) -> None:
    kind = array.dtype.kind
    if kind == "c" or array.dtype.name in ("complex32", "bcomplex32"):
        hint = _COMPLEX_HINT if kind == "c" else "give a.astype(np.complex64).real"
        raise DataError(_COMPLEX.format(name=name), hint=hint)
    if kind not in "fiub" and array.dtype.name not in SMALL_TYPES:
        raise _no_numbers(array, name, obj)
    if array.ndim == 0:
        raise DataError(f"{name} is a single number, not a matrix", hint="write it into the program")


def _no_numbers(array: Array, name: str, obj: Any) -> DataError:
    """The error for an array that does not hold numbers, with a remedy for its contents."""
    if array.ndim == 0 and array.dtype.kind == "O":
        return DataError(f"{name} is of type {type(obj).__name__}, not an array")
    if array.dtype.kind == "V" and array.dtype.names is None:
        return _no_type(array, name)
    what = {"O": "objects", "U": "text", "S": "text", "M": "dates", "m": "times"}.get(array.dtype.kind)
    message = f"{name} holds {what or 'records'} (dtype {array.dtype}), not numbers"
    if what is None:
        return DataError(message, hint=f'give a single field: a["{(array.dtype.names or ("x",))[0]}"]')
    try:
        array.astype(np.float64)
        return DataError(message, hint="np.asarray(a, dtype=float) reads them as numbers")
    except (TypeError, ValueError):
        place = next((at for at, cell in np.ndenumerate(array) if not _is_number(cell)), ())
    labels = labels_of(obj)
    column = labels[-1][place[-1]] if place and labels and labels[-1] is not None else None
    cell = array[place] if place else None
    where = f"in column {column}" if column is not None else f"at {list(place)}"
    message += f': "{cell!s:.40}" {where}'
    if type(cell).__name__ == "NAType":
        return DataError(message, hint='give a.to_numpy(dtype=float, na_value=float("nan"))')
    if hasattr(obj, "select_dtypes"):
        return DataError(message, hint='give its numbers alone: a.select_dtypes("number")')
    if hasattr(obj, "select") and column is not None:
        return DataError(message, hint=f'leave that column out: a.drop("{column}")')
    return DataError(message, hint=f'names go beside the numbers: labels={{"{name}.rows": names}}')


def _no_type(array: Array, name: str) -> DataError:
    """The error for bytes without a type, as NumPy loads what ``ml_dtypes`` has saved."""
    size = array.dtype.itemsize
    message = f"{name} holds cells of {size} byte{'s' * (size > 1)} without a type (dtype {array.dtype.str})"
    if size == 2:
        message += ", as np.load gives bfloat16"
        return DataError(message, hint="import ml_dtypes; a.view(ml_dtypes.bfloat16)")
    if size == 1:
        message += ", as np.load gives float8 and int4"
        return DataError(
            message, hint="if it is float8_e4m3fn: import ml_dtypes; a.view(ml_dtypes.float8_e4m3fn)"
        )
    return DataError(message, hint=f'say what they are: a.view("{_LIKELY.get(size, "u1")}")')


def _is_number(cell: object) -> bool:
    try:
        float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


# Types that NumPy lacks, by their names in ml_dtypes.
SMALL_TYPES = (
    "bfloat16", "float8_e3m4", "float8_e4m3", "float8_e4m3b11fnuz", "float8_e4m3fn", "float8_e4m3fnuz",
    "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "float6_e2m3fn", "float6_e3m2fn", "float4_e2m1fn",
    "int1", "int2", "int4", "uint1", "uint2", "uint4",
)  # fmt: skip

_LIKELY = {4: "f4", 8: "f8"}  # dtypes by their bytes
_PACKED = re.compile("u?int[1-7]|float4_e2m1fn_x2")  # dtypes of torch that NumPy cannot take
_COMPLEX = "{name} holds complex numbers, which have no place in the picture"
_COMPLEX_HINT = "give np.real(a), np.imag(a) or np.abs(a)"
