"""Files of a public project: one source of the version; hooks and a workflow that call our own tools."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

import matcube

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_has_one_source() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/matcube/__init__.py"
    package, lock = json.loads(read("viewer/package.json")), json.loads(read("viewer/package-lock.json"))
    assert package["private"] is True and "version" not in package
    assert "version" not in lock and "version" not in lock["packages"][""]
    assert "\nversion:" not in read("CITATION.cff")


def test_the_changelog_starts_with_this_version() -> None:
    releases = re.findall(r"^## (.*)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert releases[0].startswith(f"{matcube.__version__} (")
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", release) for release in releases)
    dates = [release.split()[1] for release in releases]
    assert dates == sorted(dates, reverse=True)


def test_the_workflow_runs_make_test_and_nothing_else() -> None:
    workflow = read(".github/workflows/test.yml")
    assert re.findall(r"run: (.*)", workflow) == ["make test"]
    used = re.findall(r"uses: (.*)@v\d+\n", workflow)
    assert used == ["actions/checkout", "actions/setup-python", "actions/setup-node"]


def hooks() -> list[str]:
    return re.findall(r"entry: (.*)", read(".pre-commit-config.yaml"))


def test_hooks_are_the_projects_own_tools() -> None:
    config = read(".pre-commit-config.yaml")
    assert re.findall(r"repo: (.*)", config) == ["local"]
    scripts = json.loads(read("viewer/package.json"))["scripts"]
    for entry in hooks():
        if entry.startswith("npm "):
            assert entry.rpartition(" ")[2] in scripts
        else:
            assert entry.startswith(".venv/bin/")


@pytest.mark.parametrize(
    "tool",
    [
        "ruff check",
        "ruff format",
        "mypy",
        "lint-imports",
        "tools.gen_types",
        "tools.prose",
        "tools.circles",
        "types",
        "lint",
        "check",
    ],
)
def test_every_check_of_lint_is_a_hook(tool: str) -> None:
    assert tool in read("tools/run_lint.sh")
    assert any(tool in entry for entry in hooks())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem
)
def test_a_decision_has_a_number_and_a_dated_status(path: Path) -> None:
    title, status = path.read_text(encoding="utf-8").split("\n\n")[:2]
    assert re.fullmatch(rf"# {path.stem[:4]}: [^\n]+", title)
    assert re.match(r"Status: (accepted|superseded by \d{4}), \d{4}-\d\d-\d\d[.;]", status)
