"""Figures that play: options and their errors, the picture of a moment, files of films."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

import matcube as mc
from matcube.errors import DataError, OptionError
from matcube.outputs import video
from matcube.playback.memory_traffic import loads
from matcube.timeline import ALGORITHMS

LEAVES = {"A": "gaussian(8, 6)", "B": "gaussian(6, 7)", "C": "gaussian(7, 5)"}
SMALL = (160, 100)


def figure(program: str = "S = A @ B; S @ C") -> mc.Figure:
    return mc.figure(program, LEAVES)


def pixels(fig: mc.Figure) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(fig.to_png(size=(320, 200)))), dtype=int)


def test_animate_makes_another_figure_of_the_same_values() -> None:
    fig = figure()
    played = fig.animate("vmprod", fuse="sync", time=2.5, speed=2, spin=0.25, loop=False, hide_inputs=True)
    assert fig.film is None and fig.state.film.algorithm == "none"
    assert played.film is not None and played.film.duration == 8 and len(played.film.sweeps) == 2
    assert played.program is fig.program
    film = played.state.film
    assert (film.fuse, film.t, film.speed, film.spin, film.loop) == ("sync", 2.5, 2.0, 0.25, False)
    assert played.animate("none").film is None
    assert played.scene().head.film is not None


def test_a_matrix_has_an_algorithm_of_its_own_by_keyword_name_or_text() -> None:
    names = {"S": "outer"}
    for fig in (figure().animate("mvprod", each={"S": "outer"}), figure().animate("mvprod", each=names)):
        assert fig.film is not None
        assert [one.algorithm for one in fig.film.sweeps] == ["outer", "mvprod"]
    fig = figure().animate("mvprod", each={"S @ C": "dot_col"})
    assert fig.film is not None and [one.algorithm for one in fig.film.sweeps] == ["dot_col", "dot_col"]
    assert figure().animate("vmprod", each={"A": "none"}).film is not None  # a leaf is there anyway


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda fig: fig.animate("vmprd"), 'there is no algorithm "vmprd"; did you mean vmprod?'),
        (
            lambda fig: fig.animate("vmprod", each={"S": "out"}),
            'there is no algorithm "out"; did you mean outer?',
        ),
        (lambda fig: fig.animate("vmprod", fuse="snc"), 'there is no fuse "snc"; did you mean sync?'),
        (
            lambda fig: fig.animate("vmprod", fues="sync"),
            'there is no option of animate "fues"; did you mean fuse?',
        ),
        (lambda fig: fig.animate("vmprod", each={"Q": "none"}), 'there is no matrix "Q"'),
        (lambda fig: fig.animate("vmprod", each={"A": "outer"}), 'there is no box "A"'),
        (lambda fig: fig.animate("vmprod", time=-1), "time=-1 cannot be used: it must be a number >= 0.0"),
        (
            lambda fig: fig.animate("tiled", tiles=[(4, 4, 4), (8, 1, 1)]),
            "8 × 1 × 1 do not lie in",
        ),
        (lambda fig: fig.animate("tiled", tiles=[(4, 4, 0)]), "tiles=[(4, 4, 0)] cannot be used"),
        (lambda fig: fig.animate("tiled", tiles=[(4, 4)]), "tiles=[(4, 4)] cannot be used"),
        (lambda fig: fig.animate("tiled", tiles=[(10**7, 4, 4)]), "cannot be used"),
        (lambda fig: fig.animate("tiled", tiles=[(4, 4, 4)] * 4), "cannot be used"),
        (lambda fig: fig.animate("tiled", order="iij"), '"iij" is no order of loops'),
        (lambda fig: fig.animate("tiled", order="i"), "order='i' cannot be used"),
        (lambda fig: fig.animate("tiled", order=["ijk", "kji"]), "2 orders for 1 levels of tiles"),
        (lambda fig: fig.animate("vmprod", fuse="decode"), "nothing here is causal"),
        (lambda fig: fig.save("x.gif"), "nothing plays in this figure"),
        (lambda fig: fig.animate("vmprod").save("x.gif", seconds=0), "seconds=0 cannot be used"),
        (lambda fig: fig.animate("vmprod").save("x.gif", fps=1e9), "fps=1000000000.0 cannot be used"),
        (
            lambda fig: fig.animate("vmprod").save("x.gif", fps=100, seconds=3600),
            "360,000 frames are too many",
        ),
    ],
)
def test_what_is_wrong_is_said(change, text, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OptionError) as error:
        change(figure())
    assert text in str(error.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name in ALGORITHMS if name not in ("none", "online")])
def test_the_picture_fills_and_ends_as_the_still_figure(name: Any) -> None:
    still = pixels(figure())
    fig = figure().animate(name)
    assert fig.film is not None
    end = pixels(fig.animate(name, time=fig.film.duration))
    assert (end == still).all()
    light = [pixels(fig.animate(name, time=share * fig.film.duration)).sum() for share in (0.0, 0.5)]
    assert (pixels(fig.animate(name, time=0.5 * fig.film.duration)) != still).any()
    assert light[0] < still.sum()


def test_inputs_are_hidden_and_the_camera_spins() -> None:
    fig = figure("A @ B").animate("vmprod", time=4)
    assert pixels(fig.animate("vmprod", hide_inputs=True)).sum() < pixels(fig).sum()
    assert (pixels(fig.animate("vmprod", spin=0.25)) != pixels(fig)).any()


def test_a_gif_has_its_frames_and_its_length(tmp_path) -> None:
    told = []
    path = (
        figure()
        .animate("vmprod")
        .save(tmp_path / "film.gif", seconds=1, fps=10, size=SMALL, progress=lambda *step: told.append(step))
    )
    with Image.open(path) as image:
        assert isinstance(image, GifImagePlugin.GifImageFile)
        assert image.size == SMALL and image.n_frames == 10 and image.info["loop"] == 0
        assert image.info["duration"] == 100
        first = np.asarray(image.convert("RGB"), dtype=int)
        image.seek(9)
        last = np.asarray(image.convert("RGB"), dtype=int)
    assert last.sum() > first.sum()
    assert [step[:2] for step in told] == [(n, 10) for n in range(1, 11)]


def test_an_mp4_plays(tmp_path) -> None:
    av = pytest.importorskip("av")
    path = figure().animate("outer").save(tmp_path / "film.mp4", seconds=0.5, fps=12, size=(161, 99))
    with av.open(str(path)) as container:
        (stream,) = container.streams.video
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert stream.codec_context.name == "h264" and float(stream.average_rate) == 12
    assert len(frames) == 6 and frames[0].shape == (100, 160, 3)
    assert frames[-1].astype(int).sum() > frames[0].astype(int).sum()


def test_an_mp4_without_an_encoder_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(DataError, match="needs a video encoder") as error:
        figure().animate("outer").save(tmp_path / "film.mp4")
    assert "pip install 'matcube[video]'" in str(error.value)
    with pytest.raises(DataError):
        video.mp4(iter([]), fps=12)


def test_tiles_have_an_order_and_totals() -> None:
    fig = figure("A @ B").animate("tiled", tiles=[(4, 3, 2), (2, 3, 1)], order=("ikj", "kij"))
    assert fig.state.film.tiles == ((4, 3, 2), (2, 3, 1)) and fig.state.film.order == "ikj/kij"
    assert fig.film is not None
    (sweep,) = fig.film.sweeps
    levels = [loads(sweep, level, sweep.steps) for level in range(sweep.levels)]
    assert fig._program.graph[sweep.node].label == "A @ B"
    assert [level.products for level in levels] == [8 * 7 * 6] * 2
    assert (levels[0].left, levels[0].written) == (8 * 6, 8 * 7 * 3)
    assert mc.open_figure(fig.link()).film == fig.film
    (sweep,) = figure("A @ B").animate("tiled").film.sweeps  # type: ignore[union-attr]
    assert [loop.size for loop in sweep.loops] == [2, 2, 2] and sweep.steps == 4 * 4 * 3


@pytest.mark.parametrize("given", [(4, 3, 2), [4, 3, 2], [(4, 3, 2)], np.array([4, 3, 2])])
def test_tiles_of_one_level_can_stand_alone(given) -> None:
    fig = figure("A @ B").animate("tiled", tiles=given)
    assert fig.state.film.tiles == ((4, 3, 2),)
