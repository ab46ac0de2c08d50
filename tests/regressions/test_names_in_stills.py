"""Letters that the font in the package lacks: fonts of the machine, else distinct code points."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.outputs.still import fonts
from matcube.outputs.still.text import Run, notice, readable, shortened, width_of, write

HEBREW = "שלום"
PACKAGE = Path(mc.__file__).parent / "data" / "fonts" / "DejaVuSans-subset.ttf"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts."""
    monkeypatch.setattr(fonts, "path_of", lambda letter: None)


@pytest.fixture
def with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a font that draws Hebrew: that in the package stands for it."""
    monkeypatch.setattr(fonts, "path_of", lambda c: str(PACKAGE) if "\u05d0" <= c <= "\u05ea" else None)


def picture(text: str) -> np.ndarray:
    image = Image.new("RGB", (400, 40))
    write(image, (Run(text, 0xFFFFFF),), left=5, middle=20, px=14, ground=0)
    return np.asarray(image)


def test_a_font_of_the_machine_draws_the_name(with_one: None) -> None:
    assert readable(f"{HEBREW}[3, 7]") == f"{HEBREW}[3, 7]"
    assert width_of(HEBREW, 14.0) > 0
    with_name, without = picture(f"{HEBREW} = 1"), picture("     = 1")
    assert (with_name != without).any()


def test_without_a_font_names_stay_distinct_also_where_they_are_short_of_room(bare: None) -> None:
    names = ["日本語", "日本人", "日光", "日", "नमस्ते", "नमस्कार", "😀😀😀", "😀😀😁"]
    assert len({readable(name) for name in names}) == len(names)
    assert len({shortened(name, 90.0, 10.5) for name in names}) == len(names)


def test_a_picture_says_which_letters_no_font_has(
    bare: None, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    figure = mc.figure("名 = A @ B", A=mc.matrix(np.eye(2), name="A", rows=["日", "b"]), B=np.eye(2))
    with caplog.at_level(logging.WARNING, logger="matcube"):
        figure.save(tmp_path / "a.png", size=(320, 300))
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("no font of this machine has 名日: ") and "install one" in said
    caplog.clear()
    mc.figure("A @ B", A=np.eye(2), B=np.eye(2)).save(tmp_path / "b.png", size=(320, 300))
    assert not caplog.records


def test_a_label_file_does_not_make_the_notice_long(bare: None) -> None:
    assert len(notice([chr(code) for code in range(0x4E00, 0x5E00)])) < 300
    assert notice(["plain", "Σ\n"]) == ""


def test_fontconfig_names_the_file_and_upright_fonts_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "/f/Some-Bold.ttf\t5d0-5ea\n/f/Some.ttf\t20-7e 5d0-5ea\n/f/Other.ttf\t41\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=lines))
    fonts._charsets.cache_clear()
    try:
        assert list(fonts._by_fontconfig(0x5D0)) == ["/f/Some.ttf", "/f/Some-Bold.ttf"]
        assert list(fonts._by_fontconfig(0x4E00)) == []
    finally:
        fonts._charsets.cache_clear()


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_fontconfig_known_files_of_the_system_are_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("fc-list")

    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "Symbola.ttf").write_bytes(PACKAGE.read_bytes())
    monkeypatch.setattr(sys, "platform", platform)
    assert fonts.folders()
    monkeypatch.setattr(subprocess, "run", missing)
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path, tmp_path / "none"])
    for cached in (fonts.path_of, fonts._charsets, fonts._in_folders):
        cached.cache_clear()
    try:
        assert fonts.path_of("A") == str(tmp_path / "deep" / "Symbola.ttf")
        assert fonts.path_of("\u0378") is None  # it draws a box
    finally:
        for cached in (fonts.path_of, fonts._charsets, fonts._in_folders):
            cached.cache_clear()


def test_a_pdf_has_one_font_and_spells_other_letters_out(with_one: None) -> None:
    assert readable(HEBREW, package_only=True).startswith("U+05E9…")
