"""What surprised those who tried the library, each as a test."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pytest

import matcube as mc

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
    assert said.startswith("matcube is at http://127.0.0.1:")
