"""Import time against NumPy's, and the size of the viewer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from importlib.resources import files

from benchmarks.table import Row, ratio_row

MAX_BUNDLE_BYTES = 150_000


def rows() -> list[Row]:
    """``import matcube`` : ``import numpy`` in fresh processes, taken in turns; bytes of the two bundles."""
    ours, theirs = _import_ms("matcube", "numpy")
    assets = files("matcube") / "outputs" / "assets"
    sizes = {name: len((assets / name).read_bytes()) for name in ("viewer.js", "panel.js")}
    return [
        ratio_row("import matcube : import numpy", ours, theirs, at_most=3),
        *[
            Row(f"{name}, minified", f"{size:,} bytes", f"≤ {MAX_BUNDLE_BYTES:,}", size <= MAX_BUNDLE_BYTES)
            for name, size in sizes.items()
        ],
    ]


def _import_ms(*modules: str) -> list[float]:
    times: dict[str, list[float]] = {module: [] for module in modules}
    for _ in range(9):
        for module in modules:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
            times[module].append((time.perf_counter() - start) * 1e3)
    return [statistics.median(times[module]) for module in modules]
