"""A run's own host, in a real browser: it resolves, gets in from a file, and keeps its cookie to itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pytest

import matcube as mc
from matcube.outputs.server.opener import Opener


def test_the_page_on_disk_leads_in(
    serve: Callable[[mc.Figure], Any], leaves: mc.Figure, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = serve(leaves), serve(leaves)
    steps: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", steps.append)
    opener = Opener()
    opener.open(one.url + "#m1.x")
    viewer = open_page(steps[0], ready=False)
    page = viewer.page
    page.wait_for_url(f"{one.origin}/#m1.x")
    viewer.ready()
    assert page.evaluate("isSecureContext")
    cookies = {cookie["domain"] for cookie in page.context.cookies()}
    assert cookies == {one.origin.partition("//")[2].partition(":")[0]}
    page.goto(f"http://127.0.0.1:{other.handle.port}/")
    assert "is locked" in page.inner_text("h1") and "Press Enter there" in page.inner_text("dl")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"  # styled
    opener.close()
    assert not Path(url2pathname(steps[0].removeprefix("file://"))).exists()
