"""Where a test is: every package of the library has a folder of tests, and every file says what it tests."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {path.parent.name for path in (ROOT / "src" / "matcube").glob("*/__init__.py")}
# Tests of what is more than a package, and what tests are compared with.
OTHERS = {
    "browser": "the page in Chromium",
    "docs": "the guide, its code and its pages",
    "gallery": "the figures of the gallery",
    "goldens": "heads of scenes that are compared with",
    "house": "rules about the repository",
    "regressions": "a small input for each fault that was once reported, with its right value",
    "real": "reference data beside the repository",
    "vectors": "numbers that both languages are compared with",
}


def test_every_package_has_a_folder_of_tests() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/*") if path.is_file()}
    assert folders - OTHERS.keys() == PACKAGES


def test_every_file_of_tests_says_what_it_tests() -> None:
    silent = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []
