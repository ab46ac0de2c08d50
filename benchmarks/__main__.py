"""``make bench``: every measured claim as a table; ends with an error when a limit is not kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from benchmarks import blocks, browser, film, sliders, startup
from benchmarks.table import Row, print_table

TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    "Start": startup.rows,
    "Page in Chromium (software WebGL, 1280×800)": browser.rows,
    "Figures in blocks (software WebGL, 1280×800)": blocks.rows,
    "Films in Chromium (software WebGL, 1280×800), and saved": film.rows,
    "Sliders of the served page (software WebGL, 1280×800)": sliders.rows,
}


def main() -> int:
    """Measure and print; 1 when a limit is not kept."""
    broken: list[Row] = []
    for title, measure in TABLES.items():
        found = list(measure())
        print_table(title, found)
        broken += [row for row in found if not row.kept]
    for row in broken:
        print(f"\nlimit not kept: {row.what}: {row.figure} (limit {row.limit})", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
