"""For all tests: where coverage is measured, lines that no test runs are printed before the closing line."""

from __future__ import annotations

import warnings
from typing import Any


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Put together what the worker processes, which have ended, have written."""
    if hasattr(config, "workerinput"):
        return
    import coverage

    if coverage.Coverage.current() is None:
        return
    terminalreporter.section("lines of src/matcube that no test runs")
    try:
        with warnings.catch_warnings(action="ignore"):  # of files that only a test's copy of the tree has
            measured = coverage.Coverage()
            measured.combine()
            measured.report(file=terminalreporter)
    except coverage.CoverageException as error:
        terminalreporter.write_line(f"not measured: {error}")
