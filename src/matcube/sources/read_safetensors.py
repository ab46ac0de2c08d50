"""Safetensors files: a JSON header, then bytes; every claim of the header is checked before use.

Labels along dimensions are JSON lists of strings in the file's metadata: ``matcube.rows.<tensor>`` and
``matcube.cols.<tensor>`` (also ``labels.<tensor>.rows`` and ``.cols``) for one tensor; ``tokens`` for the
rows of every matrix with as many rows, and for its columns too when it is square.

Source: the format's description, https://huggingface.co/docs/safetensors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matcube.errors import DataError
from matcube.ops import Array
from matcube.sources.arrays import from_bfloat16_bits, small_float
from matcube.sources.entries import MAX_BYTES, Bounds, Entry, Labels, Loaded, part_of

MAX_HEADER = 1 << 25  # 32 MiB: a thousand times the header of a large model


@dataclass(frozen=True)
class Tensor:
    """A tensor of a file; ``start`` counts bytes from the beginning of the file."""

    entry: Entry
    stored: np.dtype[Any]
    start: int


@dataclass(frozen=True)
class Header:
    """The checked header of a file."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]


def safetensors_entries(path: Path) -> tuple[Entry, ...]:
    """The tensors of a file, from its header alone."""
    return tuple(tensor.entry for tensor in read_header(path).tensors.values())


def read_safetensors(path: Path, name: str, bounds: Bounds | None) -> Loaded:
    """A tensor of a file, or a slice of it; only the slice is read.

    Args:
        path: the file.
        name: the name of the tensor.
        bounds: a slice or an index for each dimension; None for all of it.

    Raises:
        DataError: the file is damaged, has malformed labels, or needs ``ml_dtypes``.
    """
    header = read_header(path)
    tensor = header.tensors[name]
    entry = tensor.entry
    if entry.bytes == 0:
        whole: Array = np.zeros(entry.shape, dtype=tensor.stored)
    else:
        whole = np.memmap(path, dtype=tensor.stored, mode="r", offset=tensor.start, shape=entry.shape)
    part = np.array(whole if bounds is None else whole[bounds], subok=False)
    labels = part_of(_labels(header.metadata, entry, path), bounds)
    return Loaded(_decoded(part, entry, path), entry.dtype, labels)


def read_header(path: Path) -> Header:
    """The checked header of a safetensors file.

    Args:
        path: the file.

    Returns:
        Tensors by name, in the order of their bytes, and the metadata.

    Raises:
        DataError: the header is too long or malformed, or claims bytes that are missing, shared or unused.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > size - 8 or length > MAX_HEADER:
            raise _broken(path, f"a header of {length} bytes in a file of {size}")
        text = file.read(length)
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_no_twins)
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"its header is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise _broken(path, "its header is not a JSON object")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _broken(path, "its metadata are not texts")
    tensors = [_tensor(path, name, claim, 8 + length, size) for name, claim in header.items()]
    tensors.sort(key=lambda tensor: (tensor.start, tensor.entry.bytes))
    end = 8 + length
    for tensor in tensors:
        if tensor.start != end:
            what = (
                "shares bytes with the tensor before it" if tensor.start < end else "leaves a gap before it"
            )
            raise _broken(path, f"{tensor.entry.name} {what}")
        end += tensor.entry.bytes
    if end != size:
        raise _broken(path, f"{size - end} bytes at its end belong to no tensor")
    return Header({tensor.entry.name: tensor for tensor in tensors}, metadata)


def _tensor(path: Path, name: str, claim: Any, base: int, size: int) -> Tensor:
    if not isinstance(claim, dict):
        raise _broken(path, f"{name} is not described by an object")
    dtype, shape, offsets = claim.get("dtype"), claim.get("shape"), claim.get("data_offsets")
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise _broken(path, f"{name} has the unknown dtype {str(dtype)[:40]!r}")
    if not isinstance(shape, list) or len(shape) > 32 or not all(map(_is_size, shape)):
        raise _broken(path, f"{name} has no proper shape")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(map(_is_size, offsets)):
        raise _broken(path, f"{name} has no proper offsets")
    ours, stored = DTYPES[dtype]
    count = math.prod(shape) * stored.itemsize
    start, stop = offsets
    if stop - start != count or base + stop > size or count > MAX_BYTES:
        raise _broken(
            path,
            f"{name} of shape {tuple(shape)} and dtype {dtype} takes {count} bytes, "
            f"and its offsets are {start} to {stop} of {size - base}",
        )
    return Tensor(Entry(name, tuple(shape), ours, count), stored, base + start)


def _is_size(number: object) -> bool:
    return type(number) is int and 0 <= number < 1 << 62


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name occurs twice in it")
    return result


def _broken(path: Path, what: str) -> DataError:
    return DataError(f"{path.name} is not a sound safetensors file: {what}")


def _decoded(part: Array, entry: Entry, path: Path) -> Array:
    if entry.dtype == "bfloat16":
        return from_bfloat16_bits(part)
    if entry.dtype == "bool":
        return np.not_equal(part, 0)
    if entry.dtype.startswith("float8"):
        small = small_float(entry.dtype)
        if small is None:
            hint = "install the package ml-dtypes"
            raise DataError(f"{entry.name} in {path.name} has the dtype {entry.dtype}", hint=hint)
        return part.view(small)
    return part.astype(part.dtype.newbyteorder("="), copy=False)


def _labels(metadata: Mapping[str, str], entry: Entry, path: Path) -> Labels:
    shape = entry.shape
    if len(shape) != 2:
        return (None,) * len(shape)
    tokens = _names(metadata.get("tokens"), path, "tokens")
    square = shape[0] == shape[1]
    result: list[tuple[str, ...] | None] = []
    for side, size in zip(("rows", "cols"), shape, strict=True):
        names = None
        for key in (f"matcube.{side}.{entry.name}", f"labels.{entry.name}.{side}"):
            names = names or _names(metadata.get(key), path, key)
            if names is not None and len(names) != size:
                raise DataError(f"{path.name}: {key} has {len(names)} names, and {entry.name} {size} {side}")
        if names is None and tokens is not None and len(tokens) == size and (side == "rows" or square):
            names = tokens
        result.append(names)
    return tuple(result)


def _names(text: str | None, path: Path, key: str) -> tuple[str, ...] | None:
    if text is None:
        return None
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        names = None
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(names)
    if key == "tokens":  # other tools may use the word in another sense
        return None
    raise DataError(f"{path.name}: the metadata {key} are not a JSON list of texts")


DTYPES: dict[str, tuple[str, np.dtype[Any]]] = {
    "F64": ("float64", np.dtype("<f8")),
    "F32": ("float32", np.dtype("<f4")),
    "F16": ("float16", np.dtype("<f2")),
    "BF16": ("bfloat16", np.dtype("<u2")),
    "F8_E4M3": ("float8_e4m3fn", np.dtype("<u1")),
    "F8_E5M2": ("float8_e5m2", np.dtype("<u1")),
    "I64": ("int64", np.dtype("<i8")),
    "I32": ("int32", np.dtype("<i4")),
    "I16": ("int16", np.dtype("<i2")),
    "I8": ("int8", np.dtype("<i1")),
    "U64": ("uint64", np.dtype("<u8")),
    "U32": ("uint32", np.dtype("<u4")),
    "U16": ("uint16", np.dtype("<u2")),
    "U8": ("uint8", np.dtype("<u1")),
    "BOOL": ("bool", np.dtype("<u1")),
}
