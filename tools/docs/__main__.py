"""Write the guide as a static site that works from a folder.

    python -m tools.docs            to out/docs/index.html

Pictures are drawn by the still renderer from the code above them, dark and light.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from tools import site
from tools.docs.chapters import Chapter, chapters, markdown, reference

FOLDER = Path(__file__).parent
SIZE = (1520, 900)  # shown at half of it
LEGENDS = 2.0


def build(out: Path) -> None:
    """Write every page and picture."""
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    guide, pages = chapters(), reference()
    begun = time.perf_counter()
    for chapter in guide:
        figures = chapter.figures()
        for number, figure in enumerate(figures, start=1):
            for theme in ("dark", "light"):
                data = site.still_of(figure, theme, size=SIZE, legend_size=LEGENDS)
                (out / "pictures" / f"{chapter.stem}-{number}-{theme}.png").write_bytes(data)
        write(out, chapter, guide, pages)
        print(f"{chapter.title:<24} {len(figures)} pictures", flush=True)
    for page in pages:
        write(out, page, guide, pages)
    spent = time.perf_counter() - begun
    print(f"{out / 'index.html'}: {len(guide) + len(pages)} pages, {spent:.0f} s")


def write(out: Path, page: Chapter, guide: Sequence[Chapter], pages: Sequence[Chapter]) -> None:
    """One page, with the way to all others."""
    article = f"<article>{_body(page)}{_next(page, guide)}</article>"
    body = f'<div class="book">{_contents(guide, pages)}{article}</div>'
    nav = [(f"{one.stem}.html", one.title) for one in guide[1:]] + [("language.html", "Reference")]
    title = page.title if page.stem == "index" else f"{page.title} · matcube"
    css = (FOLDER / "docs.css").read_text(encoding="utf-8")
    html = site.page(title=title, name="matcube", home="index.html", nav=nav, body=body, css=css, js="")
    here = html.replace(f'<a href="{page.stem}.html">', f'<a href="{page.stem}.html" aria-current="page">')
    (out / f"{page.stem}.html").write_text(here, encoding="utf-8")


def _body(page: Chapter) -> str:
    """The page's own HTML: headings with addresses, links between pages, pictures under their code."""
    text = markdown()
    numbers = count(1)

    def fence(tokens: Sequence[Any], at: int, *_: object) -> str:
        block = f'<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre>\n'
        caption = re.search(r'picture="([^"]+)"', tokens[at].info)
        if caption is None:
            return block
        name = f"pictures/{page.stem}-{next(numbers)}"
        image = site.picture(dark=f"{name}-dark.png", light=f"{name}-light.png", alt=caption[1], size=SIZE)
        return f"{block}<figure>{image}<figcaption>{escape(caption[1])}</figcaption></figure>\n"

    text.renderer.rules["fence"] = fence  # type: ignore[attr-defined]
    html = str(text.render(page.text))
    html = re.sub(r"<h2>(.*?)</h2>", lambda found: f'<h2 id="{site.slug(found[1])}">{found[1]}</h2>', html)
    html = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return re.sub(r'href="(?:\.\./)?([\w-]+)\.md"', r'href="\1.html"', html)


def _contents(guide: Sequence[Chapter], pages: Sequence[Chapter]) -> str:
    def links(some: Sequence[Chapter]) -> str:
        return "".join(f'<li><a href="{one.stem}.html">{escape(one.title)}</a></li>' for one in some)

    return (
        f'<nav class="contents" aria-label="Contents"><h2>Guide</h2><ol>{links(guide[1:])}</ol>'
        f"<h2>Reference</h2><ul>{links(pages)}</ul></nav>"
    )


def _next(page: Chapter, guide: Sequence[Chapter]) -> str:
    """Cards of all chapters on the first page; the next chapter on the others."""
    if page.stem == "index":
        cards = "".join(
            f'<a class="card" href="{one.stem}.html"><b>{escape(one.title)}</b> {escape(one.summary)}</a>'
            for one in guide[1:]
        )
        return f'<div class="cards">{cards}</div>'
    stems = [one.stem for one in guide]
    at = stems.index(page.stem) + 1 if page.stem in stems else len(guide)
    if at >= len(guide):
        return ""
    return f'<p class="next"><a href="{stems[at]}.html">Next: {escape(guide[at].title)} →</a></p>'


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the guide.")
    parser.add_argument("--out", type=Path, default=Path("out/docs"), help="the folder to write to")
    build(parser.parse_args().out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
