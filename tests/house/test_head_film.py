"""The committed film is the one that its script makes: format, size, and some of its pictures."""

import numpy as np
import pytest

from matcube.api.demo import demo
from matcube.outputs import still
from tools import make_film

pytestmark = pytest.mark.slow

av = pytest.importorskip("av")


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    with av.open(str(make_film.OUT)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_format(pictures) -> None:
    assert make_film.OUT.stat().st_size < 3_000_000
    with av.open(str(make_film.OUT)) as container:
        (stream,) = container.streams.video
        assert stream.codec_context.name == "h264"
        assert stream.pix_fmt == "yuv420p"
        assert float(container.duration / av.time_base) == pytest.approx(10, abs=0.05)
    assert len(pictures) == 300
    assert pictures[0].shape == (720, 1280, 3)


def test_pictures_are_those_of_the_script(pictures) -> None:
    made = make_film.shot()
    for number in (0, 156, 299):
        ours = np.asarray(make_film.frame(made, number / make_film.FPS, still.FrameCache()), dtype=float)
        off = np.abs(ours - pictures[number]).mean()
        assert off < 4, number  # what H.264 loses of fine texels
        other = np.abs(ours - pictures[(number + 150) % 300]).mean()
        assert other > 2 * off, number


def test_something_moves_all_the_time(pictures) -> None:
    first, last = (round(one * make_film.FPS) for one in make_film.PLAYS)
    for number in range(first, last - 15, 15):
        assert np.abs(pictures[number + 15].astype(float) - pictures[number]).max() > 60


def test_the_chain_is_fused_token_by_token() -> None:
    film = make_film.shot().film
    assert film.duration == make_film.TOKENS
    assert [sweep.algorithm for sweep in film.sweeps] == ["vmprod"] * 4
    assert len({sweep.group for sweep in film.sweeps}) == 1


def test_weights_are_those_of_attention() -> None:
    made = make_film.shot()
    np.testing.assert_allclose(made.weights.sum(axis=1), 1, rtol=1e-5)
    whole = demo().value("attn")
    np.testing.assert_allclose(
        made.weights, whole[: make_film.TOKENS, : make_film.TOKENS], rtol=1e-4, atol=1e-7
    )
    assert len(made.tokens) == make_film.TOKENS
