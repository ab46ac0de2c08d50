"""Progress of long work, told while it lasts."""

import importlib
import threading

import click
import pytest

from matcube.cli import progress

pytestmark = pytest.mark.usefixtures("files")
EYE = ("--let", "A=eye(4,4)")


def test_long_work_shows_progress(command, monkeypatch, slow_down):
    """Every phase that takes its time is told of: values, statistics, averages, the picture."""
    for place, name in (
        ("matcube.values.evaluate", "contract"),
        ("matcube.values", "stats"),
        ("matcube.scene.join", "pooled_matrix"),
        ("matcube.outputs.still.paint", "_finish"),
    ):
        slow_down(importlib.import_module(place), name)
    monkeypatch.setattr("matcube.scene.join.MAX_EXACT_CELLS", 3)
    monkeypatch.setattr("matcube.outputs.still.paint.BAND", 1 << 12)
    ended = command("save", "A @ A @ A", *EYE, "a.png", "--size", "200x100")
    for line in (
        "of 6 done: A",
        "of 6 done: statistics of A",
        "of 3 done: preparing A",
        "of 100 done: the picture",
    ):
        assert line in ended.err, ended.err
    assert ended.out == "wrote a.png\n" and "\x1b" not in ended.err


def test_short_work_shows_no_progress(command, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_SECS", 3600)  # all work is short beside that
    assert command("save", "A @ A @ A", *EYE, "a.json").err == ""


def test_a_terminal_has_one_line_of_progress(command, monkeypatch, slow_down):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    slow_down(importlib.import_module("matcube.values.evaluate"), "contract")
    err = command("save", "A @ A @ A", *EYE, "a.json").err
    assert "1 of 6 done: A, 0 s" in err and "\n" not in err and err.endswith("\r\x1b[K")


@pytest.fixture
def slow_down(monkeypatch):
    """Makes functions take so long that progress is shown meanwhile, however busy the machine is."""
    shown = threading.Semaphore(0)
    echo = click.echo

    def counted(*arguments, **options):
        echo(*arguments, **options)
        shown.release()

    monkeypatch.setattr(progress, "PATIENCE_SECS", 0.001)
    monkeypatch.setattr(click, "echo", counted)

    def slowed(module, name):
        function = getattr(module, name)

        def slow(*arguments, **options):
            while shown.acquire(blocking=False):
                pass
            for _ in range(2):  # the first may have been on its way before
                assert shown.acquire(timeout=60)
            return function(*arguments, **options)

        monkeypatch.setattr(module, name, slow)

    return slowed
