"""Fonts of this machine for letters that the font in the package lacks."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

NOWHERE = "\U0010fffe"  # a code point without a letter: fonts draw it as a box
FILES = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "PingFang.ttc", "Hiragino Sans GB.ttc",
    "msyh.ttc", "YuGothR.ttc", "meiryo.ttc", "AppleSDGothicNeo.ttc", "malgun.ttf",
    "wqy-zenhei.ttc", "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf", "NotoSansHebrew-Regular.ttf", "NotoSansArabic-Regular.ttf", "ArialHB.ttc",
    "GeezaPro.ttc", "NotoSansDevanagari-Regular.ttf", "Kohinoor.ttc", "Nirmala.ttf", "Nirmala.ttc",
    "mangal.ttf",
    "Arial Unicode.ttf", "ARIALUNI.TTF", "arial.ttf", "NotoEmoji-Regular.ttf", "seguiemj.ttf", "Symbola.ttf",
    "DejaVuSans.ttf", "FreeSans.ttf", "unifont.ttf",
)  # fmt: skip

UNUSUAL = ("Bold", "Oblique", "Italic", "Mono", "Condensed", "Light", "Black", "Thin", "Serif")


def folders() -> list[Path]:
    """Where systems keep their fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", str(home)))
        return [
            Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local / "Microsoft/Windows/Fonts",
        ]  # fmt: skip
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"]


@functools.lru_cache(maxsize=4096)
def path_of(letter: str) -> str | None:
    """The file of a font that has a letter; None where no font of this machine has it.

    Args:
        letter: one character.
    """
    for path in (*_by_fontconfig(ord(letter)), *_in_folders()):
        if _has(path, letter):
            return path
    return None


@functools.lru_cache(maxsize=64)
def font(path: str, px: float) -> ImageFont.FreeTypeFont:
    """A font of this machine at a size in pixels; where Pillow can, letters are joined and ordered."""
    joins = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, px, layout_engine=joins)


def _by_fontconfig(code: int) -> Iterator[str]:
    """Files that fontconfig names for a letter, upright ones of usual weight first; none without it."""
    for path, spans in _charsets():
        if any(first <= code <= last for first, last in spans):
            yield path


@functools.lru_cache(maxsize=1)
def _charsets() -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
    """The files that fontconfig knows, with the first and last of each run of their letters."""
    try:
        answer = subprocess.run(
            ["fc-list", "-f", "%{file}\t%{charset}\n"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = (line.split("\t") for line in answer.stdout.splitlines() if "\t" in line)
    entries = {path: tuple(_span(span) for span in charset.split()) for path, charset in rows}
    return tuple(sorted(entries.items(), key=lambda row: (any(w in row[0] for w in UNUSUAL), row[0])))


def _span(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first, 16), int(last or first, 16)


@functools.lru_cache(maxsize=1)
def _in_folders() -> tuple[str, ...]:
    """Known files in the folders of the system, in the order of ``FILES``."""
    entries: dict[str, str] = {}
    for folder in folders():
        for root, _, names in os.walk(folder):
            entries.update({name: str(Path(root) / name) for name in names if name in FILES})
    return tuple(entries[name] for name in FILES if name in entries)


def _has(path: str, letter: str) -> bool:
    """Whether a font draws a letter, and not the box for those it lacks."""
    try:
        drawn, box = (_shape(font(path, 24.0), text) for text in (letter, NOWHERE))
    except (OSError, ValueError):  # no font that Pillow reads, or one of pictures at fixed sizes
        return False
    return drawn.getbbox() is not None and drawn.tobytes() != box.tobytes()


def _shape(of: ImageFont.FreeTypeFont, text: str) -> Image.Image:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((16, 16), text, fill=255, font=of)
    return image
