"""The wire format of a scene: one byte string, the same for every front end.

::

    8 bytes   magic "MATCUBE" and the format number 1
    u32       length of the head, little-endian
    u32       zero
    head      JSON in UTF-8, then zeros up to a multiple of 16
    buffers   little-endian, each at its offset from here, a multiple of 16

A buffer whose ``offset`` is -1 is left out: the reader has it cached, or requests it by its hash. So are
fields of the head that the reader has cached; ``Head.parts`` has their hashes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from matcube.errors import WireError
from matcube.wire.head import PARTS, VERSION, Buffer, Head
from matcube.wire.link import renamed_fields
from matcube.wire.text import bytes_text

Array = NDArray[Any]

MAGIC = b"MATCUBE\x01"
ALIGN = 16
MAX_HEAD_BYTES = 64 << 20

_DTYPES: dict[str, str] = {"f32": "<f4", "f64": "<f8", "f16": "<f2", "u8": "|u1"}
_PREFIX = struct.Struct("<8sII")


@dataclass(frozen=True)
class Scene:
    """A head and its buffers.

    Args:
        head: the JSON section.
        buffers: flat arrays by sha256.
        shown: hashes of the buffers that the first picture needs; the others (closed sheets) can follow.
    """

    head: Head
    buffers: Mapping[str, Array]
    shown: frozenset[str]

    def __repr__(self) -> str:
        size = bytes_text(sum(array.nbytes for array in self.buffers.values()))
        return f"<Scene {self.head.title!r}, {len(self.head.matrices)} matrices, {size}>"

    def encode(self, *, have: Collection[str] = (), send: Collection[str] | None = None) -> bytes:
        """The scene as one byte string.

        Args:
            have: hashes of buffers and of fields of the head that the reader has cached; they are left out.
            send: hashes of the buffers to send; None for those of the first picture.
        """
        wanted = self.shown if send is None else frozenset(send)
        included = wanted.difference(have)
        entries: list[Buffer] = []
        parts: list[bytes] = []
        offset = 0
        for entry in self.head.buffers:
            if entry.sha256 not in included:
                entries.append(msgspec.structs.replace(entry, offset=-1))
                continue
            raw = self.buffers[entry.sha256].tobytes()
            entries.append(msgspec.structs.replace(entry, offset=offset))
            parts.append(raw + bytes(-len(raw) % ALIGN))
            offset += len(parts[-1])
        head = _head_bytes(msgspec.structs.replace(self.head, buffers=entries), have)
        prefix = _PREFIX.pack(MAGIC, len(head), 0)
        return b"".join([prefix, head, bytes(-(len(prefix) + len(head)) % ALIGN), *parts])


def _head_bytes(head: Head, have: Collection[str]) -> bytes:
    """The head as JSON, with the hash of every cached field and without the fields that the reader has."""
    texts = {name: msgspec.json.encode(getattr(head, name)) for name in PARTS}
    shas = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    fields: dict[str, object] = {name: getattr(head, name) for name in head.__struct_fields__}
    fields |= {name: msgspec.Raw(text) for name, text in texts.items()}
    sent = {name: value for name, value in fields.items() if shas.get(name) not in have}
    return msgspec.json.encode({**sent, "parts": shas})


def digest(array: Array) -> str:
    """The sha256 of an array's little-endian bytes in C order, after its dtype and length."""
    result = hashlib.sha256(array.dtype.str.encode())
    result.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return result.hexdigest()


def describe(array: Array) -> Buffer:
    """The head's entry of a flat little-endian array.

    Raises:
        WireError: a dtype that the format does not have.
    """
    for name, code in _DTYPES.items():
        if array.dtype == np.dtype(code):
            return Buffer(sha256=digest(array), dtype=name, length=array.size, offset=-1)  # type: ignore[arg-type]
    raise WireError(f"an array of dtype {array.dtype} cannot be a buffer of a scene")


def decode(data: bytes, *, held: Head | None = None) -> Scene:
    """Read scene bytes; every size is checked before it is used.

    Args:
        data: the bytes.
        held: the head of an earlier answer, for the fields that were left out of this one.

    Raises:
        WireError: the bytes are cut short, damaged, or of an unknown version.
    """
    if len(data) < _PREFIX.size or data[:7] != MAGIC[:7]:
        raise WireError("these bytes are not a matcube scene")
    magic, head_length, _ = _PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise WireError(f"scene format {magic[7]} is unknown here; this matcube reads format {MAGIC[7]}")
    if head_length > min(MAX_HEAD_BYTES, len(data) - _PREFIX.size):
        raise WireError("the scene is cut short: its head is longer than the bytes")
    try:
        head = _read_head(data[_PREFIX.size : _PREFIX.size + head_length], held)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise WireError(f"the scene's head is damaged: {error}") from None
    if head.version != VERSION:
        raise WireError(f"scene version {head.version} is unknown here; this matcube reads {VERSION}")
    start = _PREFIX.size + head_length
    body = memoryview(data)[start + (-start % ALIGN) :]
    buffers = {entry.sha256: _take(body, entry) for entry in head.buffers if entry.offset != -1}
    return Scene(head=head, buffers=buffers, shown=frozenset(buffers))


def _read_head(text: bytes, held: Head | None) -> Head:
    """The head; fields that were not sent are those of an earlier one."""
    fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    shas = msgspec.json.decode(fields.get("parts", b"{}"), type=dict[str, str])
    for name in [name for name in PARTS if name in shas and name not in fields]:
        if held is None or held.parts.get(name) != shas[name]:
            raise WireError(f"the scene's head leaves out {name}, which the reader does not have")
        fields[name] = msgspec.Raw(msgspec.json.encode(getattr(held, name)))
    return msgspec.json.decode(renamed_fields(msgspec.json.encode(fields)), type=Head)


def _take(body: memoryview, entry: Buffer) -> Array:
    dtype = np.dtype(_DTYPES[entry.dtype])
    end = entry.offset + entry.length * dtype.itemsize
    if entry.offset < 0 or entry.length < 0 or entry.offset % ALIGN or end > len(body):
        raise WireError(f"buffer {entry.sha256[:12]} does not lie inside the scene's bytes")
    array: Array = np.frombuffer(body, dtype=dtype, count=entry.length, offset=entry.offset)
    if digest(array) != entry.sha256:
        raise WireError(f"buffer {entry.sha256[:12]} does not have the content its hash says")
    return array
