"""How the command ends: 0, 1, 2 or 130, in how many words, in which colour."""

import os
import re
import signal
import subprocess
import sys

import click
import pytest

from matcube.cli import main as cli
from matcube.cli import notes

from .conftest import Binary

pytestmark = pytest.mark.usefixtures("files")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, ["ls", "head.npz"]),
        (0, ["-V"]),
        (0, ["--help"]),
        (1, ["save", "A @@ A", "--data", "A.npy", "a.json"]),
        (1, ["save", "A @ B.T", "--data", "A.npy", "--data", "B.csv", "a.json"]),
        (1, ["ls", "none.npz"]),
        (1, ["open", "#m1.AAAA"]),
        (2, []),
        (2, ["shw"]),
        (2, ["save", "A"]),
        (2, ["save", "A", "--data", "A.npy", "a.json", "--gap", "-1"]),
        (2, ["save", "A", "--data", "A.npy", "a.json", "--theme", "drk"]),
        (2, ["save", "A", "--data", "A.npy", "a.bmp"]),
    ],
)
def test_codes(command, code, words):
    assert command(*words).code == code


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shw"], "Did you mean 'show'?"),
        (["save", "A", "--thme", "dark", "a.json"], "--theme"),
        (["save", "A", "--theme", "drk", "a.json"], "did you mean dark?"),
        (["cost", "A", "--count", "multply"], "did you mean multiply?"),
    ],
)
def test_typing_errors_have_a_near_name(command, words, says):
    assert says in command(*words).err


def test_interrupted(command, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("matcube.cli.figures.figure_of", interrupt)
    assert command("save", "A", "a.json") == (130, "", "") or command("save", "A", "a.json").code == 130


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_of_a_real_process():
    """It waits for standard input, which never comes; a job in the background would ignore Ctrl-C."""
    start = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("matcube", run_name="__main__", alter_sys=True)
"""
    line = [sys.executable, "-c", start, "save", "x @ x", "--data", "x=csv:-", "-v", "a.json"]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == "reading standard input\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_in_the_middle_of_one_step_that_takes_minutes(files):
    """Python hears of it only after the step; the file that is being written is removed."""
    start = """
import hashlib, os, pathlib, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from matcube.cli import entry, main
from matcube.outputs.files import write_whole
def one_step(_):
    print("begun", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
os.fsync = one_step
main.main = lambda: write_whole(pathlib.Path("a.json"), b"{}")
entry.run()
"""
    before = sorted(files.iterdir())
    with subprocess.Popen(
        [sys.executable, "-c", start], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert process.stderr.read() == ""
            assert sorted(files.iterdir()) == before
        finally:
            process.kill()


def test_red_only_on_a_terminal_that_wants_it(monkeypatch):
    assert notes.heading("DataError") == "DataError"
    monkeypatch.setattr(sys, "stderr", Binary(is_terminal=True))
    monkeypatch.setenv("TERM", "xterm")
    assert notes.heading("DataError") == click.style("DataError", fg="red", bold=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert notes.heading("DataError") == "DataError"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert notes.heading("DataError") == "DataError"


def test_every_command_is_listed_with_an_example():
    for name, command in cli.cli.commands.items():
        assert f"matcube {name}" in (command.help or ""), name


def test_too_much_memory_is_refused_with_a_remedy_that_works(command, monkeypatch):
    words = ["save", "A + A", "--let", "A=ones(300,300)", "-o", "-", "--format", "json"]
    monkeypatch.setenv("MATCUBE_MEMORY", "1MB")
    ended = command(*words)
    assert ended.code == 1 and "1 MB may be used" in ended.err
    found = re.search(r"(--memory) (\w+) allows it", ended.err)
    assert found is not None
    option, size = found.groups()
    assert command(*words, option, size).code == 0
