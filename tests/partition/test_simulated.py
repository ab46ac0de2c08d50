"""A plan is enough: devices that have only what it says compute what one device computes alone."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.api.figure import Figure
from matcube.errors import OptionError
from matcube.ir.axes import axes
from matcube.partition import PRESETS, devices, partition
from matcube.partition.devices import At, cells_held
from matcube.partition.sharding import Placements, returned
from tests.engine.test_random_programs import Written, programs
from tests.partition.programs import PROGRAMS, figure_of
from tests.partition.simulate import Simulation


def carry_out(fig: Figure, splits: dict[str, int]) -> Simulation:
    """Run a plan and compare every node, wherever and however it lies, with the whole."""
    graph, whole = fig._program.graph, fig._program.values
    plan = devices(graph, partition(graph, splits), itemsize=8)
    run = Simulation(graph, plan, whole)
    run.run()
    for (node, lies), held in run.held.items():
        wanted = whole[node].cells.values
        if all(item.how != "partial" for item in lies):
            np.testing.assert_allclose(run.result(node, lies), wanted, rtol=1e-9, atol=1e-9 * _size(wanted))
            for at in run.places:  # and no device holds more than its part
                own = np.zeros(wanted.shape, bool)
                own[_part(run, node, lies, at)] = True
                assert np.isnan(held[at][~own]).all()
    for node in graph.outputs:
        lies = returned(graph, plan.partition, node, plan.steps[node].lies)
        assert all(item.how != "partial" for item in lies)
        assert (node, lies) in run.held
    return run


def _part(run: Simulation, node: int, lies: Placements, at: At) -> tuple[slice, ...]:
    return cells_held(run.graph[node], run.plan.partition, lies, at)


def _size(array: np.ndarray) -> float:
    return float(np.abs(array).max(initial=1.0))


def splits_of(fig: Figure) -> list[dict[str, int]]:
    """Every axis, every letter of every product as one use, and every pair of axes."""
    graph = fig._program.graph
    names = [axis.name for axis in axes(graph) if axis.size >= 2]
    result = [{name: blocks} for name in names for blocks in (2, 3, 4)]
    result += [{item: 2, other: 2} for item in names for other in names if item < other]
    for node in graph.nodes:
        letters = dict.fromkeys(item for own in (*node.spec.inputs, node.spec.output) for item in own)
        result += [
            {f"{node.id}.{letter}": 2} for letter in letters if node.inputs and re.fullmatch(r"\w+", letter)
        ]
    return result


@pytest.mark.parametrize("name", PROGRAMS)
def test_devices_compute_what_one_computes(name: str) -> None:
    fig = figure_of(*PROGRAMS[name])
    done = 0
    for splits in splits_of(fig):
        try:
            partition(fig._program.graph, splits)
        except OptionError as error:
            assert "too few" in error.message or "both split" in error.message, error
            continue
        carry_out(fig, splits)
        done += 1
    assert done >= 5


@pytest.mark.parametrize("name", PRESETS)
def test_presets_compute_what_one_device_computes(name: str) -> None:
    result = 0
    for program in PROGRAMS.values():
        fig = figure_of(*program)
        for blocks in (2, 4):
            try:
                partition(fig._program.graph, {f"preset:{name}": blocks})
            except OptionError:
                continue
            carry_out(fig, {f"preset:{name}": blocks})
            result += 1
    assert result >= 2


@pytest.mark.parametrize("name", ["chain", "softmax", "norm", "residual", "mlp", "head", "heads", "experts"])
def test_as_many_cells_are_received_as_predicted(name: str) -> None:
    fig = figure_of(*PROGRAMS[name])
    names = [axis.name for axis in axes(fig._program.graph) if axis.size % 4 == 0]
    presets = [f"preset:{item}" for item in PRESETS]
    for splits in [{item: 4} for item in names + presets] + [
        {item: 2, two: 2} for item in names for two in names if item < two
    ]:
        try:
            partition(fig._program.graph, splits)
        except OptionError:
            continue
        run = carry_out(fig, splits)
        moved = [item for move in run.plan.moves for item in move.collectives]
        for node in {item.node for item in moved}:
            predicted = sum(item.bytes for item in moved if item.node == node) * run.plan.count
            assert predicted == 8 * run.received[node], (splits, node)


@given(programs(), st.data())
@settings(max_examples=150, deadline=None)
def test_random_programs_on_random_axes(made: Written, data: st.DataObject) -> None:
    assume(made.statements)
    shapes = {name: tuple(map(int, re.findall(r"\d+", text))) for name, text in made.leaves.items()}
    fig = figure_of("; ".join(made.statements), shapes)
    graph = fig._program.graph
    cells = [result.cells.values for result in fig._program.values.values()]
    assume(all(np.isfinite(item).all() and np.abs(item).max(initial=0) < 1e6 for item in cells))
    names = [axis.name for axis in axes(graph) if axis.size >= 2]
    names += [f"{node.id}.{letter}" for node in graph.nodes if node.inputs for letter in node.spec.output]
    assume(names)
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    splits = {name: data.draw(st.integers(2, 4)) for name in chosen}
    try:
        partition(graph, splits)
    except OptionError:
        return
    carry_out(fig, splits)


def test_a_figure_without_a_partition_is_one_device() -> None:
    fig = mc.figure("A @ B", A="eye(2, 2)", B="eye(2, 2)")
    assert fig.devices().count == 1
    assert str(fig.devices()) == "one device: nothing is split"
