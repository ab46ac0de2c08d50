"""For all tests: where coverage is measured, lines that no test runs are printed before the closing line."""

from __future__ import annotations

import socket
import warnings
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)  # a test does not depend on luck or load
settings.load_profile("suite")

_of_system = socket.getaddrinfo


def _as_browsers_do(host: Any, *rest: Any, **more: Any) -> Any:
    """Names under localhost are this machine, for httpx as they are for browsers."""
    is_local = isinstance(host, str) and host.endswith(".localhost")
    return _of_system("127.0.0.1" if is_local else host, *rest, **more)


socket.getaddrinfo = _as_browsers_do


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Pause the measurement in tests that run the same lines many times: the tracer doubles their cost."""
    from coverage import Coverage

    measured = Coverage.current() if item.get_closest_marker("untraced") else None
    if measured is None:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


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
