"""Completion: the scripts, and what is offered."""

import subprocess

import click
import pytest
from click.shell_completion import ShellComplete

from matcube.cli.main import cli
from matcube.cli.vocabulary import VOCABULARIES
from matcube.timeline import ALGORITHMS


def offered(*words: str) -> list[str]:
    *before, last = words
    return [item.value for item in ShellComplete(cli, {}, "matcube", "_").get_completions(before, last)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_every_shell(command, shell):
    ended = command("completion", shell)
    assert ended.code == 0 and f"_MATCUBE_COMPLETE={shell}_complete" in ended.out


def test_an_unknown_shell(command):
    ended = command("completion", "bsh")
    assert ended.code == 2 and "bash" in ended.err


def test_bash_takes_the_script(command):
    script = command("completion", "bash").out
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_offered():
    assert "save" in offered("s") and "show" in offered("s")
    assert "--theme" in offered("save", "A", "--th")
    assert offered("save", "A", "--theme", "") == ["dark", "light", "auto"]
    assert offered("save", "A", "--layout", "z") == ["zigzag"]
    assert offered("save", "A", "--animate", "K=v") == ["K=vmprod"]
    assert offered("save", "A", "--partition", "preset:meg") == ["preset:megatron="]
    assert offered("cost", "A", "--machine", "h") == ["h100", "h200"]
    assert "html" in offered("save", "A", "--format", "")


@pytest.mark.parametrize(
    ("option", "what"),
    [("scheme", "layout"), ("theme", "theme"), ("sensitivity", "sensitivity"), ("fuse", "fuse"),
     ("animate", "algorithm"), ("machine", "machine"), ("count", "count"), ("form", "format")],
)  # fmt: skip
def test_the_help_names_every_value(option, what):
    commands = cli.commands.values()
    params = [param for each in commands for param in each.params if param.name == option]
    assert params
    for param in params:
        assert isinstance(param, click.Option)
        for name in VOCABULARIES[what]():
            assert name in (param.help or ""), name


def test_algorithms_are_those_of_the_timeline():
    assert list(VOCABULARIES["algorithm"]()) == list(ALGORITHMS)
