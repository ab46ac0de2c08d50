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


def decided():
    """The rows of the table: control -> state by kind of page."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
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
        for element in viewer.frame.locator("[data-control]").all():
            found[element.get_attribute("data-control")] = element.evaluate(STATE)
    expected = {control: states[kind] for control, states in decided().items()}
    assert found == expected


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
