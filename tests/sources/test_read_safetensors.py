"""Safetensors files by our own reader: equal to the package's, and proof against hostile headers."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from matcube.errors import DataError
from matcube.sources import read_safetensors as reader
from matcube.sources.files import Entry, list_file, read, read_all

A = np.arange(12, dtype=np.float32).reshape(3, 4)


def write_safetensors(path: Path, tensors: dict, metadata: dict | None = None) -> Path:
    """A file by the format's description, from (dtype text, array) pairs."""
    header: dict = {} if metadata is None else {"__metadata__": metadata}
    body = b""
    for name, (dtype, array) in tensors.items():
        raw = array.tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    return write_raw(path, header, body)


def write_raw(path: Path, header, body: bytes = b"") -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


class TestSafetensors:
    def test_equals_the_packages_reader(self, tmp_path):
        package = pytest.importorskip("safetensors.numpy")
        rng = np.random.default_rng(0)
        kinds = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
        tensors = {f"t.{kind}": (rng.normal(size=(3, 5)) * 9).astype(kind) for kind in kinds}
        tensors["empty"] = np.zeros((0, 4), dtype=np.float32)
        package.save_file(tensors, tmp_path / "a.safetensors", metadata={"note": "x"})
        result = read_all(tmp_path / "a.safetensors")
        assert set(result) == set(tensors)
        for name, loaded in result.items():
            np.testing.assert_array_equal(loaded.array, tensors[name])
            assert loaded.dtype == loaded.array.dtype.name == tensors[name].dtype.name
        sizes = {entry.name: entry.bytes for entry in list_file(tmp_path / "a.safetensors")}
        assert sizes == {name: entry.nbytes for name, entry in tensors.items()}

    def test_bfloat16_and_float8(self, tmp_path, monkeypatch):
        bits = np.array([[0x3F80, 0xC000]], dtype="<u2")
        path = write_safetensors(
            tmp_path / "b.safetensors", {"b": ("BF16", bits), "f": ("F8_E4M3", np.array([0x38], dtype="u1"))}
        )
        pytest.importorskip("ml_dtypes")
        assert read(path, "b").array.dtype.name == "bfloat16"
        assert read(path, "f").array.astype(float).tolist() == [1.0]
        monkeypatch.setitem(sys.modules, "ml_dtypes", None)
        plain = read(path, "b")
        assert (plain.dtype, plain.array.dtype.name, plain.array.tolist()) == (
            "bfloat16",
            "float32",
            [[1.0, -2.0]],
        )
        with pytest.raises(
            DataError, match=r"f in b\.safetensors is float8_e4m3fn, which needs the package ml-dtypes"
        ) as caught:
            read(path, "f")
        assert caught.value.hint == "pip install ml-dtypes"

    def test_only_the_part_is_read(self, tmp_path, monkeypatch):
        path = write_safetensors(
            tmp_path / "big.safetensors", {"a": ("F32", A), "x": ("F32", np.tile(A, (400, 1)))}
        )
        taken: list[int] = []

        class Watched(np.memmap):
            def __array_finalize__(self, obj):
                super().__array_finalize__(obj)
                taken.append(self.nbytes if isinstance(self.base, np.memmap) else 0)

        monkeypatch.setattr(np, "memmap", Watched)
        np.testing.assert_array_equal(read(path, "x[600:602, 1:3]").array, np.tile(A, (400, 1))[600:602, 1:3])
        assert max(taken) <= 16

    def test_an_unaligned_tensor(self, tmp_path):
        odd = np.array([1, 2, 3], dtype="u1")
        path = write_safetensors(tmp_path / "u.safetensors", {"odd": ("U8", odd), "x": ("F32", A)})
        np.testing.assert_array_equal(read(path, "x").array, A)
        np.testing.assert_array_equal(read(path, "x[1:]").array, A[1:])

    def test_labels(self, tmp_path):
        metadata = {
            "matcube.rows.x": '["a", "b", "c"]',
            "labels.x.cols": '["p", "q", "r", "s"]',
            "tokens": '["t0", "t1", "t2"]',
        }
        square = np.eye(3, dtype=np.float32)
        tensors = {
            "x": ("F32", A),
            "y": ("F32", A),
            "attn": ("F32", square),
            "v": ("F32", A[0]),
        }
        path = write_safetensors(tmp_path / "l.safetensors", tensors, metadata)
        labels = {name: loaded.labels for name, loaded in read_all(path).items()}
        tokens = ("t0", "t1", "t2")
        assert labels["x"] == (("a", "b", "c"), ("p", "q", "r", "s"))
        assert labels["y"] == (tokens, None)
        assert labels["attn"] == (tokens, tokens)
        assert labels["v"] == (None,)
        assert read(path, "x[1:, 2]").labels == (("b", "c"),)

    @pytest.mark.parametrize(
        ("metadata", "message"),
        [
            ({"matcube.rows.x": '["a"]'}, "matcube.rows.x has 1 names, and x 3 rows"),
            ({"matcube.cols.x": "[1, 2, 3, 4]"}, "matcube.cols.x are not a JSON list of texts"),
            ({"matcube.cols.x": "["}, "matcube.cols.x are not a JSON list of texts"),
        ],
    )
    def test_labels_that_do_not_fit(self, tmp_path, metadata, message):
        path = write_safetensors(tmp_path / "l.safetensors", {"x": ("F32", A)}, metadata)
        with pytest.raises(DataError, match=message):
            read(path)

    def test_other_peoples_tokens_are_left_alone(self, tmp_path):
        path = write_safetensors(tmp_path / "l.safetensors", {"x": ("F32", A)}, {"tokens": "512"})
        assert read(path).labels == (None, None)

    RAW = A.tobytes()

    @pytest.mark.parametrize(
        ("claim", "message"),
        [
            ({"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 44]}, "takes 48 B"),
            (
                {"dtype": "F32", "shape": [3, 5], "data_offsets": [0, 60]},
                "cut short: x ends after 133 B, and the file after 121 B",
            ),
            ({"dtype": "F32", "shape": [-3, -4], "data_offsets": [0, 48]}, "no proper shape"),
            ({"dtype": "F32", "shape": [True, 12], "data_offsets": [0, 48]}, "no proper shape"),
            ({"dtype": "F32", "shape": [3.0, 4], "data_offsets": [0, 48]}, "no proper shape"),
            ({"dtype": "F32", "shape": "34", "data_offsets": [0, 48]}, "no proper shape"),
            ({"dtype": "F32", "shape": [1] * 33, "data_offsets": [0, 4]}, "no proper shape"),
            ({"dtype": "F32", "shape": [2**61, 2**61], "data_offsets": [0, 48]}, "no proper shape"),
            ({"dtype": "F32", "shape": [3, 4], "data_offsets": [-48, 0]}, "no proper offsets"),
            ({"dtype": "F32", "shape": [3, 4], "data_offsets": [48, 0]}, "offsets are 48 to 0 of 48"),
            ({"dtype": "F32", "shape": [3, 4], "data_offsets": [0]}, "no proper offsets"),
            ({"dtype": "F32", "shape": [3, 4]}, "no proper offsets"),
            ({"dtype": "C64", "shape": [3, 2], "data_offsets": [0, 47]}, "takes 48 B"),
            ({"dtype": ["F32"], "shape": [3, 4], "data_offsets": [0, 48]}, "no proper dtype"),
            (
                {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]},
                "16 bytes at its end belong to no",
            ),
            ({"dtype": "F32", "shape": [2, 4], "data_offsets": [16, 48]}, "leaves a gap"),
            ([], "not described by an object"),
        ],
    )
    def test_claims_that_lie(self, tmp_path, claim, message):
        path = write_raw(tmp_path / "h.safetensors", {"x": claim}, self.RAW)
        for use in (list_file, read, read_all):
            with pytest.raises(DataError, match=message):
                use(path)

    def test_shared_bytes(self, tmp_path):
        first = {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}
        second = {"dtype": "F32", "shape": [2], "data_offsets": [40, 48]}
        path = write_raw(tmp_path / "h.safetensors", {"x": first, "y": second}, self.RAW)
        with pytest.raises(DataError, match="y shares bytes"):
            list_file(path)

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (struct.pack("<Q", 2**63) + b"{}", "it does not begin with a header"),
            (struct.pack("<Q", 100) + b"{}", "it is cut short: its header takes 100 B, and the file 10 B"),
            (b"\x00\x00", "it does not begin with a header"),
            (struct.pack("<Q", 2) + b"[]", "not a JSON object"),
            (struct.pack("<Q", 2) + b"\xff\xff", "not JSON"),
            (struct.pack("<Q", 100_000) + b"[" * 100_000, "not JSON"),
            (struct.pack("<Q", 5014) + b'{"x":{"a":' + b"9" * 5000 + b"}}  ", "not JSON"),
        ],
    )
    def test_headers_that_are_none(self, tmp_path, raw, message):
        path = tmp_path / "h.safetensors"
        path.write_bytes(raw)
        with pytest.raises(DataError, match=message):
            list_file(path)

    def test_twins_and_metadata(self, tmp_path):
        claim = json.dumps({"dtype": "U8", "shape": [1], "data_offsets": [0, 1]})
        twins = write_raw(tmp_path / "t.safetensors", f'{{"x": {claim}, "x": {claim}}}'.encode(), b"1")
        with pytest.raises(DataError, match="a name occurs twice"):
            list_file(twins)
        wrong: list[object] = [[], {"a": 1}, "x"]
        for metadata in wrong:
            path = write_raw(tmp_path / "m.safetensors", {"__metadata__": metadata})
            with pytest.raises(DataError, match="metadata are not texts"):
                list_file(path)

    def test_a_header_over_the_limit(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reader, "MAX_HEADER", 10)
        path = write_safetensors(tmp_path / "h.safetensors", {"x": ("F32", A)})
        with pytest.raises(DataError, match="does not begin with a header"):
            list_file(path)

    def test_listing_reads_the_header_alone(self, tmp_path):
        path = write_safetensors(tmp_path / "x.safetensors", {"x": ("F32", A)})
        length = path.stat().st_size
        with path.open("r+b") as file:  # a hole where 40 GB of values would be
            header = {"x": {"dtype": "F32", "shape": [10**10], "data_offsets": [0, 4 * 10**10]}}
            text = json.dumps(header).encode()
            file.write(struct.pack("<Q", len(text)) + text)
            file.truncate(8 + len(text) + 4 * 10**10)
        assert length < 1000
        assert list_file(path) == (Entry("x", (10**10,), "float32", 4 * 10**10),)
        assert read(path, "x[5000000000:5000000003]").array.tolist() == [0, 0, 0]
