"""Names of the public interface: the new ones, and the old ones, which warn and still work."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import numpy as np
import pytest

import matcube as mc
from matcube.api import vocabulary
from matcube.api.dtypes import DtypeName, dtype_name
from matcube.api.renamed import OLD_METHODS
from matcube.api.save import WRITERS
from matcube.cost import DTYPES, MODELS
from matcube.layout import SCHEMES
from matcube.partition import PRESETS
from matcube.scene import colour, scales
from matcube.timeline import ALGORITHMS
from matcube.wire import FilmView


@pytest.fixture
def fig() -> mc.Figure:
    return mc.figure("C = A @ B", A="gaussian(8, 4, seed=1)", B="gaussian(4, 6, seed=2)")


def test_options_are_keyword_only() -> None:
    """Two positional parameters at the most: what the call is about."""
    classes = {"Figure": mc.Figure, "Matrix": mc.Matrix}
    functions = {name: getattr(mc, name) for name in mc.__all__ if inspect.isfunction(getattr(mc, name))}
    for owner, cls in classes.items():
        methods = inspect.getmembers(cls, inspect.isfunction)
        functions |= {f"{owner}.{name}": method for name, method in methods if not name.startswith("_")}
    assert len(functions) > 30
    for name, function in functions.items():
        parameters = [each for each in inspect.signature(function).parameters.values() if each.name != "self"]
        positional = [
            each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        ]
        assert len(positional) <= (1 if "." in name else 2), name


def test_the_front_page_is_short() -> None:
    assert len([name for name in dir(mc) if name != "__version__"]) <= 22
    assert {name for name in dir(mc) if name.endswith("Error")} == {
        "DataError",
        "GraphError",
        "LimitError",
        "MatcubeError",
        "OptionError",
        "ProgramError",
        "ShapeError",
        "StoppedError",
        "UnknownNameError",
        "WireError",
    }
    assert "open_link" not in dir(mc) and "View" not in dir(mc)


def test_a_literal_lists_the_rows_of_its_table() -> None:
    fuse = FilmView.__annotations__["fuse"]
    for literal, rows in (
        (vocabulary.Scheme, dict.fromkeys([*SCHEMES, "custom"])),
        (vocabulary.Algorithm, ALGORITHMS),
        (vocabulary.Palette, [palette.name for palette in colour.palettes()]),
        (vocabulary.Sensitivity, scales.SENSITIVITIES),
        (vocabulary.Count, MODELS),
        (vocabulary.Format, WRITERS),
        (vocabulary.Preset, PRESETS),
    ):
        assert sorted(get_args(literal)) == sorted(rows)
    assert all(f'"{name}"' in fuse or f"'{name}'" in fuse for name in get_args(vocabulary.Fusion))
    assert {dtype_name(name) for name in get_args(DtypeName)} == set(DTYPES)


# --- old names ------------------------------------------------------------------------------------


def test_old_methods_warn_and_still_work(fig: Any) -> None:
    for old, new in OLD_METHODS.items():
        with pytest.warns(DeprecationWarning, match=f"fig.{old} is now fig.{new}; .* matcube 0.5"):
            method = getattr(fig, old)
        assert method == getattr(fig, new)
        assert old not in dir(fig)


def test_old_functions_warn_and_still_work(fig: mc.Figure) -> None:
    module: Any = mc
    with pytest.warns(DeprecationWarning, match=r"matcube.open_link is now matcube.open_figure"):
        opened = module.open_link(fig.link())
    assert opened.state == fig.state
    with pytest.warns(DeprecationWarning, match=r"matcube.View is now matcube.State"):
        assert module.View is mc.State


def test_old_keywords_warn_and_still_work(fig: Any) -> None:
    with pytest.warns(DeprecationWarning, match="model= is now count="):
        assert fig.cost(model="multiply") == fig.cost(count="multiply")
    with pytest.warns(DeprecationWarning, match="model= is now count="):
        assert fig.roofline("h100", model="multiply") == fig.roofline("h100", count="multiply")
    with pytest.warns(DeprecationWarning, match="itemsize= is now dtype="):
        assert fig.devices(itemsize=2) == fig.devices(dtype="bfloat16")
    with pytest.warns(DeprecationWarning, match="t= is now time="):
        assert fig.animate("vmprod", t=2).state == fig.animate("vmprod", time=2).state
    with pytest.warns(DeprecationWarning, match='C="outer" is now each={"C": "outer"}'):
        assert fig.animate("vmprod", C="outer").state == fig.animate("vmprod", each={"C": "outer"}).state


def test_a_warning_points_at_the_line_that_uses_the_old_name(fig: Any) -> None:
    for use in (
        lambda: fig.link and fig.url(),
        lambda: fig.cost(model="multiply"),
        lambda: fig.animate("vmprod", C="outer"),
        lambda: getattr(mc, "open_link"),  # noqa: B009
    ):
        with pytest.warns(DeprecationWarning) as caught:
            use()
        assert caught[0].filename == __file__


def test_a_new_name_with_its_old_one_is_an_error(fig: Any) -> None:
    with pytest.raises(TypeError, match="both count and its old name model"):
        fig.cost(model="multiply", count="multiply")


# --- new names ------------------------------------------------------------------------------------


def test_dtypes_may_be_written_in_any_way(fig: mc.Figure) -> None:
    import ml_dtypes

    for dtype in ("bf16", "BFLOAT16", ml_dtypes.bfloat16, np.dtype(ml_dtypes.bfloat16)):
        assert fig.cost(dtype=dtype) == fig.cost(dtype="bfloat16")  # type: ignore[arg-type]
    assert fig.cost(dtype=np.float16).dtype == "float16"
    assert fig.devices(dtype="f32").itemsize == fig.devices().itemsize == 4
    assert fig.devices(dtype="fp8").itemsize == 1
    assert fig.cost().dtype == "float32" and fig.roofline("h100") == fig.roofline("h100", dtype="f32")
    for wrong in ("float31", object(), 3.5):
        with pytest.raises(mc.OptionError, match=r"float31|cannot be used"):
            fig.cost(dtype=wrong)  # type: ignore[arg-type]


@pytest.mark.torch
def test_dtypes_of_torch_are_understood(fig: mc.Figure) -> None:
    torch = pytest.importorskip("torch")
    assert fig.cost(dtype=torch.bfloat16) == fig.cost(dtype="bfloat16")
    assert fig.devices(dtype=torch.float8_e4m3fn).itemsize == 1


def test_machines_forgive_case(fig: mc.Figure) -> None:
    assert fig.roofline("H100") == fig.roofline("h100")
    assert fig.roofline("TPU v5e") == fig.roofline("tpu-v5e")


def test_the_program_is_the_text(fig: mc.Figure) -> None:
    assert fig.program == "C = A @ B"
    assert [name for name in dir(fig) if name in ("graph", "bindings", "inputs")] == []


def test_the_state_is_read_only(fig: Any) -> None:
    fig = (
        fig.view(hide="A", pin="C[1, 2]").partition(A_rows=2).layout("custom", custom={"C": "+LTF"}).stop("a")
    )
    link = fig.link()
    for change in (
        lambda state: state.hidden.append(2),
        lambda state: state.selection.pins.clear(),
        lambda state: state.stops.append(1),
        lambda state: state.partition.update(tokens=3),
        lambda state: state.partition.__setitem__("A.rows", 3),
        lambda state: state.partition.pop("A.rows"),
        lambda state: state.layout.custom.clear(),
        lambda state: state.leaves.__ior__({"A": "eye(2, 2)"}),
        lambda state: setattr(state, "program", "A"),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change(fig.state)
    assert fig.link() == link
    opened = mc.open_figure(link)
    with pytest.raises(TypeError, match="read-only"):
        opened.state.partition["A.rows"] = 7
    assert opened.state == fig.state and opened.state.partition == {"A.rows": 2}


def test_a_figure_of_a_graph() -> None:
    x, w = mc.matrix(np.eye(4), name="x"), mc.matrix("gaussian(4, 3, seed=1)", name="w")
    made = (x @ w).relu().named("out")
    graph, arrays = made.to_graph()
    fig = mc.from_graph(graph, arrays)
    assert fig.program == "out = relu(x @ w)"
    np.testing.assert_array_equal(fig.value(), made.figure().value())
    with pytest.raises(mc.DataError, match="the graph reads the array x, which is not given"):
        mc.from_graph(graph, {})


def test_held_and_labels_are_reserved() -> None:
    with pytest.raises(mc.OptionError, match="held values cannot be given yet"):
        mc.figure("A", A=np.eye(2), held={"A": 1})
    fig = mc.figure("held @ labels", {"held": np.eye(2), "labels": np.ones((2, 3))})
    np.testing.assert_array_equal(fig.value(), np.ones((2, 3)))


def test_the_view_takes_degrees_and_the_link_keeps_radians(fig: mc.Figure) -> None:
    camera = fig.view(yaw=45, pitch=-30).state.camera
    assert camera is not None
    assert (camera.yaw, camera.pitch) == pytest.approx((np.pi / 4, -np.pi / 6))
    with pytest.raises(mc.OptionError, match="degrees, from -90 to 90"):
        fig.view(pitch=91)


def test_texts_and_bytes(fig: mc.Figure) -> None:
    assert fig.to_png(size=(64, 40)).startswith(b"\x89PNG")
    assert "<title>C = A @ B</title>" in fig.to_html(size=(64, 40))
    assert '"C"' in fig.to_json()


def test_a_saved_page_is_opened_by_its_path(fig: mc.Figure, tmp_path: Any) -> None:
    path = fig.save(tmp_path / "page.html", size=(64, 40))
    assert mc.open_figure(path).state == mc.open_figure(str(path)).state == fig.state
