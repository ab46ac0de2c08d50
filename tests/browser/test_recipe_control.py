"""The control of the recipe in CONTRIBUTING.md, added to a copy of the viewer, is in a page and works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.browser.viewer import wait_for
from tests.house.recipes import CONTROL, with_control

SAVE = ["save", "A @ B", "--let", "A=ones(4, 3)", "--let", "B=ones(3, 2)"]


def test_a_new_control_changes_the_picture(tmp_path: Path, open_page) -> None:
    copy, page = with_control(tmp_path / "copy"), tmp_path / "page.html"
    subprocess.run(["node", "build.mjs"], cwd=copy / "viewer", check=True, capture_output=True, timeout=300)
    run = subprocess.run(
        [sys.executable, "-m", "matcube", *SAVE, str(page)],
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    viewer = open_page(page.as_uri())
    viewer.frame.locator(".mc-toolbar [data-control=looks]").click()
    field = viewer.frame.locator(f"[data-control={CONTROL}]")
    assert not field.is_checked() and viewer.view["style"]["legend_size"] == 1
    field.click()
    wait_for(lambda: viewer.view["style"]["legend_size"] == 2, "the larger text")
    viewer.check()
