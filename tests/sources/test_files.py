"""Files: what is read, what is left alone, and what a hostile file cannot do."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcube.errors import DataError
from matcube.sources.files import FORMATS, Entry, list_file, read, read_all
from matcube.sources.read_csv import parse_csv

A = np.arange(12, dtype=np.float32).reshape(3, 4)


def write_safetensors(path: Path) -> None:
    """A file of one tensor x."""
    header = {"x": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + A.tobytes())


def test_formats_describe_themselves():
    assert set(FORMATS) == {".npy", ".npz", ".csv", ".safetensors", ".safetensors.index.json"}
    assert all(form.help for form in FORMATS.values())


def make(kind: str, folder: Path) -> tuple[Path, str | None]:
    path = folder / f"a{kind}"
    if kind == ".npy":
        np.save(path, A)
    elif kind == ".npz":
        np.savez(path, x=A)
    elif kind == ".csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in A.tolist()))
    else:
        write_safetensors(folder / "a.safetensors")
    if kind == ".safetensors.index.json":
        path.write_text(json.dumps({"weight_map": {"x": "a.safetensors"}}))
    return path, "a" if kind in (".npy", ".csv") else "x"


@pytest.mark.parametrize("kind", FORMATS)
class TestEveryFormat:
    def test_list_read_and_part(self, kind, tmp_path):
        path, name = make(kind, tmp_path)
        (entry,) = list_file(path)
        dtype = "float64" if kind == ".csv" else "float32"
        assert entry == Entry(str(name), (3, 4), dtype, 12 * np.dtype(dtype).itemsize)
        for loaded in (read(path), read(str(path), name), read_all(path)[str(name)]):
            np.testing.assert_array_equal(loaded.array, A)
            assert loaded.dtype == dtype and loaded.array.dtype == dtype and loaded.labels == (None, None)
        np.testing.assert_array_equal(read(path, f"{name}[1:3, :2]").array, A[1:3, :2])
        np.testing.assert_array_equal(read(path, f"{name}[-1:]").array, A[-1:])
        np.testing.assert_array_equal(read(path, f"{name}[1]").array, A[1])
        np.testing.assert_array_equal(read(path, f"{name}[:, 2]").array, A[:, 2])
        assert read(path, f"{name}[2:2]").array.shape == (0, 4)

    @pytest.mark.parametrize(
        ("bounds", "message"),
        [
            ("[0:4]", "0:4 does not lie in 0:3"),
            ("[2:1]", "2:1 does not lie in 0:3"),
            ("[-4:]", "-4: does not lie in 0:3"),
            ("[3]", "there is no place 3 among 3"),
            ("[0, 0, 0]", "has 2 dimensions"),
            ("[0:2:1]", "cannot read the bounds"),
            ("[a]", "cannot read the bounds"),
            ("[]", "cannot read the bounds"),
            ("[0", "is not a name or a name with bounds"),
            ("x", "has no array"),
        ],
    )
    def test_bounds_that_do_not_fit(self, kind, tmp_path, bounds, message):
        path, name = make(kind, tmp_path)
        with pytest.raises(DataError, match=message):
            read(path, f"{name}{bounds}")

    @pytest.mark.parametrize(
        "content", [b"", b"x", b"\x93NUMPY", b"PK\x03\x04", b"\x00" * 200, b"\xff" * 200]
    )
    def test_garbage_is_an_error(self, kind, tmp_path, content):
        path = tmp_path / f"bad{kind}"
        path.write_bytes(content)
        with pytest.raises(DataError):
            read(path)
        with pytest.raises(DataError):
            list_file(path)

    def test_every_truncation_is_an_error(self, kind, tmp_path):
        path, _ = make(kind, tmp_path)
        whole = path.read_bytes()
        if kind == ".csv":
            return  # a shorter text is another table
        for length in range(0, len(whole), 7):
            path.write_bytes(whole[:length])
            with pytest.raises(DataError):
                read(path)

    @settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(place=st.integers(0, 200), byte=st.integers(0, 255))
    def test_a_changed_byte_gives_an_array_or_a_data_error(self, kind, tmp_path, place, byte):
        path, _ = make(kind, tmp_path)
        raw = bytearray(path.read_bytes())
        raw[place % len(raw)] = byte
        path.write_bytes(raw)
        try:
            assert all(isinstance(loaded.array, np.ndarray) for loaded in read_all(path).values())
        except DataError as error:
            assert "a." in error.message


def test_unknown_endings_and_files(tmp_path):
    (tmp_path / "a.xyz").write_bytes(b"what\0")
    with pytest.raises(DataError) as caught:
        read(tmp_path / "a.xyz")
    assert str(caught.value) == (
        "a.xyz has no known ending\n  hint: known: .npy, .npz, .csv, .safetensors, .safetensors.index.json"
    )
    with pytest.raises(DataError, match="there is no file"):
        list_file(tmp_path / "b.npy")


class TestNumpy:
    def test_orders_kinds_and_empty(self, tmp_path):
        for number, array in enumerate(
            [np.asfortranarray(A), A.astype(">f8"), A > 3, A[:0], A[0], A.astype("f2")]
        ):
            np.save(tmp_path / f"{number}.npy", array)
            loaded = read(tmp_path / f"{number}.npy")
            np.testing.assert_array_equal(loaded.array, array)
            assert loaded.dtype == array.dtype.newbyteorder("=").name
            np.testing.assert_array_equal(read(tmp_path / f"{number}.npy", f"{number}[:]").array, array)

    def test_pickles_are_never_loaded(self, tmp_path):
        class Trap:
            def __reduce__(self):
                return (pytest.fail, ("a pickle was loaded",))

        np.save(tmp_path / "o.npy", np.array([Trap()], dtype=object), allow_pickle=True)
        np.savez(tmp_path / "o.npz", x=A, o=np.array([Trap()], dtype=object))
        for path, name in ((tmp_path / "o.npy", "o"), (tmp_path / "o.npz", "o")):
            with pytest.raises(DataError, match="holds object, not numbers"):
                read(path, name)
        assert set(read_all(tmp_path / "o.npz")) == {"x"}
        (tmp_path / "p.npy").write_bytes(pickle.dumps(Trap()))
        with pytest.raises(DataError, match=r"p\.npy is a Python pickle, not a NumPy array"):
            read(tmp_path / "p.npy")

    def test_several_arrays(self, tmp_path):
        path = tmp_path / "m.npz"
        np.savez_compressed(path, x=A, y=A.T, s=np.float64(3), t=np.array(["a"]), z=np.array([1 + 2j]))
        assert [entry.name for entry in list_file(path)] == ["x", "y", "s", "t", "z"]
        assert list(read_all(path)) == ["x", "y"]
        np.testing.assert_array_equal(read(path, "y[:2]").array, A.T[:2])
        with pytest.raises(DataError, match=r"m\.npz holds 5 arrays: say which") as caught:
            read(path)
        assert caught.value.hint == "it has: x, y, s, t, z"
        with pytest.raises(DataError, match=r"t in m\.npz holds str32, not numbers"):
            read(path, "t")

    @pytest.mark.parametrize(
        "shape", ["(-3, 4)", "(10**15,)", "(99999999999, 99999999999)", "(3, 5)", "(True,)"]
    )
    def test_headers_that_lie(self, tmp_path, shape):
        text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
        raw = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + A.tobytes()
        (tmp_path / "h.npy").write_bytes(raw)
        with zipfile.ZipFile(tmp_path / "h.npz", "w") as archive:
            archive.writestr("h.npy", raw)
        for path in (tmp_path / "h.npy", tmp_path / "h.npz"):
            with pytest.raises(DataError, match=r"h in h\.np[yz] (claims|has)"):
                list_file(path)

    def test_a_long_header_is_refused(self, tmp_path):
        text = (b"{'descr': '<f4', 'fortran_order': False, 'shape': (" + b"1," * 20_000 + b"), }").ljust(
            60_000
        ) + b"\n"
        (tmp_path / "h.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text)
        with pytest.raises(DataError, match=r"no \.npy header"):
            list_file(tmp_path / "h.npy")


class TestCsv:
    @pytest.mark.parametrize(
        ("text", "rows", "cols"),
        [
            ("1,2\n3,4", None, None),
            ("1;2\n3;4\n", None, None),
            ("1\t2\r\n3\t4\r\n", None, None),
            ("a,b\n1,2\n3,4", None, ("a", "b")),
            ("x,1,2\ny,3,4", ("x", "y"), None),
            ("who,a,b\nx,1,2\ny,3,4", ("x", "y"), ("a", "b")),
            (",0,1\n0,1,2\n1,3,4", ("0", "1"), ("0", "1")),
            ('"a, b",c\n1,2\n3,4', None, ("a, b", "c")),
            ("\ufeff# note, with, commas\n\n 1 , 2\n\n3,4\n", None, None),
            (" a , b \n1,2\n3,4", None, ("a", "b")),
        ],
    )
    def test_tables(self, tmp_path, text, rows, cols):
        path = tmp_path / "t.csv"
        path.write_bytes(text.encode())
        loaded = read(path)
        np.testing.assert_array_equal(loaded.array, [[1, 2], [3, 4]])
        assert loaded.labels == (rows, cols)

    def test_labels_of_a_part(self, tmp_path):
        path = tmp_path / "t.csv"
        path.write_text("who,a,b\nx,1,2\ny,3,4")
        assert read(path, "t[1:, :]").labels == (("y",), ("a", "b"))
        assert read(path, "t[0]").labels == (("a", "b"),)

    def test_numbers(self):
        array, _ = parse_csv("nan,-inf,INF,+1e-3,.5,5.", "t.csv")
        np.testing.assert_array_equal(array, [[np.nan, -np.inf, np.inf, 1e-3, 0.5, 5]])
        column, labels = parse_csv("v\n1\n2", "t.csv")
        assert column.shape == (2, 1) and labels == (None, ("v",))
        assert parse_csv("\x1c.5,1", "t.csv")[0].tolist() == [[0.5, 1.0]]  # white space that float refuses

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("1,2\n3,x", "t.csv, line 2, column 2: 'x' is not a number"),
            ("1,2\n3,4,5", "t.csv, line 2: 3 cells, and 2 in the first row"),
            ("a,b\nx,1\ny,1_000", "t.csv, line 3, column 2: '1_000' is not a number"),
            ("1,2\n3,0x10", "t.csv, line 2, column 2: '0x10' is not a number"),
            ("", "t.csv holds no table: it is empty"),
            ("# 1,2", "t.csv holds no table: it is empty"),
            ("a,b", "t.csv holds names and no numbers"),
            ("1,2\n3,٤", "t.csv, line 2, column 2: '٤' is not a number"),
        ],
    )
    def test_errors_say_the_line(self, text, message):
        with pytest.raises(DataError) as caught:
            parse_csv(text, "t.csv")
        assert caught.value.message == message

    def test_other_encodings(self, tmp_path):
        (tmp_path / "t.csv").write_bytes("é,b\n1,2".encode("latin-1"))
        with pytest.raises(DataError, match="cannot be read as UTF-8"):
            read(tmp_path / "t.csv")
