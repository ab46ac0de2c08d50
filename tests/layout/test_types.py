"""Arrangements: the 16 codes and their text."""

from __future__ import annotations

from itertools import product

import pytest

from matcube.errors import OptionError
from matcube.layout import Arrangement, LayoutOptions

CODES = ["".join(letters) for letters in product("-+", "LR", "TB", "FB")]


@pytest.mark.parametrize("code", CODES)
def test_an_arrangement_and_its_text_are_one(code):
    assert str(Arrangement.parse(code)) == code
    assert Arrangement.parse(f" {code.lower()} ") == Arrangement.parse(code)


def test_the_default_is_the_standard_corner():
    assert str(Arrangement()) == "-LTF"
    assert LayoutOptions().root == Arrangement()


@pytest.mark.parametrize("text", ["", "-LT", "-LTFF", "LTF-", "xLTF", "-TLF"])
def test_other_text_is_refused_with_an_example(text):
    with pytest.raises(OptionError, match="is not an arrangement") as caught:
        Arrangement.parse(text)
    assert '"-LTF"' in str(caught.value)
