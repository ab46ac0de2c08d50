"""docs/command.md is true: every command, option, setting and key of JSON, and no other."""

import re
from pathlib import Path

import click
import pytest

from matcube.cli.main import cli
from matcube.cli.settings import settings_of

from .test_help import commands, read

TEXT = (Path(__file__).parents[2] / "docs" / "command.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (matcube [\w ]+)\n(.*?)(?=^### |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def test_every_command_has_a_section():
    assert list(SECTIONS) == [path for path, _ in commands()]


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_every_option_is_described_as_in_its_help(path, command):
    rows = re.findall(r"^\| (`-.*?`) \| (.*) \|$", SECTIONS[path], re.MULTILINE)
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [re.findall(r"`([^`]+)`", names) for names, _ in rows] == [
        [*param.opts, *param.secondary_opts] for param in options
    ]
    assert [text for _, text in rows] == [param.help for param in options]


def test_every_setting_is_named():
    listed = re.search(r"`MATCUBE_THEME` in the environment:\n(.*)\.\n", TEXT)
    assert listed is not None
    assert re.findall(r"`([\w-]+)`", listed[1]) == list(settings_of(cli.commands))


def test_lines_of_the_page_and_of_the_readme_are_read_by_the_parser():
    """What is indented or in backquotes and begins with matcube."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^    (?:cat \S+ \| )?(matcube .*?)(?:\s+# .*)?$", TEXT + readme, re.MULTILINE)
    lines += re.findall(r"`(?:cat \S+ \| )?(matcube [a-z]+ '[^`]*)`", TEXT)
    assert len(lines) > 8
    for line in lines:
        read(line)
