"""What surprised those who tried the library, each as a test."""

from __future__ import annotations

import base64
import copy
import io
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.cost import Cost
from matcube.cost.types import node_cost

A, B = np.arange(12.0).reshape(3, 4), np.ones((4, 2))


@pytest.fixture
def fig() -> mc.Figure:
    return mc.figure("A @ B", A=A, B=B)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"gap": 8}, "mc.figure(…).layout(gap=8)"),
        ({"theme": "light"}, "mc.figure(…).style(theme='light')"),
        ({"yaw": 30}, "mc.figure(…).view(yaw=30)"),
        ({"fuse": "sync"}, "mc.figure(…).animate(fuse='sync')"),
        ({"seed": 3}, 'A="gaussian(8, 4, seed=3)"'),
        ({"C": B}, 'mc.figure(program, {"C": …})'),
    ],
)
def test_an_unused_keyword_names_where_it_belongs(given: dict[str, Any], remedy: str) -> None:
    with pytest.raises(mc.OptionError, match=f'the program does not use "{next(iter(given))}"') as error:
        mc.figure("A @ B", A=A, B=B, **given)
    assert remedy in str(error.value.hint)


def test_an_unused_keyword_that_is_nearly_a_name_of_the_program() -> None:
    with pytest.raises(mc.OptionError, match="did you mean scores"):
        mc.figure("scores = A @ B", A=A, B=B, score=B)


def test_a_mapping_may_hold_more_than_is_used_and_reads_none_of_it() -> None:
    fig = mc.figure("layer_w @ B", {"layer.w": A, "B": B, "other": object(), "name": "eye(2, 2)"})
    np.testing.assert_array_equal(fig.value(), A @ B)


def test_figures_compare_by_state_and_arrays(fig: mc.Figure) -> None:
    same = mc.figure("A @ B", A=A.copy(), B=B)
    assert fig == same and hash(fig) == hash(same) and len({fig, same}) == 1
    assert fig != mc.figure("A @ B", A=A + 1, B=B) and fig != fig.layout(gap=3) and fig != 3


def test_figures_are_pickled_and_copied(fig: mc.Figure) -> None:
    again = pickle.loads(pickle.dumps(fig.partition(A_rows=3)))
    assert again == fig.partition(A_rows=3) and again.value().tolist() == (A @ B).tolist()
    assert copy.copy(fig) is fig and copy.deepcopy(fig) is fig


def test_figures_travel_into_other_processes(fig: mc.Figure) -> None:
    import multiprocessing

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(mc.Figure.value, fig).result(timeout=60).tolist() == (A @ B).tolist()


def test_remedies_are_true(fig: Any, tmp_path: Any) -> None:
    with pytest.raises(mc.OptionError) as error:
        mc.figure("A @ B", A=A, B=B, labels={"A": ["x"]})
    assert "A.rows or A.cols" in str(error.value.hint)
    gaps: Any = np.ma.masked_equal(np.arange(12).reshape(3, 4), 5)
    with pytest.raises(mc.DataError) as refused:
        mc.figure("A @ B", A=gaps, B=B)
    assert "a.astype(float).filled(float('nan'))" in str(refused.value.hint)
    assert np.isnan(mc.figure("A @ B", A=gaps.astype(float).filled(float("nan")), B=B).value("A")[1, 1])
    with pytest.raises(mc.OptionError) as misplaced:
        fig.animate(duration=2)
    assert "seconds=10" in str(misplaced.value.hint)


def test_figures_and_lazy_matrices_are_no_arrays(fig: mc.Figure) -> None:
    with pytest.raises(TypeError, match=r"fig.value\(\)"):
        np.asarray(fig)
    with pytest.raises(TypeError, match=r"A.figure\(\).value\(\)"):
        np.asarray(mc.matrix(A))


def test_sparse_matrices_are_taken() -> None:
    class Sparse:
        """As SciPy's: no ``__array__``, and a method that gives one."""

        def toarray(self) -> np.ndarray:
            return A

    np.testing.assert_array_equal(mc.figure("A @ B", A=Sparse(), B=B).value(), A @ B)


def test_a_handle_closes_at_the_end_of_its_block(fig: mc.Figure, capsys: Any, monkeypatch: Any) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    with fig.show(block=False) as handle:
        assert isinstance(handle, mc.Handle)
        said = capsys.readouterr().out
    assert said.startswith("matcube is at http://matcube-")


class Frame:
    """As a frame of pandas: an index, columns, and ``__array__``."""

    def __init__(self, array: Any, index: Any = None, columns: Any = None) -> None:
        self.array = np.asarray(array)
        self.ndim = self.array.ndim
        self.index = range(len(self.array)) if index is None else index
        if self.ndim == 2:
            self.columns = range(self.array.shape[1]) if columns is None else columns

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        return self.array

    def to_numpy(self) -> np.ndarray:
        return self.array

    def select_dtypes(self, kind: str) -> np.ndarray:
        assert kind == "number"
        return self.array[:, :1].astype(float)


class Coord:
    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)


class DataArray:
    """As an array of xarray: dims, and coordinates of some of them."""

    dims = ("token", "channel")
    coords: Any = property(lambda _: {"token": Coord(["the", "dog", "ran"])})

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        return A


def labels(fig: mc.Figure) -> dict[str, list[str] | None]:
    return {axis.name: axis.labels for axis in fig.scene().head.axes}


def test_labels_of_frames_are_taken() -> None:
    left, right = Frame(A, ["a", "b", "c"], list("wxyz")), Frame(B, columns=[("p", 1), ("p", 2)])
    wanted = {"A.rows": ["a", "b", "c"], "A.cols": list("wxyz"), "B.cols": ["p/1", "p/2"]}
    assert labels(mc.figure("A @ B", A=left, B=right)) == wanted
    assert labels((mc.matrix(left, "A") @ mc.matrix(right, "B")).figure()) == wanted
    assert labels(mc.figure("A @ B", A=DataArray(), B=Frame(B)))["A.rows"] == ["the", "dog", "ran"]
    assert labels(mc.figure("A @ v", A=A, v=Frame(np.ones(4), list("wxyz"))))["v.entries"] == list("wxyz")
    assert labels(mc.figure("A @ B", A=left, B=B, labels={"A.cols": list("1234")}))["A.cols"] == list("1234")
    assert not any(labels(mc.figure("A @ B", A=Frame(A), B=Frame(B))).values())
    assert labels(mc.matrix(left, "A", rows=list("123")).figure())["A.rows"] == list("123")


class Index(list[Any]):
    """As an index of pandas with its names."""

    def __init__(self, labels: Any, *names: Any) -> None:
        super().__init__(labels)
        self.names, self.name = names, names[0] if len(names) == 1 else None


def titles(fig: mc.Figure) -> dict[str, str | None]:
    return {axis.name: axis.title for axis in fig.scene().head.axes}


def test_names_of_axes_of_frames_are_taken(tmp_path: Path) -> None:
    left = Frame(A, Index(range(3), "token"), Index(list("wxyz"), None))
    right = Frame(B, None, Index([("p", 1), ("p", 2)], "part", "lobe"))
    wanted = {"A.rows": "token", "A.cols": None, "B.cols": "part/lobe"}
    fig = mc.figure("A @ B", A=left, B=right)
    assert titles(fig) == wanted
    assert titles((mc.matrix(left, "A") @ mc.matrix(right, "B")).figure()) == wanted
    assert titles(mc.figure("A @ B", A=mc.matrix(left), B=B))["A.rows"] == "token"
    assert titles(mc.open_figure(fig.save(tmp_path / "a.html"))) == wanted
    assert titles(mc.figure("A @ B", A=DataArray(), B=B))["A.cols"] == "channel"
    assert titles(mc.figure("A @ v", A=A, v=Frame(np.ones(4), Index(list("wxyz"), "x"))))["v.entries"] == "x"
    assert not any(titles(mc.figure("A @ B", A=Frame(A), B=Frame(B))).values())
    assert fig.partition(token=3).state.partition == {"A.rows": 3}, "an address travels in links"
    with pytest.raises(mc.OptionError, match="token is the name of 2 axes") as error:
        mc.figure("A @ B", A=left, B=Frame(B, None, Index(range(2), "token"))).partition(token=2)
    assert "name one of them: A.rows (3), B.cols (2)" in str(error.value.hint)


def test_other_labels_along_a_shared_axis_are_refused() -> None:
    left, right = Frame(A, columns=list("wxyz")), Frame(B, index=list("wyxz"))
    said = r'A.cols and B.rows are one axis.*"x" and "y" at place 1'
    for refused in (
        lambda: mc.figure("A @ B", A=left, B=right),
        (mc.matrix(left, "A") @ mc.matrix(right, "B")).figure,
    ):
        with pytest.raises(mc.DataError, match=said) as error:
            refused()
        assert "B.loc[names]; or give the numbers alone: B.to_numpy()" in str(error.value.hint)
    assert mc.figure("A @ B", A=left, B=right.to_numpy()).value().shape == (3, 2)
    assert mc.figure("A @ B", A=left, B=Frame(B, index=list("wxyz"))).value().shape == (3, 2)


def code_in(text: str) -> list[str]:
    """Calls that a remedy offers, ``mc.figure(…)`` in them for the figure at hand."""
    found = []
    at = 0
    while start := re.search(r"\(?\b(?:mc|np|fig|a)\.\w+[(.]", text[at:]):
        begin = end = at + start.start()
        depth = 0
        while end < len(text) and (depth or text[end] not in " ,;:"):
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[end], 0)
            end += 1
        found.append(text[begin:end].replace("mc.figure(…)", "fig"))
        at = end
    return found


ANY: Any = 3
MASKED: Any = np.ma.masked_equal(np.arange(4).reshape(2, 2), 3)
NAMES = Frame([["1", "a"]], columns=["n", "s"])
REFUSED: dict[str, tuple[Any, Any]] = {
    "an array of a link": (lambda fig, _: mc.open_figure(fig.link()), A),
    "an unknown name": (lambda _, __: mc.figure("q @ q.T"), A),
    "a list": (lambda _, __: mc.figure("A @ [1]", A=A), A),
    "no film": (lambda fig, _: fig.save("film.gif"), A),
    "an option of layout": (lambda _, __: mc.figure("A @ B", A=A, B=B, gap=8), A),
    "an option of save": (lambda fig, _: fig.animate(duration=2), A),
    "a stop without a name": (lambda fig, _: fig.stop(""), A),
    "no product": (lambda _, __: mc.figure("relu(C)", C=A).backward(), A),
    "data of another type": (lambda _, __: mc.figure("A @ B", ANY), A),
    "a long program": (lambda _, __: mc.figure("+".join(["A"] * 9999), A=A), A),
    "a masked array": (lambda _, a: mc.figure("a", a=a), MASKED),
    "complex numbers": (lambda _, a: mc.figure("a", a=a), [[1j, 2]]),
    "numbers as text": (lambda _, a: mc.figure("a", a=a), [["1", "2"]]),
    "a column of text": (lambda _, a: mc.figure("a", a=a), NAMES),
    "a file of another kind": (lambda fig, _: fig.save(3), A),
    "a figure for an array": (lambda fig, _: np.asarray(fig), A),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_code_of_a_remedy_runs(case: str, fig: mc.Figure, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    refused, a = REFUSED[case]
    with pytest.raises((mc.MatcubeError, TypeError)) as error:
        refused(fig, a)
    remedy = getattr(error.value, "hint", None) or str(error.value)
    assert not re.search(r"(?<!\w)--\w|command line", remedy), "a remedy of the command line"
    offered = code_in(remedy)
    assert offered, remedy
    given = {
        "mc": mc, "np": np, "a": a, "b": np.ones((np.shape(A)[1], 2)), "array": A, "file": "cube.png",
        "program": "q @ q.T" if "q=" in remedy else "A", "fig": mc.figure("C = A @ B", A=A, B=B),
        "link": mc.figure("A", A=A).link(),
    }  # fmt: skip
    for code in offered:
        result = eval(code, dict(given))  # one of the texts above
        if isinstance(result, np.ndarray):
            assert mc.figure("a", a=result).value().dtype.kind == "f"


def test_columns_that_hold_no_numbers_are_named() -> None:
    with pytest.raises(mc.DataError, match=r'A holds text .*: "a" in column s'):
        mc.figure("A", A=NAMES)
    with pytest.raises(mc.DataError, match=r'A holds text .*: "x" at \[0, 1\]') as error:
        mc.figure("A", A=[["1", "x"]])
    assert 'labels={"A.rows": names}' in str(error.value.hint)
    with pytest.raises(mc.DataError, match="A is of type dict, not an array"):
        mc.figure("A", A={"x": 1})


def test_a_figure_is_saved_into_a_stream(fig: mc.Figure, tmp_path: Any) -> None:
    stream = io.BytesIO()
    assert fig.save(stream, format="png", size=(80, 50)) is None
    assert fig.save(str(tmp_path / "a.png"), size=(80, 50)).read_bytes() == stream.getvalue()
    with (tmp_path / "b").open("wb") as file:
        fig.save(file, format="json")
    assert fig.save(tmp_path / "c.txt", format="json").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_stream_needs_a_format_and_takes_bytes(fig: Any) -> None:
    stream = io.BytesIO()
    with pytest.raises(mc.OptionError, match="a stream has no ending") as error:
        fig.save(stream)
    assert code_in(str(error.value.hint)) == ['fig.save(stream, format="png")']
    fig.save(stream, format="png", size=(80, 50))
    with pytest.raises(mc.OptionError, match="did you mean png"):
        fig.save(io.BytesIO(), format="pgn")
    with pytest.raises(mc.OptionError, match='open it with "wb"'):
        fig.save(io.StringIO(), format="json")


def test_a_display_makes_what_is_asked_for_and_stores_little(fig: mc.Figure, monkeypatch: Any) -> None:
    with monkeypatch.context() as patched:
        for name in ("to_html", "to_png"):
            patched.setattr(mc.Figure, name, lambda *_, **__: pytest.fail("made without being asked for"))
        assert fig._repr_mimebundle_(include=["text/plain"]) == {"text/plain": repr(fig)}
    still = fig._repr_mimebundle_(include={"image/png"})["image/png"]
    stored = Image.open(io.BytesIO(base64.b64decode(still)))
    assert stored.size == (640, 400), "a quarter of the pixels of a saved picture"
    assert 1000 < len(still) < 4 / 3 * len(fig.to_png())


def test_tables_are_shown_in_notebooks_with_their_text_escaped() -> None:
    fig: Any = mc.figure(
        'C = einsum("i k, k j -> i j", A, B); relu(C.T @ A)',
        A=[[np.nan, 1.0], [np.inf, 2.0]],
        B=np.ones((2, 2)),
    )
    split = fig.partition({"A.rows": 2})
    for table in (fig.cost(), fig.roofline("h100"), split.devices(), fig.nonfinite()):
        html = table._repr_html_()
        assert "<table>" in html and "<td" in html, table
        ElementTree.fromstring(f"<div>{html}</div>")
    hostile = node_cost(0, "<b>", (2, 2), flops=8, read=4, written=4, parameters=0)
    assert "&lt;b&gt;" in Cost((hostile,), "multiply_add", "float32")._repr_html_()
    assert "<svg" in fig.roofline("h100")._repr_html_()
    rows = fig.nonfinite()
    assert rows[0] == ("A", 1, 1, (0, 0), 0) and rows[0].nan == 1 and isinstance(rows, list)
    assert [line.split() for line in str(rows).splitlines()[:2]] == [
        ["NaN", "infinities", "masks", "first"],
        ["A", "1", "1", "0", "[0,", "0]"],
    ]
    assert str(mc.figure("A", A=A).nonfinite()) == "all values are finite"
