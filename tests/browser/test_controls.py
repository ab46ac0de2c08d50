"""Every control and its state in the served, the saved and the sandboxed page: docs/controls.md."""

import re
from pathlib import Path

import pytest

import matcube as mc

TABLE = Path(__file__).parents[2] / "docs" / "controls.md"
KINDS = ("served", "saved", "sandboxed")

# Of every control outside the player: its name, what it says, and its state in a word of the table.
CONTROLS = """() => [...document.querySelectorAll("[data-control]:not(.mc-player *)")].map((element) => {
  const options = element.options ? [...element.options] : [];
  const fixed = element.disabled || element.readOnly;
  const state = fixed ? "read-only" : options.some((one) => one.disabled) ? "stored" : "works";
  return {
    name: element.dataset.control, state,
    title: element.title, says: (element.querySelector("summary") ?? element).title,
  };
})"""
PLAYERS = (
    """() => [...document.querySelectorAll(".mc-player [data-control]")].map((e) => e.dataset.control)"""
)
NAMELESS = """() => [...document.querySelectorAll(".mc button, .mc select, .mc input, .mc summary")]
  .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.placeholder)
                 || !e.title || e.title.includes("\\n"))
  .filter((e) => !e.closest(".mc-leaves"))
  .map((e) => e.outerHTML)"""


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
        return open_page(serve(figure).url if kind == "served" else save(figure), width=1160)  # both panels

    return opening


def everything(viewer):
    """All controls of both panels, one value of each kind selected in turn."""
    viewer.frame.locator(".mc-toolbar [data-control=inspect]").click()
    viewer.frame.locator(".mc-toolbar [data-control=looks]").click()
    for _ in range(3):
        viewer.frame.locator("[data-control=stop-save]").evaluate("(button) => button.click()")
    viewer.key(",")  # the stop in the middle has one before and one after it
    viewer.rest()
    found = []
    for name in ("A", "C"):
        viewer.frame.locator(".mc-term-name", has_text=re.compile(f"^{name}$")).click()
        found += viewer.js(CONTROLS)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_controls_are_those_of_the_table_and_say_in_one_line_what_they_do(kind, opened):
    viewer = opened(kind)
    found = everything(viewer)
    states = {one["name"]: one["state"] for one in found}
    assert states == {control: states[kind] for control, states in decided().items()}
    assert [one for one in found if not one["says"].strip() or "\n" in one["title"]] == []
    assert viewer.js(NAMELESS) == []
    viewer.check(origin=viewer.js("() => location.origin") if kind == "served" else None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_player_has_the_controls_of_its_table(kind, open_page, open_framed, serve, save, leaves):
    playing = leaves.animate("outer")
    if kind == "sandboxed":
        viewer = open_framed(playing)
    else:
        viewer = open_page(serve(playing).url if kind == "served" else save(playing))
    found = {one["name"]: one["state"] for one in viewer.js(CONTROLS.replace(":not(.mc-player *)", ""))}
    wanted = {control: states[kind] for control, states in decided(player=True).items()}
    assert {name: found[name] for name in viewer.js(PLAYERS)} == wanted
    assert viewer.frame.locator(".mc-toolbar [data-control=film]").is_enabled()
