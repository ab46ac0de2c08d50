"""Import time against NumPy's, and the size of the viewer."""

from __future__ import annotations

import gzip
import statistics
import subprocess
import sys
import time
from importlib.resources import files

from benchmarks.table import Row, ratio_row

FIGURE = "import matcube as mc; mc.Figure; mc.matrix"
MAX_BUNDLE_BYTES, MAX_PACKED_BYTES = 310_000, 116_000


def rows() -> list[Row]:
    """Imports : ``import numpy`` in fresh processes, taken in turns; bytes of the viewer."""
    ours, figure, theirs = _import_ms("import matcube", FIGURE, "import numpy")
    script = (files("matcube") / "outputs" / "assets" / "viewer.js").read_bytes()
    packed = len(gzip.compress(script, compresslevel=9))
    return [
        ratio_row("import matcube : import numpy", ours, theirs, at_most=3),
        ratio_row("what a figure needs : import numpy", figure, theirs, at_most=4),
        _size_row("viewer.js, minified", len(script), MAX_BUNDLE_BYTES),
        _size_row("viewer.js, gzip", packed, MAX_PACKED_BYTES),
    ]


def _size_row(what: str, size: int, most: int) -> Row:
    return Row(what, f"{size:,} bytes", f"≤ {most:,}", size <= most)


def _import_ms(*statements: str) -> list[float]:
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(9):
        for statement in statements:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            times[statement].append((time.perf_counter() - start) * 1e3)
    return [statistics.median(times[statement]) for statement in statements]
