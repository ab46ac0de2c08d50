"""Every line for a shell that an error offers is typed into one, word for word, and helps."""

import bz2
import gzip
import importlib.util
import io
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from matcube.cli.inputs import _label_file
from matcube.errors import DataError
from matcube.sources.files import list_file, read
from matcube.sources.known_files import KINDS, remedy
from tests.regressions.remedies import SOURCE

EYE = np.eye(3)
NPY = io.BytesIO()
np.save(NPY, EYE)


def shell(line: str | None, folder: Path) -> None:
    """Type a line where the file lies; ``python`` is this one."""
    assert line is not None
    own = folder / ".bin"
    own.mkdir(exist_ok=True)
    (own / "python").unlink(missing_ok=True)
    (own / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (own / "python").chmod(0o755)
    path = os.pathsep.join([str(own), os.environ["PATH"]])
    subprocess.run(line, shell=True, check=True, cwd=folder, timeout=300, env={**os.environ, "PATH": path})


def refused(path: Path) -> str | None:
    """The remedy for a file that is not read."""
    with pytest.raises(DataError) as caught:
        read(path)
    return caught.value.hint


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz"}


@pytest.mark.parametrize("name", ["a.npy", "my array's.npy"])
@pytest.mark.parametrize("kind", PACKED)
def test_what_is_packed_is_unpacked_beside_itself(kind: str, name: str, tmp_path: Path) -> None:
    packed = tmp_path / f"{name}{ENDINGS[kind]}"
    packed.write_bytes(PACKED[kind](NPY.getvalue()))
    line = refused(packed)
    shell(line, tmp_path)
    assert (read(tmp_path / name).array == EYE).all() and packed.exists()
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(subprocess.CalledProcessError):
        shell(line, tmp_path)
    assert (tmp_path / name).read_bytes() == b"mine"


@pytest.mark.parametrize("kind", PACKED)
def test_a_packed_file_of_another_ending(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(PACKED[kind](NPY.getvalue()))
    shell(refused(tmp_path / "a.npy"), tmp_path)
    assert (tmp_path / "a.npy.unpacked").read_bytes() == NPY.getvalue()


def test_archives_are_unpacked_here(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(NPY.getvalue())
    with zipfile.ZipFile(tmp_path / "my a.zip", "w") as archive:
        archive.writestr("readme.txt", "no array")
        archive.write(tmp_path / "a.npy", "in/b.txt")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "a.npy", "c.npy")
    shell(refused(tmp_path / "my a.zip"), tmp_path)
    shell(refused(tmp_path / "a.tar"), tmp_path)
    assert (tmp_path / "in/b.txt").read_bytes() == (tmp_path / "c.npy").read_bytes() == NPY.getvalue()


def encrypted(name: str, content: bytes, password: bytes) -> bytes:
    """A zip file of one member under PKWARE's cipher, which Python reads and does not write."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int) -> None:
        keys[0] = zlib.crc32(bytes([byte]), keys[0] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = zlib.crc32(bytes([keys[1] >> 24]), keys[2] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def sealed(byte: int) -> int:
        low = (keys[2] | 2) & 0xFFFF
        out = byte ^ (((low * (low ^ 1)) >> 8) & 0xFF)
        step(byte)
        return out

    for byte in password:
        step(byte)
    check = zlib.crc32(content)
    body = bytes(sealed(byte) for byte in bytes(11) + bytes([check >> 24]) + content)
    about = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 33, check, len(body), len(content), len(name), 0)
    entry = b"PK\3\4" + about + name.encode() + body
    central = b"PK\1\2" + struct.pack("<H", 20) + about + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    return entry + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(entry), 0)


def test_an_encrypted_array_is_unlocked(tmp_path: Path) -> None:
    path = tmp_path / "locked.npz"
    path.write_bytes(encrypted("w.npy", NPY.getvalue(), b"open"))
    with pytest.raises(DataError, match="it is encrypted") as caught:
        list_file(path)
    shell(str(caught.value.hint).replace("PASSWORD", "open"), tmp_path)
    assert (read(tmp_path / "w.npy").array == EYE).all()


def test_records_and_cells_without_a_type_are_saved_as_numbers(tmp_path: Path) -> None:
    np.save(tmp_path / "r.npy", np.array([(1.0, 2), (3.0, 4)], dtype=[("it's", "f8"), ("n", "i4")]))
    np.save(tmp_path / "b.npy", EYE.astype(ml_dtypes.bfloat16))
    for name, values in (("r", [1, 3]), ("b", EYE.tolist())):
        with pytest.raises(DataError) as caught:
            read(tmp_path / f"{name}.npy")
        line = str(caught.value.hint)
        shell(line[line.index("python -c") :], tmp_path)
        assert read(tmp_path / f"{name}_numbers.npy").array.tolist() == values


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is part of every Debian and macOS")
def test_text_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "my t.csv").write_bytes("größe,b\n1,2\n".encode("latin1"))
    hint = str(refused(tmp_path / "my t.csv"))
    shell(hint.partition(": ")[2], tmp_path)
    assert read(tmp_path / "utf8.csv").labels == (None, ("größe", "b"))
    (tmp_path / "l.txt").write_bytes("größe\nb\n".encode("latin1"))
    with pytest.raises(DataError) as caught:
        _label_file(tmp_path / "l.txt")
    shell(str(caught.value.hint).partition(": ")[2], tmp_path)
    assert _label_file(tmp_path / "utf8.txt") == ["größe", "b"]


# Lines that no machine of the tests can run: a package that matcube does not depend on, or a server.
LEFT_OUT = {
    "gguf": "gguf", "hdf5": "h5py", "zarr": "zarr", "matlab": "scipy", "onnx": "onnx", "parquet": "pandas",
    "feather": "pandas", "excel": "pandas", "zstd": "zstandard", "lfs": "a Git LFS server",
}  # fmt: skip
HERE = {"torch", "pickle", "image", "json"}  # tests/regressions/test_unread_files.py


def test_every_kind_of_file_with_a_line_is_run_or_left_out_with_a_reason() -> None:
    lines = {kind for kind in KINDS if re.search(r"python -|git lfs", str(remedy(kind, Path("a.x"))))}
    assert lines - set(LEFT_OUT) - HERE == {*PACKED, "zip", "tar"}
    assert {*LEFT_OUT} <= lines
    needed = set(LEFT_OUT.values()) - {"a Git LFS server"}
    assert not [name for name in needed if importlib.util.find_spec(name)], "it is there: run its line"


def test_every_text_with_a_line_is_in_a_file_that_is_tried_here() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"""["' ](python -[cm] |iconv |unzip |gunzip |tar -)""", path.read_text())
    }
    assert found == {"cli/remedies.py", "sources/known_files.py", "sources/paths.py", "sources/read_numpy.py"}
