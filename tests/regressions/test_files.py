"""Files as they are found: odd types, odd members, and files that are not what their ending says."""

import json
import zipfile

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.cli.main import main
from matcube.engine.bindings import bound_array
from matcube.errors import DataError
from matcube.sources.files import list_file, read, read_all
from tests.regressions.written import run, safetensors

A = np.arange(16, dtype=np.float32).reshape(4, 4)
TOKENS = {"tokens": json.dumps(["a", "b", "c", "d"])}


def f32(rows, cols):
    return "F32", [rows, cols], np.zeros((rows, cols), "<f4").tobytes()


class TestTokens:
    def test_none_where_rows_and_columns_fit(self, tmp_path):
        path = safetensors(tmp_path / "t.safetensors", {"x": f32(4, 4), "W": f32(4, 4)}, TOKENS)
        assert all(loaded.labels == (None, None) for loaded in read_all(path).values())
        assert "--labels NAME.rows=FILE" in list_file(path)[0].note
        assert "matcube.rows.x in the file's metadata" in list_file(path)[0].note

    def test_rows_where_no_matrix_has_as_many_columns(self, tmp_path):
        path = safetensors(
            tmp_path / "t.safetensors", {"x": f32(4, 8), "W": f32(8, 3), "attn": f32(4, 4)}, TOKENS
        )
        tokens = ("a", "b", "c", "d")
        labels = {name: loaded.labels for name, loaded in read_all(path).items()}
        assert labels == {"x": (tokens, None), "W": (None, None), "attn": (tokens, tokens)}
        assert not any(entry.note for entry in list_file(path))

    def test_the_remedy_works(self, tmp_path):
        named = {**TOKENS, "matcube.rows.x": TOKENS["tokens"]}
        path = safetensors(tmp_path / "t.safetensors", {"x": f32(4, 4), "W": f32(4, 4)}, named)
        assert read(path, "x").labels == (("a", "b", "c", "d"), None) and read(path, "W").labels == (
            None,
            None,
        )

    def test_a_weight_of_attention_is_no_map_of_tokens(self, tmp_path):
        tensors = {"h.0.attn.c_attn.weight": f32(4, 4), "x": f32(4, 8), "attn": f32(4, 4)}
        path = safetensors(tmp_path / "t.safetensors", tensors, TOKENS)
        assert all(loaded.labels == (None, None) for loaded in read_all(path).values())
        assert all(entry.note for entry in list_file(path))


class TestSafetensors:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("F8_E8M0", "float8_e8m0fnu"),
            ("F8_E4M3FNUZ", "float8_e4m3fnuz"),
            ("F8_E5M2FNUZ", "float8_e5m2fnuz"),
        ],
    )
    def test_modern_types_are_decoded(self, tmp_path, code, kind):
        bits = np.array([[1, 60], [100, 130]], np.uint8)
        path = safetensors(tmp_path / "m.safetensors", {"s": (code, [2, 2], bits.tobytes()), "x": f32(2, 3)})
        assert [entry.dtype for entry in list_file(path)] == [kind, "float32"]
        expected = bits.view(getattr(ml_dtypes, kind)).astype(np.float64)
        np.testing.assert_array_equal(read(path, "s").array.astype(np.float64), expected)
        np.testing.assert_array_equal(
            mc.figure("s @ x", s=read(path, "s").array, x=A[:2]).value("s"), expected
        )

    def test_two_cells_in_a_byte(self, tmp_path):
        path = safetensors(tmp_path / "m.safetensors", {"w": ("F4", [1, 4], bytes([0x21, 0x9F]))})
        expected = np.array([[1, 2, 15, 9]], np.uint8).view(ml_dtypes.float4_e2m1fn).astype(float)
        np.testing.assert_array_equal(read(path, "w").array.astype(float), expected)

    @settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(rows=st.integers(0, 3), cols=st.integers(0, 5), ends=st.tuples(*[st.integers(0, 5)] * 2))
    def test_parts_of_two_cells_in_a_byte(self, tmp_path, rows, cols, ends):
        cells = np.arange(rows * cols) % 16
        padded = np.append(cells, 0) if cells.size % 2 else cells
        raw = (padded[0::2] | padded[1::2] << 4).astype(np.uint8).tobytes()
        path = safetensors(tmp_path / "m.safetensors", {"w": ("F4", [rows, cols], raw)})
        whole = cells.reshape(rows, cols).astype(np.uint8).view(ml_dtypes.float4_e2m1fn).astype(float)
        np.testing.assert_array_equal(read(path, "w").array, whole)
        start, stop = sorted(min(end, cols) for end in ends)
        np.testing.assert_array_equal(read(path, f"w[:, {start}:{stop}]").array, whole[:, start:stop])

    def test_a_file_that_is_cut_short(self, tmp_path):
        path = safetensors(tmp_path / "m.safetensors", {"x": ("F32", [4, 4], A.tobytes())})
        path.write_bytes(path.read_bytes()[:-8])
        with pytest.raises(DataError, match="it is cut short: x ends after") as caught:
            list_file(path)
        assert caught.value.hint == "save or download it again"

    def test_a_tensor_that_its_index_does_not_name_is_listed(self, tmp_path):
        safetensors(tmp_path / "m-0.safetensors", {"x": f32(1, 2), "more": f32(2, 2)})
        index = tmp_path / "m.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": {"x": "m-0.safetensors"}}))
        assert [entry.name for entry in list_file(index)] == ["x", "more"]
        assert read(index, "more").array.shape == (2, 2)

    @pytest.mark.parametrize("code", ["F6_E2M3", "F6_E3M2", "C64", "F2_NEW"])
    def test_others_are_listed_and_left_out_by_name(self, tmp_path, code):
        raw = bytes(6 if code.startswith("F6") else 64)
        path = safetensors(
            tmp_path / "m.safetensors", {"w": (code, [2, 4], raw), "x": ("F32", [4, 4], A.tobytes())}
        )
        assert [entry.name for entry in list_file(path)] == ["w", "x"]
        np.testing.assert_array_equal(read_all(path)["x"].array, A)
        with pytest.raises(DataError, match=r"w in m\.safetensors holds .*, not numbers"):
            read(path, "w")

    def test_a_long_header(self, tmp_path):
        metadata = {"note": "x" * (40 << 20)}
        path = safetensors(tmp_path / "m.safetensors", {"x": ("F32", [4, 4], A.tobytes())}, metadata)
        np.testing.assert_array_equal(read(path, "x").array, A)

    def test_a_shape_without_cells_and_without_end(self, tmp_path):
        path = safetensors(tmp_path / "m.safetensors", {"x": ("F32", [0, 4611686018427387903], b"")})
        with pytest.raises(DataError, match="has no proper shape"):
            read(path, "x")

    def test_an_index_opens_its_shards(self, tmp_path):
        for shard, name in enumerate("xy"):
            safetensors(
                tmp_path / f"model-{shard}.safetensors", {name: ("F32", [4, 4], (A + shard).tobytes())}
            )
        index = tmp_path / "model.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": {"x": "model-0.safetensors", "y": "model-1.safetensors"}}))
        assert [entry.name for entry in list_file(index)] == ["x", "y"]
        np.testing.assert_array_equal(read(index, "y[1:2]").array, A[1:2] + 1)

    @pytest.mark.parametrize("file", ["../m.safetensors", "gone.safetensors", "/etc/passwd"])
    def test_an_index_reads_no_file_elsewhere(self, tmp_path, file):
        index = tmp_path / "model.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": {"x": file}}))
        with pytest.raises(DataError, match="which is not beside it"):
            read(index, "x")


class TestNumpy:
    def test_header_3_0(self, tmp_path):
        with (tmp_path / "a.npy").open("wb") as file:
            np.lib.format.write_array(file, A, version=(3, 0))
        np.testing.assert_array_equal(read(tmp_path / "a.npy").array, A)
        np.save(tmp_path / "r.npy", np.zeros(3, dtype=[("größe", "f4")]))
        with pytest.raises(DataError, match="not numbers"):
            read(tmp_path / "r.npy")

    def test_bfloat16_without_its_type_is_named(self, tmp_path):
        np.save(tmp_path / "b.npy", A.astype(ml_dtypes.bfloat16))
        with pytest.raises(DataError, match="as NumPy saves bfloat16") as caught:
            read(tmp_path / "b.npy")
        run(caught.value.hint)
        np.testing.assert_array_equal(read(tmp_path / "b_numbers.npy").array, A)

    def test_a_member_without_a_name(self, tmp_path):
        np.savez(tmp_path / "e.npz", x=A, q=A)
        raw = (tmp_path / "e.npz").read_bytes()
        place = raw.rindex(b"q.npy")  # in the directory: a name of no length, and a comment in its place
        fields = place - 46 + 28
        raw = raw[:fields] + bytes([0, 0, 0, 0, 5, 0]) + raw[fields + 6 :]
        (tmp_path / "e.npz").write_bytes(raw)
        assert [(entry.name, entry.dtype) for entry in list_file(tmp_path / "e.npz")] == [
            ("x", "float32"), ("", "unreadable"),
        ]  # fmt: skip
        np.testing.assert_array_equal(read(tmp_path / "e.npz", "x").array, A)

    def test_a_twin_is_named(self, tmp_path):
        np.save(tmp_path / "x.npy", A + 1)
        np.savez(tmp_path / "t.npz", x=A)
        with (
            zipfile.ZipFile(tmp_path / "t.npz", "a") as archive,
            pytest.warns(UserWarning, match="Duplicate"),
        ):
            archive.write(tmp_path / "x.npy", "x.npy")
        (entry,) = list_file(tmp_path / "t.npz")
        assert entry.note == "1 member of the same name as another is left out: the last of a name is read"
        np.testing.assert_array_equal(read(tmp_path / "t.npz").array, A + 1)

    def test_records_have_a_line_that_takes_a_field(self, tmp_path):
        np.savez(tmp_path / "r.npz", r=np.array([(1.5, 2)], dtype=[("größe", "f4"), ("n", "i4")]))
        with pytest.raises(DataError, match="records of größe, n") as caught:
            read(tmp_path / "r.npz")
        run(caught.value.hint)
        assert read(tmp_path / "r_numbers.npy").array.tolist() == [1.5]

    def test_odd_members_are_listed_with_the_reason(self, tmp_path):
        path = tmp_path / "m.npz"
        np.savez(path, x=A)
        np.save(tmp_path / "a.npy", A + 1)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("readme.txt", "hello")
            archive.writestr("bad.npy", b"\x93NUMPY\x01\x00")
            archive.writestr("plain", (tmp_path / "a.npy").read_bytes())
        notes = {entry.name: entry.note for entry in list_file(path)}
        assert (
            notes["x"] == "" and notes["readme.txt"] == "no NumPy array" and "no .npy header" in notes["bad"]
        )
        np.testing.assert_array_equal(read_all(path)["x"].array, A)
        np.testing.assert_array_equal(read_all(path)["plain"].array, A + 1)
        with pytest.raises(DataError, match=r"bad in m\.npz holds unreadable"):
            read(path, "bad")


SMALL = [
    "bfloat16",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e8m0fnu",
    "float4_e2m1fn",
    "int4",
]


@pytest.mark.parametrize("name", SMALL)
def test_small_types_in_memory(name):
    array = np.array([[1, 2], [4, 0.5 if "float" in name else 3]]).astype(getattr(ml_dtypes, name))
    figure = mc.figure("A @ B", A=array, B=np.eye(2))
    np.testing.assert_array_equal(figure.value(), array.astype(np.float64))


@pytest.mark.parametrize(
    "name", ["bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e8m0fnu"]
)
def test_small_types_of_torch(name):
    tensor = torch.tensor([[1.0, 2.0], [4.0, 0.5]]).to(getattr(torch, name))
    np.testing.assert_array_equal(mc.figure("A @ B", A=tensor, B=np.eye(2)).value(), tensor.float().numpy())


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("int4", [[7, 8], [15, 255]], [[7, -8], [-1, -1]]),
        ("uint4", [[7, 8], [15, 0]], [[7, 8], [15, 0]]),
        ("int1", [[0, 1]], [[0, -1]]),
        ("float4_e2m1fn_x2", [[0x21], [0xF7]], [[0.5, 1], [6, -6]]),
    ],
)
def test_numbers_of_less_than_a_byte_of_torch(name, cells, expected):
    tensor = torch.tensor(cells, dtype=torch.uint8).view(getattr(torch, name))
    np.testing.assert_array_equal(mc.figure("A", A=tensor).value(), expected)


def test_two_numbers_in_a_byte_of_torch_are_refused_with_a_remedy():
    tensor = torch.tensor([[0x21]], dtype=torch.uint8).view(torch.int4)
    with pytest.raises(DataError, match="more than one number each") as caught:
        mc.figure("A", A=tensor)
    assert caught.value.hint == "give the bytes: a.view(torch.uint8)"
    assert mc.figure("A", A=tensor.view(torch.uint8)).value().tolist() == [[0x21]]


@pytest.mark.parametrize(("kind", "size"), [("bfloat16", 2), ("float8_e4m3fn", 1), ("float32", 4)])
def test_cells_without_a_type_in_memory_are_named(kind, size):
    typed = A.astype(getattr(ml_dtypes, kind, kind))
    with pytest.raises(DataError, match=f"cells of {size} byte") as caught:
        mc.figure("A", A=typed.view(f"V{size}"))
    *imports, view = str(caught.value.hint).split(": ")[-1].split("; ")
    assert imports == ["import ml_dtypes"] * (size < 4)
    assert view == (f"a.view(ml_dtypes.{kind})" if size < 4 else 'a.view("f4")')


def test_labels_of_a_tensor_that_is_missing_are_noticed(tmp_path, capsys):
    rows = json.dumps(["a", "b"])
    path = safetensors(
        tmp_path / "x.safetensors",
        {"x": ("F32", [2, 2], np.eye(2, dtype="f4").tobytes())},
        {"matcube.rows.y": rows, "labels.z.cols": rows, "matcube.rows.x": rows},
    )
    (entry,) = list_file(path)
    assert entry.note == "the file's labels name no tensor: y, z"
    with pytest.raises(SystemExit) as ended:
        main(["save", "x", "--data", str(path), str(tmp_path / "a.json")])
    assert ended.value.code == 0
    assert "the file's labels name no tensor: y, z" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("float8_e4m3fn", "F8_E4M3"),
        ("float8_e5m2", "F8_E5M2"),
        ("float8_e4m3fnuz", "F8_E4M3FNUZ"),
        ("bfloat16", "BF16"),
    ],
)
def test_a_small_tensor_of_torch_has_the_hash_of_its_file(tmp_path, dtype, name):
    tensor = torch.arange(6, dtype=torch.float32).reshape(2, 3).to(getattr(torch, dtype))
    raw = tensor.view(torch.uint8).numpy().tobytes()
    path = safetensors(tmp_path / "x.safetensors", {"x": (name, [2, 3], raw)})
    here, there = bound_array("x", tensor), bound_array("x", read(path, "x"))
    assert here.ref == there.ref
    assert here.array.astype(np.float32).tolist() == tensor.float().tolist()
