"""Write src/matcube/data/gallery.json: the gallery as links, for the presets menu of the page.

With ``--check`` it only says whether that file is stale.
"""

from __future__ import annotations

import sys

import msgspec

from matcube.session.presets import Preset
from tools.gallery.rows import ROOT, rows

TARGET = ROOT / "src" / "matcube" / "data" / "gallery.json"


def text() -> str:
    """The file, a line for each preset."""
    presets = [Preset(row.id, row.section, row.title, row.text, row.figure().link()) for row in rows()]
    lines = (msgspec.json.encode(preset).decode() for preset in presets)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main() -> int:
    found = text()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == found:
            return 0
        print(f"{TARGET.relative_to(ROOT)} is stale: run python -m tools.gallery.presets")
        return 1
    TARGET.write_text(found, encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}, {len(found):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
