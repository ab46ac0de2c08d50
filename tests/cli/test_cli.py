"""The command line: what it writes, what it says, and how it refuses."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube.api import demo
from matcube.cli import figures, progress
from matcube.cli import main as cli
from matcube.outputs import server
from matcube.outputs.html import scene_in
from matcube.wire import Head
from matcube.wire.container import decode

PROGRAM = "softmax(tril(Q @ K.T / sqrt(d))) @ V"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with files as a newcomer has them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    head = {name: rng.normal(size=(6, 4)).astype("f4") for name in "QKV"}
    np.savez("head.npz", **head)  # type: ignore[arg-type]
    np.save("my-matrix.npy", np.eye(4))
    np.savez("twins.npz", **{"a.b": np.eye(2), "a_b": np.eye(2)})  # type: ignore[arg-type]
    odd = {
        "d": np.array(4),
        "bad": np.array(np.nan),
        "class": np.eye(2),
        "s.d": np.array(2.5),
        "t": np.array("no"),
    }
    np.savez("odd.npz", **odd)  # type: ignore[arg-type]
    Path("table.csv").write_text("1,2\n3,4\n")
    Path("tokens.txt").write_text("the\n cat\n sat\n on\n a\n mat\n")
    Path("tokens.json").write_text('["the", " cat", " sat", " on", " a", " mat"]')
    return tmp_path


@pytest.fixture
def served(monkeypatch):
    """Catches what would be served, and does what is done meanwhile."""
    calls: list[dict] = []

    def serve(source, *, meanwhile=None, **options):
        calls.append({"source": source, **options})
        if meanwhile is not None:
            meanwhile()

    monkeypatch.setattr(server, "serve", serve)
    return calls


class Ended:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def run(capsys, *arguments: str) -> Ended:
    """Run the command as the console script does."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return Ended(code, out, err)


def refused(capsys, *arguments: str) -> str:
    """The one block of text that a refusal is: 1 for programs and data, 2 for usage."""
    ended = run(capsys, *arguments)
    is_usage = ended.err.startswith(("Usage: ", "OptionError: "))
    assert ended.code == (2 if is_usage else 1)
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert len(ended.err.splitlines()) <= 6
    return ended.err


# --- save --------------------------------------------------------------------------------------------


def test_save_by_ending_several_at_once(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_SECS", 600)
    ended = run(capsys, "save", PROGRAM, "--data", "head.npz", "--let", "d=4", "a.html", "a.png", "a.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "wrote a.html\nwrote a.png\nwrote a.json\n"
    assert Path("a.html").read_text().startswith("<!doctype html>")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert msgspec.json.decode(Path("a.json").read_bytes(), type=Head).view.program == PROGRAM


def saved_view(*arguments):
    cli.cli.main(["save", *arguments, "out.json"], standalone_mode=False)
    return msgspec.json.decode(Path("out.json").read_bytes(), type=Head)


def test_options_reach_the_view():
    head = saved_view(
        "A @ B", "--let", "A=eye(4,4)", "--let", "B=ones(4,3)", "--layout", "wheel", "--gap", "3",
        "--sheets", "--theme", "light", "--palette", "grey", "--sensitivity", "global",
    )  # fmt: skip
    view = head.view
    assert view.leaves == {"A": "eye(4,4)", "B": "ones(4,3)"}
    assert (view.layout.scheme, view.layout.gap, view.layout.sheets) == ("wheel", 3, "open")
    assert (view.style.theme, view.style.palette, view.style.sensitivity) == ("light", "grey", "global")


@pytest.mark.parametrize("given", ["tokens.txt", "tokens.json", "the, cat, sat, on, a, mat"])
def test_labels_from_a_file_or_written_out(given):
    head = saved_view("Q @ K.T", "--data", "head.npz", "--labels", f"Q.rows={given}")
    assert ["the", " cat", " sat", " on", " a", " mat"] in [axis.labels for axis in head.axes]


@pytest.mark.parametrize(
    ("data", "program", "name"),
    [
        (["head.npz"], "Q @ K.T", "Q"),
        (["my-matrix.npy"], "my_matrix @ my_matrix", "my_matrix"),
        (["A=my-matrix.npy"], "A @ A", "A"),
        (["table.csv"], "table @ table", "table"),
        (["A=head.npz:Q"], "A @ A.T", "A"),
        (["A=head.npz:Q[0:2, 1:3]"], "A @ A", "A"),
        (["x=head.npz:Q", "head.npz"], "x @ K.T", "x"),
    ],
)
def test_data_by_name(data, program, name):
    head = saved_view(program, *[word for one in data for word in ("--data", one)])
    ref = head.view.data[name]
    assert ref.file == Path(data[0].partition("=")[2].partition(":")[0] or data[0]).name
    if "[" in data[0]:
        assert ref.shape == (2, 2)


def test_no_folder_of_this_machine_is_in_a_link(folder):
    head = saved_view("Q @ K.T", "--data", str(folder / "head.npz"))
    assert head.view.data["Q"].file == "head.npz"


def test_only_what_a_program_names_is_read(monkeypatch):
    from matcube.sources import files

    read = []
    original = files.read
    monkeypatch.setattr(files, "read", lambda path, name=None: read.append(name) or original(path, name))  # type: ignore[func-returns-value]
    saved_view("Q @ K.T", "--data", "head.npz")
    assert sorted(read) == ["K", "Q"]


def test_a_program_that_begins_with_a_minus(capsys):
    assert run(capsys, "save", "--let", "A=eye(2,2)", "--", "-A @ A", "a.json").code == 0
    text = refused(capsys, "save", "-A @ A", "--let", "A=eye(2,2)", "a.json")
    assert """goes last, after "--": matcube save -- '-A @ B' o.png""" in text
    assert "matcube show -- '-A @ B'" in refused(capsys, "show", "-A @ A", "--let", "A=eye(2,2)")


def test_size_and_scale(capsys):
    from PIL import Image

    assert (
        run(capsys, "save", "A @ A", "--let", "A=eye(2,2)", "a.png", "--size", "200x100", "--scale", "2").code
        == 0
    )
    with Image.open("a.png") as picture:
        assert picture.size == (400, 200)


# --- refusals ----------------------------------------------------------------------------------------

EYE = ("--let", "A=eye(4,4)")
REFUSALS = [
    (["A @@ A", *EYE], ["ProgramError", "A @@ A\n", "^"]),
    (["softmax(trill(A))", *EYE], ["did you mean tril?", "\n          ^^^^^\n"]),
    (["A @ Q", *EYE, "--data", "head.npz"], ["k is 4 in A (4 × 4) but 6 in Q (6 × 4); did you mean Q.T?"]),
    (["A @ q", "--data", "head.npz", *EYE], ['nothing is named "q"; did you mean Q?']),
    (["", *EYE], ["the program is empty"]),
    (["A @ A", "--let", "A"], ['--let "A" cannot be read', "--let 'A=gaussian(64,16)'"]),
    (["A @ A", "--let", "A="], ['--let "A=" cannot be read']),
    (["A @ A", "--let", "A=gausian(4,4)"], ["A: the language has no function gausian; did you mean"]),
    (["A @ A", "--let", "A=gaussian(-1,3)"], ["A: gaussian takes sizes"]),
    (["A @ A", "--let", "2A=eye(4,4)"], ['"2A" cannot be a name']),
    (["A @ A", "--let", "A=gaussian(90000,90000)"], ["more than 268,435,456 cells", "shape(90000, 90000)"]),
    (["A @ A", "--data", "none.npz"], ["there is no file none.npz"]),
    (["A @ A", "--data", "tokens.txt"], ["has no known ending, and is text", "give it as csv:tokens.txt"]),
    (["A @ A", "--data", "A=head.npz"], ["say which: A=head.npz:NAME", "it has: Q, K, V"]),
    (["A @ A", "--data", "A=head.npz:X"], ["has no array 'X'"]),
    (["Q @ Q.T", "--data", "head.npz", "--data", "head.npz"], ["two arrays are named Q"]),
    (["A @ A", *EYE, "--labels", "A.rows=a,b"], ["A has 4 rows, and 2 labels for them"]),
    (["A @ A", *EYE, "--labels", "A.rows=a"], ["A has 4 rows, and 1 label for them"]),
    (["A @ B", *EYE, "--let", "B=eye(4,1)", "--labels", "B.cols=a,b"],
     ["B has 1 column, and 2 labels for it"]),
    (["A @ A", *EYE, "--labels", "A.rows=nofile.txt"], ["there is no file nofile.txt"]),
    (["A @ A", *EYE, "--let", "A=ones(4,4)"], ["--let gives A twice"]),
    (["A @ A", "--let", "class=eye(4,4)"], ['"class" is a Python keyword', "write class_"]),
    (["A @ a_b", *EYE, "--data", "twins.npz"],
     ["a.b and a_b in twins.npz are both a_b", "--data NAME=twins.npz:a_b"]),
    (["A / bad", *EYE, "--data", "odd.npz"], ["bad=nan is not a finite number"]),
    (["A @ A", *EYE, "--labels", "B.rows=a,b"], ['nothing is named "B"']),
    (["A @ A", *EYE, "--labels", "A.rows"], ['--labels "A.rows" cannot be read']),
    (["A @ A", *EYE, "--layout", "zigzg"], ["did you mean zigzag?"]),
    (["A @ A", *EYE, "--gap", "0"], ["gap=0.0 cannot be used: it must be a number >= 1"]),
    (["A @ A", *EYE, "--gap", "wide"], ["'wide' is not a valid float"]),
    (["A @ A", *EYE, "--theme", "drk"], ["did you mean dark?"]),
    (["A @ A", *EYE, "--palette", "glw"], ["did you mean glow?"]),
    (["A @ A", *EYE, "--size", "big"],
     ["Invalid value for '--size': \"big\" cannot be read", "hint: write --size 1280x800"]),
    (["A @ A", *EYE, "--frob"], ["No such option '--frob'"]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), REFUSALS, ids=[says[0] for _, says in REFUSALS])
def test_a_refusal_is_one_clean_block(capsys, arguments, says):
    text = refused(capsys, "save", *arguments, "out.json")
    for one in says:
        assert one in text
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("name", "says"), [("a.bmp", "which matcube does not write"), ("no/a.png", "there is no folder")]
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_computed(
    capsys, monkeypatch, name, says
):
    monkeypatch.setattr(figures, "figure_of", lambda *a, **k: pytest.fail("computed"))
    assert says in refused(capsys, "save", "A @ A", *EYE, "good.png", name)
    assert not Path("good.png").exists()


def test_a_forgotten_command(capsys):
    text = refused(capsys, "A @ B")
    assert "matcube show 'A @ B'" in text


def test_no_memory_is_a_sentence(capsys, monkeypatch):
    def out(*_, **__):
        raise MemoryError

    monkeypatch.setattr(figures, "figure_of", out)
    assert "there is not enough memory" in refused(capsys, "save", "A", *EYE, "a.png")


# --- show, open, demo --------------------------------------------------------------------------------


def test_show_serves_the_figure(capsys, served):
    ended = run(capsys, "show", PROGRAM, "--data", "head.npz", "--let", "d=4", "--no-open", "--port", "8123")
    assert ended.code == 0
    ((call),) = served
    assert call["source"].title == PROGRAM
    assert (call["port"], call["open_browser"]) == (8123, False)
    assert decode(call["source"].initial()).head.view.constants == {"d": 4}


def test_show_opens_a_browser_at_a_free_port_by_default(capsys, served):
    run(capsys, "show", "A @ A", *EYE)
    assert (served[0]["port"], served[0]["open_browser"]) == (0, True)


def test_open_a_link_with_its_data(capsys, served):
    fig = mc.figure("Q @ K.T", **{name: np.load("head.npz")[name] for name in "QK"}).style(theme="light")
    assert run(capsys, "open", fig.link(), "--data", "head.npz").code == 0
    assert decode(served[0]["source"].initial()).head.view.style.theme == "light"
    text = refused(capsys, "open", fig.link())
    assert "needs the array K: 6 × 4 float32" in text
    assert "--data K=FILE" in text


def test_open_a_saved_page(capsys, served):
    run(capsys, "save", "Q @ K.T", "--data", "head.npz", "--theme", "light", "a.html")
    assert run(capsys, "open", "a.html").code == 0
    source = served[0]["source"]
    assert decode(source.initial()).head.view.style.theme == "light"
    assert decode(source.initial()).buffers


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("nothing", "neither a link nor a saved page"),
        ("nothing.html", "cannot be read: No such file"),
        ("#m1.AAAA", "damaged"),
        ("#m7.AAAA", "this link is of version 7"),
        ("head.npz", "neither a link nor a saved page"),
        ("https://example.com", '"https://example.com" is an address without a link in it'),
        ("", "there is nothing to open"),
        ("  ", "there is nothing to open"),
    ],
)
def test_open_refuses(capsys, served, link, says):
    assert says in refused(capsys, "open", link)
    assert served == []


def test_ls(capsys):
    ended = run(capsys, "ls", "head.npz")
    assert ended.code == 0
    assert ended.out.splitlines()[0].split() == ["Q", "6", "×", "4", "float32", "96", "B"]
    assert "write my_matrix" in run(capsys, "ls", "my-matrix.npy").out
    for name in ("none.npz", "none"):
        assert f"there is no file {name}" in refused(capsys, "ls", name)
    assert "hint: give it as csv:tokens.txt" in refused(capsys, "ls", "tokens.txt")


def test_ls_says_how_each_entry_is_bound(capsys):
    lines = {line.split()[0]: line for line in run(capsys, "ls", "odd.npz").out.splitlines()}
    assert lines["d"].endswith("  a constant")
    assert lines["s.d"].endswith("  a constant, write s_d")
    assert lines["class"].endswith("  write class_")
    assert lines["t"].endswith("  no numbers, left out")
    for line in run(capsys, "ls", "twins.npz").out.splitlines():
        assert line.endswith(f"shares the name a_b: read it with --data NAME=FILE:{line.split()[0]}")


def test_single_numbers_in_files_are_constants():
    view = saved_view("class_ @ class_ / d * s_d", "--data", "odd.npz").view
    assert view.constants == {"d": 4, "s_d": 2.5}
    assert list(view.data) == ["class_"]
    view = saved_view(
        "Q / a * b", "--data", "head.npz", "--data", "a=odd.npz:d", "--data", "b=head.npz:Q[0,0]"
    ).view
    assert view.constants["a"] == 4 and view.constants["b"] == np.load("head.npz")["Q"][0, 0]
    assert saved_view("class_ / d", "--data", "odd.npz", "--let", "d=8").view.constants["d"] == 8


def test_what_is_given_and_not_used_is_noted(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_SECS", 600)
    ended = run(capsys, "save", "A @ A", *EYE, "--let", "C=eye(2,2)", "--data", "D=my-matrix.npy",
                "--data", "head.npz", "a.json")  # fmt: skip
    assert ended.code == 0
    assert ended.err == "note: C is not used\nnote: D is not used\n"


@pytest.fixture(scope="module")
def shared_demo():
    """One demo figure: its values and its scene are computed once."""
    return demo.demo()


def test_the_demo_writes_its_files_and_serves(capsys, served, shared_demo, monkeypatch):
    monkeypatch.setattr(demo, "demo", lambda: shared_demo)
    Path("made/here").mkdir(parents=True)
    ended = run(capsys, "demo", "--out", "made/here", "--no-open")
    assert ended.code == 0
    assert ended.out.splitlines() == ["wrote made/here/demo.html", "wrote made/here/demo.png"]
    assert len(served) == 1
    head = decode(scene_in(Path("made/here/demo.html").read_text())).head
    assert {matrix.name for matrix in head.matrices} >= {
        "x",
        "wQ",
        "wK",
        "wV",
        "wO",
        "Q",
        "K",
        "V",
        "attn",
        "out",
    }
    (tokens,) = {tuple(axis.labels) for axis in head.axes if axis.labels}
    assert len(tokens) == 256
    assert Path("made/here/demo.html").stat().st_size < 8_000_000


def test_the_demo_writes_no_file_that_was_not_asked_for(capsys, served, shared_demo, monkeypatch):
    monkeypatch.setattr(demo, "demo", lambda: shared_demo)
    before = sorted(Path().iterdir())
    assert run(capsys, "demo", "--no-open").out == ""
    assert len(served) == 1 and sorted(Path().iterdir()) == before


def test_the_demo_makes_no_folder(capsys, served):
    assert "there is no folder made" in refused(capsys, "demo", "--out", "made", "--no-open")
    assert not Path("made").exists()


def test_the_demo_may_write_its_files_only(capsys, served, shared_demo, monkeypatch):
    monkeypatch.setattr(demo, "demo", lambda: shared_demo)
    assert run(capsys, "demo", "--no-serve").code == 0
    assert served == []
    assert Path("demo.png").exists()
