"""For all tests: where coverage is measured, lines that no test runs are printed before the closing line."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Put together what the worker processes, which have ended, have written."""
    if hasattr(config, "workerinput"):
        return
    import coverage

    if coverage.Coverage.current() is None:
        return
    measured = coverage.Coverage()
    measured.combine()
    terminalreporter.section("lines of src/matcube that no test runs")
    measured.report(file=terminalreporter)
