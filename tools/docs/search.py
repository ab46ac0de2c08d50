"""The index of the search: an entry for each heading, with the text below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tools.docs.chapters import Chapter, anchors, markdown

FOLDER = Path(__file__).parent
FIELD = (
    '<form class="search" role="search" hidden><input type="search" placeholder="Search  /"'
    ' autocomplete="off" spellcheck="false" aria-label="Search the docs">'
    '<ol aria-label="Results" hidden></ol></form>'
)


class Entry(msgspec.Struct, frozen=True):
    """A place to go to: its heading, the title of its page, its address, and the text under the heading."""

    title: str
    page: str
    address: str
    text: str


def entries(page: Chapter) -> Iterator[Entry]:
    """The entries of a page: the page itself, and each of its headings."""
    names = anchors(page)
    title, address, words = page.title, f"{page.stem}.html", list[str]()
    heading = False
    for token in markdown().parse(page.text):
        if token.type == "heading_open":
            heading = token.tag != "h1"
            if heading:
                yield Entry(title, page.title, address, " ".join(words))
                words = []
        elif token.type == "inline" and heading:
            title, address, heading = token.content, f"{page.stem}.html#{next(names)}", False
        elif token.type == "inline":
            words.append(" ".join(token.content.replace("`", "").replace("\\", "").replace("**", "").split()))
    yield Entry(title, page.title, address, " ".join(words))


def script(pages: Iterable[Chapter]) -> str:
    """The script of the search with its index."""
    index = msgspec.json.encode([entry for page in pages for entry in entries(page)]).decode()
    return f"const INDEX = {index};\n" + (FOLDER / "search.js").read_text(encoding="utf-8")
