"""Names that run from right to left turn no numbers around them."""

from __future__ import annotations

from typing import Any

import numpy as np

import matcube as mc

PLACES = """([selector, wanted]) => {
    const words = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
    const spots = [];
    while (words.nextNode()) {
        const node = words.currentNode;
        [...node.data].forEach((letter, at) => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            if (wanted.includes(letter)) spots.push([letter, range.getBoundingClientRect().left]);
        });
    }
    return spots.sort((a, b) => a[1] - b[1]).map(([letter]) => letter).join('');
}"""


MARK = """() => {
    const legends = [...document.querySelectorAll('.mc-legend')];
    const own = legends.find((legend) => legend.textContent.startsWith('א'));
    own.id = 'legend';
    return own.textContent;
}"""


# Texts and attributes in which a character of a name is obeyed, or a name in Hebrew turns what is around it.
OBEYED = """() => {
    const found = [];
    for (const one of document.querySelectorAll('.mc *')) {
        const own = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const texts = own.map((node) => node.data);
        const attributes = ['aria-label', 'title', 'alt', 'aria-valuetext', 'placeholder'];
        for (const name of attributes) {
            const text = one.getAttribute(name) ?? '';
            texts.push(text);
            if (/(^|[^א\u2068])א/.test(text)) found.push(`${name}: ${text}`);
        }
        const obeyed = /[\u202a-\u202e\u2066\u2067\u200e\u200f\u0000-\u0008]/;
        found.push(...texts.filter((text) => obeyed.test(text)));
    }
    return found;
}"""


def test_no_character_of_a_name_is_obeyed(open_page: Any, save: Any) -> None:
    names = ["plain", "evil\u202etxt", "bell\x07"]
    a = mc.matrix(np.arange(12.0).reshape(3, 4), name="A", rows=names)
    figure = mc.figure("א = A @ B", A=a, B=np.ones((4, 5))).animate("vmprod")
    page = open_page(save(figure.view(pin=("א", 1, 2), select="א")))
    for key in ("p", "o"):
        page.key(key)
    page.hover("א", 2, 3)
    page.rest()
    assert page.js(OBEYED) == []
    assert "evil\\u202etxt" in page.text(".mc-card") and "bell\\x07" in page.text(".mc-tip")
    assert page.js("() => document.querySelector('.mc-card button').ariaLabel").startswith(
        "Copy \u2068א\u2069[1, 2]"
    )


def test_a_hebrew_matrix_of_3_by_5_reads_3_by_5(open_page: Any, save: Any) -> None:
    figure = mc.figure("א = A @ B", A=np.ones((3, 4)), B=np.ones((4, 5)))
    figure = figure.view(yaw=-35, pitch=25, pin=("א", 1, 2))
    page = open_page(save(figure))
    page.rest()
    legend = page.js(MARK)
    assert legend.replace(" ", "") == "א3×5"
    assert page.page.evaluate(PLACES, ["#legend", "א35"]) == "א35"
    assert page.page.evaluate(PLACES, [".mc-reading-place", "א12"]) == "א12"
    assert page.page.evaluate("() => document.querySelectorAll('#legend bdi').length") == 1
