"""Help and manual: light to load, complete, with examples that are true."""

import json
import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import matcube as mc
from matcube.cli.main import cli
from matcube.cli.manual import manual

HEAVY = {"numpy", "msgspec", "PIL", "starlette", "uvicorn", "tomllib", "tempfile", "asyncio"}


def commands(group: click.Group = cli, path: str = "matcube") -> list[tuple[str, click.Command]]:
    rows = []
    for name, command in group.commands.items():
        rows.append((f"{path} {name}", command))
        if isinstance(command, click.Group):
            rows += commands(command, f"{path} {name}")
    return rows


@pytest.mark.parametrize(
    "words", [["--help"], ["save", "--help"], ["config", "--help"], ["-V"]], ids=" ".join
)
def test_help_loads_nothing_that_computes(words):
    code = (
        "import json, sys\nfrom matcube.cli.main import main\n"
        f"try:\n    main({words!r})\nfinally:\n    print('MODULES' + json.dumps(list(sys.modules)))"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=plain
    )  # without the modules of a measurement
    loaded = set(json.loads(done.stdout.rpartition("MODULES")[2]))
    assert not loaded & HEAVY
    ours = {name for name in loaded if name.startswith("matcube")}
    assert {name.split(".")[1] for name in ours if "." in name} == {"cli", "errors"}


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_help_of_every_command(command, path):
    words = path.split()[1:]
    said = command(*words, "--help")
    assert said.code == 0 and said.out.startswith(f"Usage: {path}")
    if len(words) == 1:
        assert command("help", *words).out == said.out


def test_help_of_nothing_and_of_what_is_not(command):
    assert command("help").out == command("--help").out
    ended = command("help", "shw")
    assert ended.code == 2 and "Did you mean 'show'?" in ended.err


def test_the_manual_has_every_command_and_option(command):
    page = command("help", "--man").out
    assert page.startswith(f'.TH MATCUBE 1 "" "matcube {mc.__version__}"')
    plain = page.replace(r"\-", "-")
    for path, each in commands():
        assert f"\n.SS {path} " in plain or f"\n.SS {path}\n" in plain
        for param in each.params:
            for name in param.opts:
                assert name in plain or isinstance(param, click.Argument)


def test_the_manual_is_plain_for_its_formatter():
    known = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".nf", ".fi"}
    for line in manual(cli, version="1").splitlines():
        assert not line.startswith("'")
        if line.startswith("."):
            assert line.split()[0] in known
        assert "\b" not in line and line.isascii()
        assert set(re.findall(r"\\(.)", line)) <= set("-&efIB[")


def test_examples_are_read_by_the_parser():
    """Every example in a help text: no unknown command, option or value."""
    for _, each in commands():
        for line in re.findall(r"^\s+(?:.*\| |\w+=\w+ )?(matcube .*)$", each.help or "", re.MULTILINE):
            read(line)


def read(line: str) -> None:
    """Parse a line of a shell as the command would."""
    import shlex

    words = shlex.split(line.partition(" > ")[0].partition(" | ")[0])[1:]
    group, ctx = cli, click.Context(cli, info_name="matcube")
    while isinstance(group, click.Group):
        name, found, words = group.resolve_command(ctx, words)
        assert found is not None
        if isinstance(found, click.Group):
            group = found
            continue
        found.make_context(name, words, parent=ctx)
        return


@pytest.mark.parametrize("command", [[], ["show"], ["save"], ["open"], ["ls"], ["demo"]])
def test_help_reads_well(command):
    text = CliRunner().invoke(cli, [*command, "--help"], prog_name="matcube").output
    assert text.startswith("Usage: matcube")
    assert max(map(len, text.splitlines())) <= 100
    assert "\b" not in text and "\\b" not in text
    # Brackets mean something to a shell: what can be copied from an example is quoted.
    assert not re.search(r"--let [A-Z]=\w+\(", text)


@pytest.mark.parametrize(
    ("command", "example"),
    [
        ("show", "matcube show 'A @ B' --let 'A=gaussian(32,24)' --let 'B=gaussian(24,16)'"),
        ("show", "matcube show 'softmax(tril(Q @ K.T / sqrt(d))) @ V' --data head.npz --let d=16"),
        ("show", "matcube show --let 'A=eye(4,4)' --let 'B=ones(4,2)' -- '-A @ B'"),
        ("save", "matcube save 'A @ B' --let 'A=eye(8,8)' --let 'B=gaussian(8,4)' cube.html cube.png"),
        ("save", "matcube save 'x @ w' --data layer.safetensors --layout wheel --size 1920x1080 layer.png"),
    ],
)
def test_help_has_its_examples_one_a_line(command, example):
    text = CliRunner().invoke(cli, [command, "--help"], prog_name="matcube").output
    assert f"    {example}" in text.splitlines()


def test_version():
    assert CliRunner().invoke(cli, ["--version"]).output == f"matcube {mc.__version__}\n"


def test_help_is_quick():
    code = """
import sys
from matcube.cli.main import main
try:
    main(["--version"])
finally:
    print(*[name for name in ("numpy", "starlette", "PIL", "msgspec") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [f"matcube {mc.__version__}", ""]
