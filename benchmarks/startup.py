"""Import time against NumPy's, and the size of the viewer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from importlib.resources import files

from benchmarks.table import Row, ratio_row

FIGURE = "import matcube as mc; mc.Figure; mc.matrix"
MAX_BUNDLE_BYTES = 150_000


def rows() -> list[Row]:
    """Imports : ``import numpy`` in fresh processes, taken in turns; bytes of the two bundles."""
    ours, figure, theirs = _import_ms("import matcube", FIGURE, "import numpy")
    assets = files("matcube") / "outputs" / "assets"
    sizes = {name: len((assets / name).read_bytes()) for name in ("viewer.js", "panel.js")}
    return [
        ratio_row("import matcube : import numpy", ours, theirs, at_most=3),
        ratio_row("what a figure needs : import numpy", figure, theirs, at_most=4),
        *[
            Row(f"{name}, minified", f"{size:,} bytes", f"≤ {MAX_BUNDLE_BYTES:,}", size <= MAX_BUNDLE_BYTES)
            for name, size in sizes.items()
        ],
    ]


def _import_ms(*statements: str) -> list[float]:
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(9):
        for statement in statements:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            times[statement].append((time.perf_counter() - start) * 1e3)
    return [statistics.median(times[statement]) for statement in statements]
