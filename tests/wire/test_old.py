"""Links and a page of earlier versions open as they did: they are read for ever."""

import gzip
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

import matcube as mc

HERE = Path(__file__).parent
BLOCKS = (HERE / "old_links.txt").read_text(encoding="utf-8").split("\n\n")[1:]
ARRAYS = {"A": np.arange(12.0).reshape(3, 4), "B": np.ones((4, 2))}


def part_of(new: object, old: object) -> object:
    """A new state without the fields that are newer than an old one."""
    if isinstance(new, dict) and isinstance(old, dict):
        return {key: part_of(value, old[key]) for key, value in new.items() if key in old}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        return [part_of(value, held) for value, held in zip(new, old, strict=True)]
    return new


@pytest.mark.parametrize("block", BLOCKS, ids=[block.partition("\n")[0] for block in BLOCKS])
def test_an_old_link_restores_its_state_and_is_drawn(block):
    name, link, written = block.strip().splitlines()
    old = json.loads(written)
    old["stops"] = old.pop("viewpoints")
    figure = mc.open_figure(link, data=ARRAYS if name == "data" else None)
    assert part_of(json.loads(msgspec.json.encode(figure.state)), old) == old
    assert figure.scene().head.layouts
    assert mc.open_figure(figure.link(), data=ARRAYS if name == "data" else None) == figure


def test_an_old_page_opens_with_its_arrays(tmp_path):
    page = tmp_path / "old.html"
    page.write_bytes(gzip.decompress((HERE / "old_page.html.gz").read_bytes()))
    figure = mc.open_figure(page)
    np.testing.assert_array_equal(figure.value(), ARRAYS["A"] @ ARRAYS["B"])
    assert figure.state.style.theme == "light"
