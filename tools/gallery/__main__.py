"""Write the gallery: a page that works from a folder.

    python -m tools.gallery                  all of it, to out/gallery/index.html
    python -m tools.gallery f03 n10          these tiles alone

Of every row: two still pictures (dark and light), drawn without a browser, and a page to turn and to read.
"""

from __future__ import annotations

import argparse
import sys
import time
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

import matcube as mc
from matcube.outputs.files import write_whole
from tools import site
from tools.gallery.rows import Row, data_folder, rows

FOLDER = Path(__file__).parent
SIZE = (800, 520)
STILL = (640, 400)  # the picture that a page shows until it has drawn its own
FEW = 9  # a picture of more faces has no sizes of edges in it
LARGE, SMALL = 1.6, 1.25  # of its names: a tile shows it at half its size
TITLE = "The gallery of matcube"
INTRO = """Each picture is made by the few lines under it. Open one to turn it, to read every number in it
and to play its film; the arrow keys walk from tile to tile."""
FOOTER = """Pages work without a network and carry their numbers with them. The figures of parts 1 to 7 follow
those of the article “Inside the Matrix” in shape; data, words and drawing are our own. A trained head is one
of SmolLM2-135M-Instruct (Apache-2.0)"""


def build(out: Path, found: list[Row], *, data: Path | None) -> int:
    """Write pictures, pages and the index; returns how many bytes."""
    for name in ("pages", "pictures"):
        (out / name).mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    for done, row in enumerate(found, start=1):
        start = time.perf_counter()
        figure = row.figure(data=data)
        for theme in ("dark", "light"):
            write_whole(out / "pictures" / f"{row.stem}-{theme}.png", picture(figure, theme))
        figure.style(theme="auto").save(out / "pages" / f"{row.stem}.html", size=STILL)
        took = time.perf_counter() - start
        print(f"[{done:2d}/{len(found)}] {row.id}  {row.title:<48} {took:5.1f} s", flush=True)
    write_whole(out / "index.html", index(found, data=data).encode())
    total = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    spent = time.perf_counter() - begun
    print(f"{out / 'index.html'}: {len(found)} figures, {total / 1e6:.0f} MB, {spent:.0f} s")
    return total


def picture(figure: mc.Figure, theme: str) -> bytes:
    """A still for a tile, with all names, and sizes of edges where there are few and the whole is in it."""
    few = len(figure.scene().head.layouts[0].faces) <= FEW
    letters = few and figure.state.camera is None
    return site.still_of(figure, theme, size=SIZE, letters=letters, legend_size=LARGE if few else SMALL)


def index(found: list[Row], *, data: Path | None) -> str:
    """The page of tiles."""
    parts, nav = [], []
    for section, some in groupby(found, key=lambda row: row.section):
        number, _, name = section.partition(" ")
        anchor = site.slug(section)
        nav.append((f"#{anchor}", name))
        tiles = "\n".join(tile(row) for row in some)
        parts.append(
            f'<section id="{anchor}"><h2><span class="number">{number}</span>{escape(name)}</h2>\n'
            f'<div class="tiles">\n{tiles}\n</div></section>'
        )
    head = f'<div class="intro"><h1>{TITLE}</h1><p>{INTRO}</p></div>'
    end = FOOTER + (", or of GPT-2 (OpenAI)." if data else ".")
    css, js = ((FOLDER / f"gallery.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    body = "\n".join([head, *parts, f"<footer><p>{end}</p></footer>"])
    return site.page(title=TITLE, name="matcube", home="#main", nav=nav, body=body, css=css, js=js)


def tile(row: Row) -> str:
    """One figure: its picture, which opens its page, its words and its program."""
    to = f"pages/{row.stem}.html"
    image = site.picture(
        dark=f"pictures/{row.stem}-dark.png", light=f"pictures/{row.stem}-light.png", alt=row.title, size=SIZE
    )
    words = {"id": row.id, "title": row.title, "text": row.text, "program": row.program, "body": row.body}
    safe = {name: escape(text) for name, text in words.items()}
    return Template((FOLDER / "tile.html").read_text(encoding="utf-8")).substitute(safe, to=to, image=image)


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the gallery.")
    parser.add_argument("only", nargs="*", help="ids of rows, such as f03; all when left out")
    parser.add_argument("--out", type=Path, default=Path("out/gallery"), help="the folder to write to")
    given = parser.parse_args()
    known = {row.id: row for row in rows()}
    wrong = [name for name in given.only if name not in known]
    if wrong:
        print(f"there is no figure {', '.join(wrong)}; there are: {' '.join(known)}", file=sys.stderr)
        return 2
    build(given.out, [known[name] for name in given.only] or list(known.values()), data=data_folder())
    return 0


if __name__ == "__main__":
    sys.exit(main())
