"""The site as pages: the guide, the Python reference made from docstrings, and the pages of docs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from matcube.outputs.files import write_whole
from tools import site
from tools.docs import search
from tools.docs.api import api
from tools.docs.chapters import Chapter, anchors, chapters, markdown, reference

FOLDER = Path(__file__).parent
SIZE = (1520, 900)  # of a picture, shown at half of it
SEARCH = "search.js"


@dataclass(frozen=True)
class Book:
    """All pages.

    Args:
        guide: the chapters, the first page first.
        python: the Python reference.
        reference: the pages of ``docs``.
    """

    guide: tuple[Chapter, ...]
    python: tuple[Chapter, ...]
    reference: tuple[Chapter, ...]

    @property
    def pages(self) -> tuple[Chapter, ...]:
        """All pages in the order of the contents."""
        return (*self.guide, *self.python, *self.reference)


@cache
def book() -> Book:
    """The book of this tree."""
    return Book(tuple(chapters()), tuple(api()), tuple(reference()))


def write(out: Path) -> None:
    """Write all pages and the search; pictures are written apart."""
    for page in book().pages:
        write_whole(out / f"{page.stem}.html", html_of(page).encode())
    write_whole(out / SEARCH, search.script(book().pages).encode())


def html_of(page: Chapter) -> str:
    """One page, with links to all others."""
    guide = book().guide
    article = f"<article>{_body(page)}{_next(page, guide)}</article>"
    body = f'<div class="book">{_contents()}{article}</div><script src="{SEARCH}" defer></script>'
    nav = [(f"{chapter.stem}.html", chapter.title) for chapter in guide[1:]]
    nav += [(f"{book().python[0].stem}.html", "Python"), ("language.html", "Reference")]
    title = page.title if page.stem == "index" else f"{page.title} · matcube"
    css = (FOLDER / "docs.css").read_text(encoding="utf-8")
    html = site.page(
        title=title, name="matcube", home="index.html", nav=nav, body=body, css=css, js="", tools=search.FIELD
    )
    return html.replace(f'<a href="{page.stem}.html">', f'<a href="{page.stem}.html" aria-current="page">')


def _body(page: Chapter) -> str:
    """The page's own HTML: headings with anchors, links between pages, pictures under their code."""
    text = markdown()
    numbers = count(1)

    def fence(tokens: Sequence[Any], at: int, *_: object) -> str:
        code = re.sub(r"  # doctest: .*", "", tokens[at].content)
        block = f'<pre tabindex="0"><code>{escape(code)}</code></pre>\n'
        caption = re.search(r'picture="([^"]+)"', tokens[at].info)
        if caption is None:
            return block
        name = f"pictures/{page.stem}-{next(numbers)}"
        image = site.picture(dark=f"{name}-dark.png", light=f"{name}-light.png", alt=caption[1], size=SIZE)
        return f"{block}<figure>{image}<figcaption>{escape(caption[1])}</figcaption></figure>\n"

    text.renderer.rules["fence"] = fence  # type: ignore[attr-defined]
    names = anchors(page)
    html = re.sub(
        r"<(h[23])>", lambda heading: f'<{heading[1]} id="{next(names)}">', str(text.render(page.text))
    )
    html = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return re.sub(r'href="(?:\.\./)?([\w-]+)\.md"', r'href="\1.html"', html)


def _contents() -> str:
    def links(pages: Sequence[Chapter]) -> str:
        return "".join(f'<li><a href="{page.stem}.html">{escape(page.title)}</a></li>' for page in pages)

    return (
        f'<nav class="contents" aria-label="Contents"><h2>Guide</h2><ol>{links(book().guide[1:])}</ol>'
        f"<h2>Python</h2><ul>{links(book().python)}</ul><h2>Reference</h2><ul>{links(book().reference)}</ul></nav>"
    )


def _next(page: Chapter, guide: Sequence[Chapter]) -> str:
    """Cards of all chapters on the first page; the next chapter on the others."""
    if page.stem == "index":
        return f'<div class="cards">{"".join(map(_card, guide[1:]))}</div>'
    stems = [chapter.stem for chapter in guide]
    at = stems.index(page.stem) + 1 if page.stem in stems else len(guide)
    if at >= len(guide):
        return ""
    return f'<p class="next"><a href="{stems[at]}.html">Next: {escape(guide[at].title)} →</a></p>'


def _card(chapter: Chapter) -> str:
    words = f"<b>{escape(chapter.title)}</b> {escape(chapter.summary)}"
    return f'<a class="card" href="{chapter.stem}.html">{words}</a>'
