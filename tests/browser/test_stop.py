"""Long work: words of how far it is, a button that stops it, and newer work that replaces it."""

from threading import Event

import pytest

import matcube as mc
from matcube.engine.scene import scene_of
from matcube.errors import StoppedError
from matcube.limits import check_stop
from matcube.session import session
from tests.browser.viewer import wait_for


class Held:
    """Scenes of some programs take until they are stopped."""

    def __init__(self) -> None:
        self.programs = "exp"
        self.begun, self.stopped = Event(), Event()

    def scene_of(self, view, engine, *, progress):
        if self.programs in view.program:
            progress(2, 5, "<b>C</b>")
            self.begun.set()
            try:
                while not self.stopped.wait(0.01):
                    check_stop()
            except StoppedError:
                self.stopped.set()
                raise
        return scene_of(view, engine, progress=progress)


@pytest.fixture
def held(monkeypatch):
    holder = Held()
    monkeypatch.setattr(session, "scene_of", holder.scene_of)
    return holder


def test_a_figure_that_loads_long_can_be_stopped_and_loaded_again(held, open_page, serve, leaves):
    served = serve(leaves)
    specs = leaves.state.leaves
    link = mc.figure("C = exp(A @ B)", A=specs["A"], B=specs["B"]).link()
    held.programs = ""  # the first figure itself
    viewer = open_page(served.url, ready=False)
    stop = viewer.frame.get_by_role("button", name="Stop")
    stop.wait_for()
    assert viewer.text(".mc-working span").startswith("Working: 2 of 5: <b>C</b> · ")
    stop.click()
    wait_for(held.stopped.is_set, "the end of the work")
    viewer.frame.get_by_text("its work was stopped").wait_for()
    assert "reload the page" in viewer.text(".mc-failed .mc-note") and viewer.count("img") == 0

    held.programs = "exp"  # the figure of a link
    held.stopped.clear()
    viewer.page.goto(f"{served.origin}/{link}")
    viewer.page.reload()
    stop.click()
    wait_for(held.stopped.is_set, "the end of the work")
    viewer.ready()
    assert "this is not the figure of the link" in viewer.text(".mc-problem")
    assert viewer.head["view"]["program"] == "C = A @ B"
    assert viewer.frame.locator(".mc-program-text").input_value() == "C = exp(A @ B)"
    held.programs = "nothing"
    viewer.page.reload()
    viewer.ready()
    assert (
        viewer.head["view"]["program"] == "C = exp(A @ B)" and viewer.count(".mc-problem, .mc-working") == 0
    )


@pytest.fixture
def viewer(held, open_page, serve, leaves):
    served = serve(leaves)
    opened = open_page(served.url)
    yield opened
    opened.check(origin=served.origin)


def test_long_work_says_how_far_it_is_and_can_be_stopped(viewer, held):
    viewer.program("C = exp(A @ B)")
    viewer.frame.get_by_role("button", name="Stop").wait_for()
    assert viewer.text(".mc-working span").startswith("Working: 2 of 5: <b>C</b> · ")
    viewer.frame.get_by_role("button", name="Stop").click()
    wait_for(held.stopped.is_set, "the end of the work")
    viewer.rest()
    assert viewer.head["view"]["program"] == "C = A @ B"
    assert "the picture is the one of before" in viewer.text(".mc-problem")
    assert viewer.count(".mc-working") == viewer.count(".mc-busy") == 0
    viewer.program("C = relu(A @ B)")
    wait_for(lambda: viewer.head["view"]["program"] == "C = relu(A @ B)", "the next edit")
    assert viewer.count(".mc-problem") == 0


def test_a_newer_change_drops_the_one_before(viewer, held):
    viewer.program("C = exp(A @ B)")
    wait_for(held.begun.is_set, "the first edit")
    viewer.program("C = relu(A @ B)")
    wait_for(held.stopped.is_set, "the end of the first edit")
    wait_for(lambda: viewer.head["view"]["program"] == "C = relu(A @ B)", "the second edit")
    assert viewer.count(".mc-problem") == 0


def test_a_preset_can_be_stopped(viewer, held):
    held.programs = ""
    viewer.frame.get_by_role("button", name="Presets").first.click()
    viewer.frame.locator("[data-control=preset]").first.click()
    viewer.frame.get_by_role("button", name="Stop").click()
    wait_for(held.stopped.is_set, "the end of the work")
    viewer.rest()
    assert viewer.head["view"]["program"] == "C = A @ B"


def test_a_closed_page_stops_its_work(viewer, held):
    viewer.program("C = exp(A @ B)")
    wait_for(held.begun.is_set, "the edit")
    viewer.page.goto("about:blank")
    wait_for(held.stopped.is_set, "the end of the work")
