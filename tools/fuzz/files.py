"""Damaged files: CSV, npy, npz, safetensors."""

from __future__ import annotations

import io
import json
import random
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from matcube.sources import files
from tools.fuzz.damage import bytes_of, json_of
from tools.fuzz.hunt import Case

CELLS = (
    "1", "2.5", "-3e4", "1e999", "", "NA", "nan", "inf", "-", "?", "0x10", "1_000", "1,5", "50%", "True",
    "name", '"a', '"a;b"', "#", "##ing", "\x1f1", "\x00", "é", "\u202e", "1" * 400, " ", "-1.#IND", "１",
)  # fmt: skip
BETWEEN = (",", ",", ",", ";", "\t", "|", " ", "\n", "\n", "\r\n", "\r", '"')
DTYPES = ("f4", "f8", "f2", "i1", "i8", "u4", "?", "c8", "S3", "U2", "V2", "M8[s]", ">f4", "O")
ST_DTYPES = ("F32", "F64", "F16", "BF16", "I8", "U64", "BOOL", "F8_E4M3", "F8_E8M0", "F4", "F6_E2M3", "Q9")


def csv(rng: random.Random) -> Case:
    """A table of odd cells, or any bytes changed in one."""
    sep = rng.choice(BETWEEN)
    parts: list[str] = []
    for _ in range(rng.randrange(1, 8)):
        for _ in range(rng.randrange(5)):
            parts += [rng.choice(CELLS if rng.random() < 0.3 else CELLS[:3]), sep]
        parts.append(rng.choice(("\n", "\n", "\r\n", rng.choice(BETWEEN))))
    data = "".join(parts).encode(rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le")))
    return bytes_of(rng, data) if rng.random() < 0.3 else data


def npy(rng: random.Random) -> Case:
    """An array file with damage in its bytes or its header."""
    data = _npy(rng)
    if rng.random() < 0.6:
        return bytes_of(rng, data)
    shape = rng.choice(
        ("(2, 3)", "()", "(-1, 2)", "(4611686018427387904, 4)", "(True, 2)", "(2.0,)", "[2]", "(1,) * 9")
    )
    dtype = rng.choice(
        (*(f"'<{name}'" for name in DTYPES), "'(,,)f4'", "'U2000000'", "[('a', '<f4')]", "None", "{}")
    )
    order = rng.choice(("True", "False", "3"))
    head = f"{{'descr': {dtype}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + rng.randbytes(24)


def npz(rng: random.Random) -> Case:
    """An archive of odd members, or one with damaged bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for number in range(rng.randrange(4)):
            name = rng.choice(
                (f"a{number}.npy", f"b{number}", f"d/{number}.npy", f"..{number}.npy", f"{number}")
            )
            data = _npy(rng)
            archive.writestr(name, bytes_of(rng, data) if rng.random() < 0.5 else data)
    return bytes_of(rng, out.getvalue()) if rng.random() < 0.6 else out.getvalue()


def safetensors(rng: random.Random) -> Case:
    """A file with damage in its header's JSON, its length or its bytes."""
    head = {
        name: {"dtype": rng.choice(ST_DTYPES), "shape": [2, 3], "data_offsets": [24 * n, 24 * n + 24]}
        for n, name in enumerate(("a", "b.c", "d")[: rng.randrange(1, 4)])
    } | {"__metadata__": {"tokens": '["a", "b"]'}}
    text = json.dumps(head).encode() if rng.random() < 0.4 else json_of(rng, head)
    length = len(text) if rng.random() < 0.9 else rng.choice((0, 1, 10**8, 1 << 63, (1 << 64) - 1))
    data = struct.pack("<Q", length) + text + rng.randbytes(24 * (len(head) - 1))
    return bytes_of(rng, data) if rng.random() < 0.4 else data


def reader(ending: str) -> Callable[[Case], None]:
    """A function that reads bytes as a file of that ending: all arrays, and each by its name."""

    def run(case: Case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"x.{ending}"
            path.write_bytes(bytes(case))
            names: list[str | None] = list(files.read_all(path))
            for name in names or [None]:
                files.read(path, name)

    return run


def _npy(rng: random.Random) -> bytes:
    out = io.BytesIO()
    shape = rng.choice(((2, 3), (3,), (), (0, 2), (2, 2, 2), (1, 1)))
    np.save(out, np.zeros(shape, rng.choice(DTYPES)), allow_pickle=True)
    return out.getvalue()
