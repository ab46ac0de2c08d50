"""Write the guide and the reference as a static site that works from a folder.

    python -m tools.docs            to out/docs/index.html

Pictures are drawn by the still renderer from the code above them, dark and light.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from matcube.outputs.files import write_whole
from tools import site
from tools.docs.book import SIZE, book, write

LEGENDS = 2.0


def build(out: Path) -> None:
    """Write every page and picture."""
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    write(out)
    for chapter in book().guide:
        figures = chapter.figures()
        for number, figure in enumerate(figures, start=1):
            for theme in ("dark", "light"):
                data = site.still_of(figure, theme, size=SIZE, legend_size=LEGENDS)
                write_whole(out / "pictures" / f"{chapter.stem}-{number}-{theme}.png", data)
        print(f"{chapter.title:<24} {len(figures)} pictures", flush=True)
    spent = time.perf_counter() - begun
    print(f"{out / 'index.html'}: {len(book().pages)} pages, {spent:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the guide and the reference.")
    parser.add_argument("--out", type=Path, default=Path("out/docs"), help="the folder to write to")
    build(parser.parse_args().out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
