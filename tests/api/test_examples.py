"""Every example runs, writes what it says, and has a picture."""

import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest

import matcube as mc

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("[!_]*.py"))


def run(path: Path, folder: Path) -> mc.Figure:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    figure = module.main(folder) if inspect.signature(module.main).parameters else module.main()
    assert isinstance(figure, mc.Figure)
    return figure


def test_there_is_a_handful():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_runs_and_writes_what_it_says(path, tmp_path):
    fig = run(path, tmp_path)
    text = path.read_text(encoding="utf-8")
    said = [name for end in ("html", "png", "gif") if (name := f"{path.stem}.{end}") in text]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(said)
    assert all(one.stat().st_size > 5000 for one in tmp_path.iterdir())
    assert fig.scene().head.matrices


def test_the_lora_update_is_added(tmp_path):
    fig = run(FOLDER / "lora.py", tmp_path)
    x, w, a, b = (fig.value(name).astype(float) for name in "xWAB")
    np.testing.assert_allclose(fig.value(), x @ w + x @ a @ b * 0.25, rtol=1e-4, atol=1e-4)


def test_the_nan_is_found_where_it_is_born(tmp_path):
    fig = run(FOLDER / "nan_hunt.py", tmp_path)
    (pin,) = fig.state.selection.pins
    node = fig._program.graph[pin.node]
    assert node.name == "logs"
    assert np.isnan(fig.value("logs")[pin.row, pin.col])
    assert fig.nonfinite()[0].name == "logs"


def test_the_attention_example_is_causal(tmp_path):
    attn = run(FOLDER / "attention_head.py", tmp_path).value("attn")
    np.testing.assert_allclose(attn.sum(axis=1), 1, rtol=1e-6)
    assert np.triu(attn, 1).max() == 0
