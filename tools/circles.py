"""Fail when files of matcube import each other in a circle, the ``__init__`` files of packages included.

    python -m tools.circles

The contract of import-linter sees circles among siblings; this sees also those of a file and its own package.
Imports inside functions and for type checking count.
"""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter

import grimp


def circle() -> list[str]:
    """The files of a circle, each imported by the next; empty when there is none."""
    graph = grimp.build_graph("matcube", cache_dir=None)
    imports = {file: graph.find_modules_directly_imported_by(file) for file in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def main() -> int:
    files = circle()
    if files:
        print("an import circle: " + " → ".join(files))
    return 1 if files else 0


if __name__ == "__main__":
    sys.exit(main())
