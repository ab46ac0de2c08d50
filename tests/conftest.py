"""For all tests: the lines of the library that no test runs are printed with the summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / ".coverage"


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Before the closing line: the coverage that the worker processes have written, if they did."""
    if hasattr(config, "workerinput") or not any(DATA.glob("data.*")):
        return
    import coverage

    measured = coverage.Coverage()
    measured.combine()
    terminalreporter.section("lines of src/matcube that no test runs")
    measured.report(file=terminalreporter)
