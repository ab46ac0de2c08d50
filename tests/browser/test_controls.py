"""Every control and its state in the served, the saved and the sandboxed page: docs/controls.md."""

import re
from pathlib import Path

import pytest

import matcube as mc

TABLE = Path(__file__).parents[2] / "docs" / "controls.md"
KINDS = ("served", "saved", "sandboxed")

# What each word of the table means of an element.
STATE = """(element) => {
  if (element.disabled || element.readOnly) return "read-only";
  const options = element.options ? [...element.options] : [];
  return options.some((one) => one.disabled) ? "stored" : "works";
}"""


def decided(*, player=False):
    """The rows of the tables (all but the player's, or the player's): control -> state by kind of page."""
    rows = {}
    text = TABLE.read_text(encoding="utf-8").split("## The player")[1 if player else 0]
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) >= 4:
            rows[cells[0].strip("`")] = dict(zip(KINDS, cells[1:4], strict=True))
    return rows


@pytest.fixture(scope="module")
def figure():
    """A figure whose values offer all that can be changed of any."""
    return mc.figure("C = rmsnorm(A @ B)", A="gaussian(16, 8, seed=1)", B="uniform(8, 12, seed=2)")


@pytest.fixture
def opened(open_page, open_framed, serve, save, figure):
    """Open the figure as one kind of page."""

    def opening(kind):
        if kind == "sandboxed":
            return open_framed(figure)
        return open_page(serve(figure).url if kind == "served" else save(figure))

    return opening


def everything(viewer):
    """All controls of both panels, one value of each kind selected in turn."""
    viewer.frame.locator(".mc-toolbar [data-control=inspect]").click()
    viewer.frame.locator(".mc-toolbar [data-control=looks]").click()
    viewer.frame.locator("[data-control=viewpoint-save]").evaluate("(button) => button.click()")
    for name in ("A", "C"):
        viewer.frame.locator(".mc-term-name", has_text=re.compile(f"^{name}$")).click()
        yield from viewer.frame.locator("[data-control]:not(.mc-player *)").all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_controls_are_those_of_the_table(kind, opened):
    viewer = opened(kind)
    found = {one.get_attribute("data-control"): one.evaluate(STATE) for one in everything(viewer)}
    assert found == {control: states[kind] for control, states in decided().items()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_says_in_one_line_what_it_does(kind, opened):
    viewer = opened(kind)
    silent = [
        one.evaluate("(e) => e.outerHTML")
        for one in everything(viewer)
        if not one.evaluate("(e) => (e.querySelector('summary') ?? e).title.trim()")
        or "\n" in one.evaluate("(e) => e.title")
    ]
    assert silent == []
    viewer.check(origin=viewer.js("() => location.origin") if kind == "served" else None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_player_has_the_controls_of_its_table(kind, open_page, open_framed, serve, save, leaves):
    playing = leaves.animate("outer")
    if kind == "sandboxed":
        viewer = open_framed(playing)
    else:
        viewer = open_page(serve(playing).url if kind == "served" else save(playing))
    found = {
        element.get_attribute("data-control"): element.evaluate(STATE)
        for element in viewer.frame.locator(".mc-player [data-control]").all()
    }
    assert found == {control: states[kind] for control, states in decided(player=True).items()}
    assert viewer.frame.locator(".mc-toolbar [data-control=film]").is_enabled()


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_every_button_and_field_has_a_name_and_a_title(kind, opened):
    viewer = opened(kind)
    for _ in everything(viewer):
        pass
    nameless = viewer.js(
        """() => [...document.querySelectorAll('.mc button, .mc select, .mc input, .mc summary')]
             .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.placeholder)
                            || !e.title || e.title.includes('\\n'))
             .filter((e) => !e.closest('.mc-leaves'))
             .map((e) => e.outerHTML)"""
    )
    assert nameless == []
