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
