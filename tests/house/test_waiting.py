"""No test waits for a time or measures one: on a busy machine both lie. Tests wait for states, or count."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLOCKS = {"sleep", "wait_for_timeout", "perf_counter", "perf_counter_ns", "monotonic", "process_time"}
TIMER = "set" + "Timeout"  # in scripts of pages
POLL = ("browser/viewer.py", "wait_for")  # the one loop that looks again after a moment


def clocks_in(source: str, *, apart_from: str = "") -> list[str]:
    """Uses of a clock in a module, apart from those in one function; scripts of pages have a clock too."""
    tree = ast.parse(source)
    left_out = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == apart_from
        for node in ast.walk(function)
    }
    return [
        f"line {getattr(node, 'lineno', 0)}: {name}"
        for node in ast.walk(tree)
        if node not in left_out and (name := clock_of(node)) is not None
    ]


def clock_of(node: ast.AST) -> str | None:
    """The clock that a node names, if it does."""
    if isinstance(node, ast.Constant):
        return TIMER if isinstance(node.value, str) and f"{TIMER}(" in node.value else None
    names = (getattr(node, field, None) for field in ("attr", "id", "name"))
    return next((name for name in names if name in CLOCKS), None)


def test_no_test_sleeps_or_measures_time() -> None:
    waiting = {}
    for path in sorted(TESTS.rglob("*.py")):
        name = path.relative_to(TESTS).as_posix()
        apart_from = POLL[1] if name == POLL[0] else ""
        waiting[name] = clocks_in(path.read_text(encoding="utf-8"), apart_from=apart_from)
    assert len(waiting) > 100
    assert {name: uses for name, uses in waiting.items() if uses} == {}


def test_each_use_is_reported_but_those_of_the_poll() -> None:
    source = "import time\ndef poll():\n    time.sleep(1)\ndef test():\n    page.wait_for_timeout(9)\n"
    assert clocks_in(source) == ["line 3: sleep", "line 5: wait_for_timeout"]
    assert clocks_in(source, apart_from="poll") == ["line 5: wait_for_timeout"]
    assert clocks_in("from time import perf_counter as now\nnow()") == ["line 1: perf_counter"]
    assert clocks_in(f'page.js("{TIMER}(go, 100)")') == [f"line 1: {TIMER}"]
