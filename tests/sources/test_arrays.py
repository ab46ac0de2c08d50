"""Arrays of any library become ours; what holds no numbers is refused."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from matcube.errors import DataError
from matcube.sources import arrays
from matcube.sources.arrays import digest, from_bfloat16_bits, read_array

A = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    "dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", ">f4", ">i8", "<f8"]
)
def test_numpy_dtypes_are_kept(dtype):
    result = read_array(A.astype(dtype), "A").array
    assert result.dtype == np.dtype(dtype).newbyteorder("=") and result.dtype.isnative
    np.testing.assert_array_equal(result, A.astype(dtype))


def test_the_array_is_our_own_and_read_only():
    mine = A.copy()
    result = read_array(mine, "A").array
    mine[0, 0] = 99
    assert result[0, 0] == 0 and not result.flags.writeable
    assert read_array(mine.T[::2], "A").array.flags.c_contiguous


def test_long_doubles_become_float64():
    assert read_array(A.astype(np.longdouble), "A").dtype == "float64"


@pytest.mark.parametrize("obj", [[[1, 2], [3, 4]], ((1, 2), (3, 4)), [np.array([1, 2]), [3, 4]]])
def test_lists(obj):
    np.testing.assert_array_equal(read_array(obj, "A").array, [[1, 2], [3, 4]])


def test_one_dimension_stays_one():
    assert read_array([1.0, 2.0], "v").array.shape == (2,)
    assert read_array([], "v").array.shape == (0,)
    assert read_array(np.zeros((2, 3, 4)), "h").array.shape == (2, 3, 4)


class Foreign:
    """Something with ``__array__``."""

    def __array__(self, dtype=None, copy=None):
        return A.astype(np.float32)


class Packed:
    """Something with DLPack alone."""

    def __dlpack__(self, **options: Any):
        return A.__dlpack__(**options)

    def __dlpack_device__(self):
        return A.__dlpack_device__()


class Broken:
    """Something whose values cannot be had."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("on another device")


def test_array_protocols():
    assert read_array(Foreign(), "A").array.dtype == np.float32
    np.testing.assert_array_equal(read_array(Packed(), "A").array, A)


@pytest.mark.parametrize(
    ("obj", "message", "hint"),
    [
        (
            np.ones((2, 2), dtype=complex),
            "A holds complex numbers",
            "give np.real(a), np.imag(a) or np.abs(a)",
        ),
        (np.array([["x", "y"]]), "A holds text", None),
        (np.array([[b"x"]]), "A holds text", None),
        (np.array([[object()]]), "A holds objects", None),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "A holds dates", None),
        (np.zeros(2, dtype=[("a", "f4")]), "A holds records", None),
        (np.float32(3), "A is a single number, not a matrix", "write it into the program"),
        (3.0, "A is a single number", None),
        ([[1, 2], [3]], "A cannot be read as an array", None),
        (Broken(), "A cannot be read as an array: RuntimeError: on another device", None),
        (None, "A is of type NoneType, not an array", None),
        (np.ma.masked_array([1.0, 2.0], mask=[True, False]), "A is a masked array", None),
    ],
)
def test_refusals(obj, message, hint):
    with pytest.raises(DataError) as caught:
        read_array(obj, "A")
    assert caught.value.message.startswith(message)
    assert hint is None or caught.value.hint == hint


class TestDigest:
    def test_is_of_the_little_endian_bytes_in_c_order(self):
        wanted = hashlib.sha256(A.astype("<f8").tobytes()).hexdigest()
        assert digest(A) == digest(np.asfortranarray(A)) == digest(A.astype(">f8")) == wanted
        assert read_array(A.astype(">f8"), "A").sha256 == wanted
        assert digest(A.T) == hashlib.sha256(A.T.tobytes()).hexdigest() != wanted
        assert digest(A[:, ::2]) == hashlib.sha256(A[:, ::2].tobytes()).hexdigest()

    def test_blocks_join(self, monkeypatch):
        monkeypatch.setattr(arrays, "_BLOCK", 24)
        assert digest(A.T) == hashlib.sha256(A.T.tobytes()).hexdigest()
        assert digest(A > 3) == hashlib.sha256((A > 3).tobytes()).hexdigest()

    def test_of_nothing(self):
        assert digest(np.zeros((0, 3))) == hashlib.sha256(b"").hexdigest()


BITS = np.array([[0x3F80, 0xC000, 0x0001, 0x7F80, 0xFF80, 0x7FC0]], dtype=np.uint16)
EXACT = [[1.0, -2.0, 2.0**-133, np.inf, -np.inf, np.nan]]


def test_bfloat16_with_and_without_ml_dtypes(monkeypatch):
    pytest.importorskip("ml_dtypes")
    narrow = from_bfloat16_bits(BITS)
    assert narrow.dtype.name == "bfloat16"
    np.testing.assert_array_equal(narrow.astype(np.float64), EXACT)
    exact = read_array(narrow, "A")
    assert (exact.dtype, exact.array.dtype.name) == ("bfloat16", "bfloat16")
    assert exact.sha256 == digest(BITS)
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    wide = from_bfloat16_bits(BITS)
    assert wide.dtype == np.float32
    np.testing.assert_array_equal(wide.astype(np.float64), EXACT)


def test_torch_is_never_imported():
    code = (
        "import sys, numpy as np; from matcube.sources.arrays import read_array; read_array(np.ones(2), 'A');"
        "read_array([[1]], 'B'); sys.exit(any(n.split('.')[0] in ('torch', 'jax') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


@pytest.mark.torch
class TestTorch:
    @pytest.fixture
    def torch(self):
        return pytest.importorskip("torch")

    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "uint8", "bool"])
    def test_dtypes(self, torch, dtype):
        result = read_array(torch.ones(2, 3, dtype=getattr(torch, dtype)), "A")
        assert (result.dtype, result.array.dtype.name, result.array.shape) == (dtype, dtype, (2, 3))

    def test_bfloat16(self, torch, monkeypatch):
        x = torch.tensor([[1.0, -2.0, 3.140625]], dtype=torch.bfloat16)
        result = read_array(x, "A")
        assert result.dtype == "bfloat16"
        np.testing.assert_array_equal(result.array.astype(np.float32), x.float().numpy())
        monkeypatch.setitem(sys.modules, "ml_dtypes", None)
        plain = read_array(x, "A")
        assert (plain.dtype, plain.array.dtype.name, plain.sha256) == ("bfloat16", "float32", result.sha256)
        np.testing.assert_array_equal(plain.array, x.float().numpy())

    def test_gradients_views_and_parameters(self, torch):
        x = torch.arange(12.0).reshape(3, 4).requires_grad_()
        np.testing.assert_array_equal(read_array(x, "A").array, A)
        np.testing.assert_array_equal(read_array(x.T[::2], "A").array, A.T[::2])
        np.testing.assert_array_equal(read_array(torch.nn.Parameter(x.detach()), "A").array, A)
        np.testing.assert_array_equal(read_array(x.expand(2, 3, 4), "A").array, np.stack([A, A]))
        result = read_array(x.detach(), "A").array
        x.data[0, 0] = 7
        assert result[0, 0] == 0

    def test_conjugate_and_negative_views(self, torch):
        z = torch.tensor([[1 + 2j, 3 - 4j]])
        np.testing.assert_array_equal(read_array(z.conj().imag, "A").array, [[-2.0, 4.0]])

    def test_sparse_and_float8(self, torch):
        np.testing.assert_array_equal(read_array(torch.eye(3).to_sparse(), "A").array, np.eye(3))
        result = read_array(torch.tensor([[1.5, -2.0]]).to(torch.float8_e4m3fn), "A")
        assert result.dtype == "float8_e4m3fn"
        np.testing.assert_array_equal(result.array, [[1.5, -2.0]])

    def test_refusals(self, torch):
        with pytest.raises(DataError, match="A holds complex numbers"):
            read_array(torch.ones(2, 2, dtype=torch.complex64), "A")
        with pytest.raises(DataError, match="A is on the meta device"):
            read_array(torch.ones(2, 2, device="meta"), "A")
        with pytest.raises(DataError, match="A is a single number"):
            read_array(torch.tensor(1.0), "A")
