"""Files are whole at any time: the earlier content stays until the new one is complete."""

import os
import stat
from pathlib import Path

import pytest

from matcube.errors import DataError
from matcube.outputs.files import write_whole


def test_a_failure_leaves_the_earlier_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cube.png"
    path.write_bytes(b"earlier")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match=r"cube\.png cannot be written: No space left on device"):
        write_whole(path, b"later")
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_mode_and_links_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "cube.png", tmp_path / "link.png"
    path.write_bytes(b"earlier")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, b"later")
    assert link.is_symlink()
    assert path.read_bytes() == b"later"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write_whole(tmp_path / "cube.png", b"new")
    assert (tmp_path / "cube.png").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_device_is_written_in_place() -> None:
    write_whole(Path(os.devnull), b"anything")
    assert not Path(os.devnull).is_file()
