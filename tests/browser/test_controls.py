"""Every control and its state in the served, the saved and the sandboxed page: docs/controls.md."""

from pathlib import Path

import pytest

TABLE = Path(__file__).parents[2] / "docs" / "controls.md"
KINDS = ("served", "saved", "sandboxed")

# What each word of the table means of an element.
STATE = """(element) => {
  if (element.disabled || element.readOnly) return "read-only";
  const options = element.options ? [...element.options] : [];
  return options.some((one) => one.disabled) ? "stored" : "works";
}"""


def decided(part=0):
    """The rows of a table (the page's, the player's): control -> state by kind of page."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").split("## The player")[part].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) >= 4:
            rows[cells[0].strip("`")] = dict(zip(KINDS, cells[1:4], strict=True))
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_the_controls_are_those_of_the_table(kind, open_page, open_framed, serve, save, leaves):
    if kind == "sandboxed":
        viewer = open_framed(leaves)
    else:
        viewer = open_page(serve(leaves).url if kind == "served" else save(leaves))
    viewer.click("C", 3, 3)
    found = {}
    for page in ("looks", "matrices", "inspect"):
        viewer.frame.locator(f".mc-toolbar [data-control={page}]").click()
        for element in viewer.frame.locator("[data-control]:not(.mc-player *)").all():
            found[element.get_attribute("data-control")] = element.evaluate(STATE)
    expected = {control: states[kind] for control, states in decided().items()}
    assert found == expected


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
    assert found == {control: states[kind] for control, states in decided(part=1).items()}
    assert viewer.frame.locator(".mc-toolbar [data-control=film]").is_enabled()


@pytest.mark.parametrize("kind", ["served", "saved"])
def test_every_button_has_a_name_and_a_title(kind, open_page, serve, save, leaves):
    viewer = open_page(serve(leaves).url if kind == "served" else save(leaves))
    viewer.click("C", 3, 3)
    for page in ("looks", "matrices", "inspect"):
        viewer.frame.locator(f".mc-toolbar [data-control={page}]").click()
    nameless = viewer.js(
        """() => [...document.querySelectorAll('.mc button')]
             .filter((e) => !(e.ariaLabel || e.textContent.trim()) || !e.title || e.title.includes('\\n'))
             .map((e) => e.outerHTML)"""
    )
    assert nameless == []
