"""The fingerprint of the viewer's sources, without node.

    python -m tools.bundle_hash            print it
    python -m tools.bundle_hash --check    fail if a built file does not carry it

viewer/build.mjs computes the same number; a test holds the two together.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
VIEWER = ROOT / "viewer"
ASSETS = ROOT / "src" / "matcube" / "outputs" / "assets"


def source_hash(viewer: Path) -> str:
    """Return sha256 over "path NUL text NUL" of each source in order of path; line ends count as newline."""
    sources = [*_files_below(viewer / "src"), viewer / "build.mjs", viewer / "package.json"]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(viewer).as_posix(), path) for path in sources):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def carried_hash(built: Path) -> str | None:
    """Return the fingerprint in the first line of a built file, or None if there is none."""
    first = built.read_text(encoding="utf-8").split("\n", 1)[0]
    found = re.search(r"sha256:([0-9a-f]{64})\b", first)
    return found.group(1) if found else None


def stale_files(viewer: Path, assets: Path) -> list[str]:
    """Return one sentence for each built file that is missing or older than the sources."""
    names = ["viewer.js", "viewer.css", "page.css", "compare.js", "compare.css"]
    expected = source_hash(viewer)
    problems = []
    for name in names:
        if not (assets / name).is_file():
            problems.append(f"{name} is missing; run 'make viewer'.")
        elif carried_hash(assets / name) != expected:
            problems.append(f"{name} is stale: the viewer's sources have changed; run 'make viewer'.")
    return problems


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        print(source_hash(VIEWER))
        return 0
    problems = stale_files(VIEWER, ASSETS)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
