"""Files as they are found, on the command line: what is left out is said, and long texts are no paths."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.regressions.written import run, safetensors

pytestmark = pytest.mark.usefixtures("files")

SPEC = "A=gaussian(3,3)"
LONG = "é" * 200  # more bytes than a file name may have


def model(folder: Path) -> None:
    """Two shards, their index, and what lies beside them."""
    folder.mkdir()
    for number, name in enumerate("xy"):
        safetensors(
            folder / f"m-{number}.safetensors", {name: ("F32", [2, 2], np.eye(2, dtype="f4").tobytes())}
        )
    places = {"weight_map": {"x": "m-0.safetensors", "y": "m-1.safetensors"}}
    (folder / "m.safetensors.index.json").write_text(json.dumps(places))
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"x")


def test_a_folder_opens_its_index_and_says_what_it_leaves_out(command):
    model(Path("hf"))
    ended = command("save", "x @ y", "--data", "hf", "o.json")
    assert ended.code == 0 and "note: hf: left out pytorch_model.bin (a PyTorch checkpoint)" in ended.err
    ended = command("ls", "hf", "--json")
    (file,) = json.loads(ended.out)["files"]
    assert [array["name"] for array in file["arrays"]] == ["x", "y"]
    assert command("save", "x", "--data", "x=hf/m.safetensors.index.json:y[0:1]", "o.json").code == 0


def test_a_folder_without_data_that_is_read(command):
    Path("z").mkdir()
    (Path("z") / "w.gguf").write_bytes(b"GGUF" + bytes(60))
    ended = command("ls", "z")
    assert ended.code == 1 and "z holds no data that is read: w.gguf is a GGUF model" in ended.err
    assert "python -c" in ended.err


def test_what_is_left_out_is_said_by_name_and_reason(command):
    np.savez("m.npz", x=np.eye(2), t=np.array("no"), u=np.array("no"), v=np.zeros((2, 2), "V2"))
    ended = command("save", "x @ x", "--data", "m.npz", "o.json")
    assert ended.err.count("left out t, u (holds str64, not numbers)") == 1
    assert ended.err.count("left out v (holds void16, not numbers: 16 bits without a type") == 1
    listed = command("ls", "m.npz").out
    assert "void16" in listed and "left out\n  16 bits without a type" in listed
    assert "python -c 'import numpy as np, ml_dtypes" in listed


def test_what_was_taken_for_names_is_said(command):
    Path("t.csv").write_text("# made\n,a,b\nx,1,NA\n\n,,\nz,3,4\n")
    ended = command("save", "t", "--data", "t.csv", "o.json")
    for remark in (
        "names of columns from the first row: a, b",
        "3 gaps are NaN, the first in line 3, column 3",
        "comments before the table, left out: 1 line",
        "blank, left out: 1 line",
    ):
        assert remark in ended.err and f"  {remark}\n" in command("ls", "t.csv").out


def test_a_remedy_of_another_format_runs(command):
    Path("A.npy").rename("e.csv")
    ended = command("ls", "e.csv")
    assert "e.csv is a NumPy array, not text\n  hint: give it as npy:e.csv" in ended.err
    assert command("ls", "npy:e.csv").out.startswith("e ")
    ended = command("ls", "csv:head.npz")
    assert "head.npz is an .npz file, not text\n  hint: give it as npz:head.npz" in ended.err


def test_the_line_that_converts_reaches_the_reader_whole(command):
    from PIL import Image

    Image.new("L", (3, 2), 7).save("i.png")
    ended = command("ls", "i.png")
    assert "is an image, which is not read" in ended.err
    run(ended.err.strip())
    assert "2 × 3" in command("ls", "i.npy").out


@pytest.mark.parametrize(
    "arguments",
    [("ls", LONG), ("ls", f"{LONG}.npz"), ("save", "A", "--data", f"A={LONG}.csv", "o.json"),
     ("save", "A", "--let", SPEC, f"{LONG}.json"), ("open", LONG), ("save", f"@{LONG}", "o.json")],
)  # fmt: skip
def test_texts_too_long_for_a_file_name(command, arguments):
    ended = command(*arguments)
    assert ended.code == 1 and ended.err.startswith("DataError: ")


class TestLabels:
    def saved(self, command, labels):
        return command("save", "A", "--let", SPEC, "--labels", f"A.rows={labels}", "o.json")

    def test_long_labels_written_out(self, command):
        assert self.saved(command, ",".join(f"{LONG}{n}" for n in range(3))).code == 0

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_encodings(self, command, encoding):
        Path("l.txt").write_bytes("é\r\nb\r\nc\r\n".encode(encoding))
        assert self.saved(command, "l.txt").code == 0
        labels = json.loads(Path("o.json").read_bytes())["view"]["labels"]
        assert labels == {"A.rows": ["é", "b", "c"]}

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            (
                "l.txt",
                "é\nb".encode("latin-1"),
                "hint: save it as UTF-8: iconv -f latin1 -t utf-8 l.txt > utf8.txt",
            ),
            ("l.json", b'["a", ["b"]]', "l.json: place 1 of the list is list, not a name"),
            ("l.json", b"[" * 100_000, "l.json is no JSON"),
            ("l.json", b'{"a": 1}', "l.json is not a JSON list"),
        ],
    )
    def test_what_is_no_list_of_names(self, command, name, content, says):
        Path(name).write_bytes(content)
        ended = self.saved(command, name)
        assert ended.code == 1 and says in ended.err
