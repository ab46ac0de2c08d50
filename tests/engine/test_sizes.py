"""Memory and time of a program are estimated before anything is computed; the estimate holds."""

import tracemalloc

import numpy as np
import pytest

import matcube as mc
from matcube.engine.sizes import peak_bytes

SIDE = 512
PROGRAMS = (
    "A",
    "softmax(tril(A))",
    "gelu(A)",
    "layernorm(A)",
    "rope(A)",
    "A @ A",
    "A.T + A",
    "A + A + A + A + A",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_takes_more_than_its_estimate(program):
    figure = mc.figure(program, A=f"gaussian({SIDE},{SIDE})")
    estimate = peak_bytes(figure._program.graph, {})
    mc.figure(program, A="gaussian(8,8)").scene()  # what is imported and cached once
    tracemalloc.start()
    figure.scene().encode()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert estimate / 8 < peak < estimate


def test_float64_counts_twice_and_arrays_in_memory_once():
    narrow, wide = np.zeros((64, 64), np.float32), np.zeros((64, 64))
    of = lambda a: peak_bytes(mc.figure("A + A", A=a)._program.graph, {"A": a})  # noqa: E731
    assert of(wide) - of(narrow) == 64 * 64 * 4 * (1 + 7)


@pytest.mark.parametrize(
    ("program", "leaf"),
    [
        ("A", "ones(1,268435456)"),
        (" + ".join(["A"] * 30), "ones(8192,8192)"),
        ("A @ A.T", "gaussian(1,134217728)"),
    ],
)
def test_a_program_that_fills_the_memory_is_refused_before_it_begins(program, leaf, monkeypatch):
    monkeypatch.setenv("MATCUBE_MEMORY", "2GB")
    figure = mc.figure(program, A=leaf)
    tracemalloc.start()
    with pytest.raises(mc.LimitError, match=r"would take about .* of memory, and 2 GB may be used") as caught:
        figure.compute()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
    remedy = str(caught.value.hint).split('"')[1]
    assert mc.figure(program, A=remedy).compute().scene().head.matrices


def test_hours_of_work_are_refused_with_their_number(monkeypatch):
    monkeypatch.setenv("MATCUBE_HOURS", "0.0000001")
    with pytest.raises(
        mc.LimitError, match=r'would take .* operations, about .* hours.*"A @ A" alone'
    ) as caught:
        mc.figure("A @ A", A="ones(512,512)").compute()
    name, _, value = str(caught.value.hint).split("; ")[-1].split()[0].partition("=")
    monkeypatch.setenv(name, value)
    assert mc.figure("A @ A", A="ones(512,512)").value()[0, 0] == 512


def test_a_figure_may_be_allowed_more(monkeypatch):
    monkeypatch.setenv("MATCUBE_MEMORY", "1MB")
    figure = mc.figure("A + A", A="ones(300,300)")
    with pytest.raises(mc.LimitError) as caught:
        figure.value()
    size = str(caught.value.hint).rpartition('memory="')[2].partition('"')[0]
    assert figure.compute(memory=size).value()[0, 0] == 2


def test_a_deck_of_any_size_is_refused_at_once():
    for size in ("99999999,2,2", "2147483647,2,2"):
        tracemalloc.start()
        with pytest.raises(mc.ShapeError, match="at most 256 are drawn"):
            mc.figure("A", A=f"shape({size})").scene()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1 << 22
