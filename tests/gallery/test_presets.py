"""The presets: fresh, small, and each of them opens, also from a page that shows something else."""

from __future__ import annotations

import msgspec
import pytest

import matcube as mc
from matcube.engine import Bindings, Engine
from matcube.session.demo_head import demo_engine
from matcube.session.presets import presets
from matcube.wire import EditRequest, Problem
from matcube.wire.container import decode
from matcube.wire.link import decode_link
from tools.gallery import presets as writer
from tools.gallery.rows import rows

pytestmark = pytest.mark.slow

LARGEST = 60_000


def test_the_file_is_fresh_and_small() -> None:
    assert writer.TARGET.read_text(encoding="utf-8") == writer.text()
    assert writer.TARGET.stat().st_size <= LARGEST


def test_every_row_is_a_preset() -> None:
    assert [one.id for one in presets()] == [row.id for row in rows()]


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_a_preset_is_its_row(preset) -> None:
    (row,) = (one for one in rows() if one.id == preset.id)
    view = decode_link(preset.link)
    engine = demo_engine(view) or Engine(Bindings())
    assert engine.complete(view) == row.figure().state


def test_a_served_page_opens_any_preset_and_comes_back() -> None:
    own = mc.figure("A @ B", A=[[1.0, 2.0]], B=[[3.0], [4.0]])
    session = own.session()
    for name in ("f36", "f03"):
        view = decode_link(next(one.link for one in presets() if one.id == name))
        answer = session.answer(EditRequest(view))
        assert not isinstance(answer, Problem)
        assert decode(answer).head.view == view
    back = session.answer(EditRequest(own.state))
    assert not isinstance(back, Problem) and decode(back).head.title == "A @ B"


def test_other_data_under_the_same_names_are_not_the_demos() -> None:
    view = decode_link(next(each.link for each in presets() if each.id == "f20"))
    other = msgspec.structs.replace(view.data["x"], sha256="0" * 64)
    changed = msgspec.structs.replace(view, data={**view.data, "x": other})
    assert demo_engine(changed) is None
    answer = mc.figure("A @ B", A="eye(2, 2)", B="eye(2, 2)").session().answer(EditRequest(changed))
    assert isinstance(answer, Problem) and "needs the array" in answer.message
