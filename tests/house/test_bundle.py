"""The built viewer is the one its sources give, seen without node; and both sides compute one fingerprint."""

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

import matcube as mc
from tools.bundle_hash import ASSETS, VIEWER, carried_hash, source_hash, stale_files


@pytest.fixture
def copy(tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the viewer's sources and of the built files."""
    viewer, assets = tmp_path / "viewer", tmp_path / "assets"
    shutil.copytree(VIEWER / "src", viewer / "src")
    for name in ("build.mjs", "package.json"):
        shutil.copy(VIEWER / name, viewer)
    shutil.copytree(ASSETS, assets)
    return viewer, assets


def test_the_bundle_is_fresh() -> None:
    assert stale_files(VIEWER, ASSETS) == []


def test_node_computes_the_same_fingerprint() -> None:
    run = subprocess.run(
        ["node", "build.mjs", "--hash"], cwd=VIEWER, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == source_hash(VIEWER)


def test_the_bundle_stays_small() -> None:
    text = (ASSETS / "viewer.js").read_bytes()
    assert 10_000 < len(text) <= 310_000
    assert len(gzip.compress(text, compresslevel=9)) <= 116_000


def test_the_script_of_comparisons_is_a_small_one_of_its_own() -> None:
    assert len((ASSETS / "compare.js").read_bytes()) <= 24_000


def test_the_scripts_and_style_sheets_are_built_and_nothing_else() -> None:
    names = ["compare.css", "compare.js", "page.css", "viewer.css", "viewer.js"]
    assert sorted(path.name for path in ASSETS.iterdir()) == names


def test_a_changed_source_makes_it_stale(copy: tuple[Path, Path]) -> None:
    viewer, assets = copy
    page = viewer / "src" / "hosts" / "viewer.ts"
    page.write_text(page.read_text() + "// changed\n")
    assert "viewer.js is stale: the viewer's sources have changed; run 'make viewer'." in stale_files(
        viewer, assets
    )


def test_a_new_source_makes_it_stale(copy: tuple[Path, Path]) -> None:
    viewer, assets = copy
    (viewer / "src" / "core" / "new.ts").write_text("")
    assert any("viewer.js is stale" in problem for problem in stale_files(viewer, assets))


def test_a_missing_bundle_is_reported(copy: tuple[Path, Path]) -> None:
    viewer, assets = copy
    (assets / "viewer.js").unlink()
    assert stale_files(viewer, assets) == ["viewer.js is missing; run 'make viewer'."]


def test_line_ends_do_not_matter(copy: tuple[Path, Path]) -> None:
    viewer, _ = copy
    before = source_hash(viewer)
    page = viewer / "src" / "hosts" / "viewer.ts"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert source_hash(viewer) == before


def test_a_file_without_a_fingerprint_carries_none(tmp_path: Path) -> None:
    (tmp_path / "viewer.js").write_text("console.log(1)\n")
    assert carried_hash(tmp_path / "viewer.js") is None


def test_a_saved_page_of_a_small_product_stays_small() -> None:
    figure = mc.figure("C = A @ B", A="gaussian(32, 32)", B="gaussian(32, 32, seed=2)")
    assert 100_000 < len(figure.to_html().encode()) <= 500_000
