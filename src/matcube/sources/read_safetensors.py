"""Safetensors files: a JSON header, then bytes; every claim of the header is checked before use.

Labels along dimensions are JSON lists of strings in the file's metadata: ``matcube.rows.<tensor>`` and
``matcube.cols.<tensor>`` (also ``labels.<tensor>.rows`` and ``.cols``) for one tensor; ``tokens`` for the
rows of matrices with as many rows and for both sides of attention, where no other matrix has as many columns.

Source: the format's description, https://huggingface.co/docs/safetensors.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from matcube.errors import DataError
from matcube.errors.words import some_of
from matcube.ops import Array
from matcube.sources.arrays import from_bfloat16_bits, small_type
from matcube.sources.entries import MAX_BYTES, Bounds, Entry, Labels, Loaded, part_of
from matcube.sources.small_numbers import from_float4_pairs
from matcube.wire.text import bytes_text

MAX_HEADER = 100_000_000  # the format's own limit
_AGAIN = "save or download it again"
_ATTENTION = re.compile(r"att|score|pattern|prob|softmax|mask", re.I)
_LABELS = re.compile(r"matcube\.(?:rows|cols)\.(.+)|labels\.(.+)\.(?:rows|cols)", re.DOTALL)
_PARAMETER = re.compile(r"weight|bias|kernel|proj|(^|[._])[wW]([A-Z0-9_]|$)")


@dataclass(frozen=True)
class Tensor:
    """A tensor; ``start`` counts bytes from the file's beginning, ``stored`` is None for a dtype not read."""

    entry: Entry
    stored: np.dtype[Any] | None
    start: int


@dataclass(frozen=True)
class Header:
    """The checked header of a file."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]


def safetensors_entries(path: Path) -> tuple[Entry, ...]:
    """The tensors of a file, from its header alone."""
    header = read_header(path)
    tokens = _names(header.metadata.get("tokens"), path, "tokens")
    entries = tuple(tensor.entry for tensor in header.tensors.values())
    if tokens is not None and _is_unclear(header, len(tokens)):
        entries = tuple(replace(entry, note=_note(header, entry, len(tokens))) for entry in entries)
    stray = _stray(header)
    if not stray or not entries:
        return entries
    first, *rest = entries
    return replace(first, note="; ".join(filter(None, [first.note, stray]))), *rest


def _stray(header: Header) -> str:
    """A note on labels of tensors that the file does not have; it is beside the first tensor."""
    names = [match[1] or match[2] for key in header.metadata if (match := _LABELS.fullmatch(key))]
    missing = dict.fromkeys(name for name in names if name not in header.tensors)
    return f"the file's labels name no tensor: {some_of(missing)}" if missing else ""


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
    whole: Array
    if tensor.stored is None:
        raise DataError(f"{name} in {path.name} has the dtype {entry.dtype}, which is not read")
    labels = part_of(_labels(header, entry, path), bounds)
    if entry.dtype == "float4_e2m1fn":
        return Loaded(_float4(path, tensor, bounds), entry.dtype, labels)
    if entry.bytes == 0:
        whole = np.zeros(entry.shape, dtype=tensor.stored)
    else:
        whole = np.memmap(path, dtype=tensor.stored, mode="r", offset=tensor.start, shape=entry.shape)
    part = np.array(whole if bounds is None else whole[bounds], subok=False)
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
            is_cut = size >= 8 and size - 8 < length <= MAX_HEADER
            if is_cut:
                claim = f"its header takes {bytes_text(length)}, and the file {bytes_text(size)}"
                raise _broken(path, f"it is cut short: {claim}", hint=_AGAIN)
            raise _broken(path, "it does not begin with a header")
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
    if not isinstance(dtype, str) or not re.fullmatch(r"[A-Z0-9_]{1,24}", dtype):
        raise _broken(path, f"{name} has no proper dtype")
    if (
        not isinstance(shape, list)
        or len(shape) > 32
        or not all(_is_size(n) and n <= MAX_BYTES for n in shape)
    ):
        raise _broken(path, f"{name} has no proper shape")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(map(_is_size, offsets)):
        raise _broken(path, f"{name} has no proper offsets")
    ours, stored, bits = DTYPES.get(dtype, (dtype, None, 0))
    start, stop = offsets
    cells = math.prod(shape)
    count = -(-cells * bits // 8) if bits else stop - start
    if stop - start == count and base + stop > size:
        claim = f"{name} ends after {bytes_text(base + stop)}, and the file after {bytes_text(size)}"
        raise _broken(path, f"it is cut short: {claim}", hint=_AGAIN)
    if stop - start != count or count > MAX_BYTES or cells > MAX_BYTES:
        raise _broken(
            path,
            f"{name} of shape {tuple(shape)} and dtype {dtype} takes {bytes_text(count)}, "
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


def _broken(path: Path, what: str, *, hint: str | None = None) -> DataError:
    return DataError(f"{path.name} is not a sound safetensors file: {what}", hint=hint)


def _decoded(part: Array, entry: Entry, path: Path) -> Array:
    if entry.dtype == "bfloat16":
        return from_bfloat16_bits(part)
    if entry.dtype == "bool":
        return np.not_equal(part, 0)
    if entry.dtype.startswith("float8"):
        small = small_type(entry.dtype)
        if small is None:
            what = f"{entry.name} in {path.name} is {entry.dtype}, which needs the package ml-dtypes"
            raise DataError(what, hint="pip install ml-dtypes")
        return part.view(small)
    return part.astype(part.dtype.newbyteorder("="), copy=False)


def _float4(path: Path, tensor: Tensor, bounds: Bounds | None) -> Array:
    """Cells of four bits, two in a byte; only the slice is read where no byte holds cells of two rows."""
    shape = tensor.entry.shape
    if tensor.entry.bytes == 0:
        empty: Array = np.zeros(shape, np.float32)
        return empty if bounds is None else empty[bounds]
    if not shape or shape[-1] % 2:
        pairs = np.fromfile(path, np.uint8, count=tensor.entry.bytes, offset=tensor.start)
        cells = from_float4_pairs(pairs)[: math.prod(shape)].reshape(shape)
        return cells if bounds is None else cells[bounds]
    halved = (*shape[:-1], shape[-1] // 2)
    packed = np.memmap(path, dtype=np.uint8, mode="r", offset=tensor.start, shape=halved)
    if bounds is None:
        return from_float4_pairs(np.array(packed, subok=False))
    return from_float4_pairs(np.array(packed[bounds[:-1]], subok=False))[..., bounds[-1]]


def _labels(header: Header, entry: Entry, path: Path) -> Labels:
    shape = entry.shape
    if len(shape) != 2:
        return (None,) * len(shape)
    tokens = _names(header.metadata.get("tokens"), path, "tokens")
    named = _token_sides(header, entry, tokens)
    result: list[tuple[str, ...] | None] = []
    for side, size in zip(("rows", "cols"), shape, strict=True):
        names = None
        for key in _keys(entry.name, side):
            names = names or _names(header.metadata.get(key), path, key)
            if names is not None and len(names) != size:
                raise DataError(f"{path.name}: {key} has {len(names)} names, and {entry.name} {size} {side}")
        result.append(tokens if names is None and side in named else names)
    return tuple(result)


def _keys(name: str, side: str) -> tuple[str, str]:
    return f"matcube.{side}.{name}", f"labels.{name}.{side}"


def _token_sides(header: Header, entry: Entry, tokens: tuple[str, ...] | None) -> tuple[str, ...]:
    """The sides of a matrix that tokens name: none where their number may be that of features."""
    count = -1 if tokens is None else len(tokens)
    if len(entry.shape) != 2 or entry.shape[0] != count or _is_unclear(header, count):
        return ()
    return ("rows", "cols") if entry.shape[1] == count else ("rows",)


def _is_unclear(header: Header, count: int) -> bool:
    """Whether some matrix has as many columns as there are tokens, and is no attention."""
    return any(
        entry.shape[1:] == (count,) and not (entry.shape[0] == count and _is_attention(entry.name))
        for entry in (tensor.entry for tensor in header.tensors.values())
    )


def _is_attention(name: str) -> bool:
    return bool(_ATTENTION.search(name)) and not _PARAMETER.search(name)


def _note(header: Header, entry: Entry, count: int) -> str:
    """A note on a matrix one of whose sides tokens could name, and do not."""
    keys = {key for side in ("rows", "cols") for key in _keys(entry.name, side)}
    if len(entry.shape) != 2 or count not in entry.shape or keys & header.metadata.keys():
        return ""
    return (
        f"{count} tokens fit rows and columns here and name neither: say which with "
        f"--labels NAME.rows=FILE, or matcube.rows.{entry.name} in the file's metadata"
    )


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


def _plain(name: str, code: str) -> tuple[str, np.dtype[Any] | None, int]:
    dtype = np.dtype(code)
    return name, dtype, 8 * dtype.itemsize


# Our name, the stored dtype (None: listed and left out), the bits of a cell; unknown dtypes are listed too.
DTYPES: dict[str, tuple[str, np.dtype[Any] | None, int]] = {
    "F64": _plain("float64", "<f8"),
    "F32": _plain("float32", "<f4"),
    "F16": _plain("float16", "<f2"),
    "BF16": _plain("bfloat16", "<u2"),
    "F8_E4M3": _plain("float8_e4m3fn", "<u1"),
    "F8_E5M2": _plain("float8_e5m2", "<u1"),
    "F8_E4M3FNUZ": _plain("float8_e4m3fnuz", "<u1"),
    "F8_E5M2FNUZ": _plain("float8_e5m2fnuz", "<u1"),
    "F8_E8M0": _plain("float8_e8m0fnu", "<u1"),
    "F4": ("float4_e2m1fn", np.dtype("<u1"), 4),
    "F6_E2M3": ("F6_E2M3", None, 6),
    "F6_E3M2": ("F6_E3M2", None, 6),
    "C64": ("complex64", None, 64),
    "I64": _plain("int64", "<i8"),
    "I32": _plain("int32", "<i4"),
    "I16": _plain("int16", "<i2"),
    "I8": _plain("int8", "<i1"),
    "U64": _plain("uint64", "<u8"),
    "U32": _plain("uint32", "<u4"),
    "U16": _plain("uint16", "<u2"),
    "U8": _plain("uint8", "<u1"),
    "BOOL": _plain("bool", "<u1"),
}
