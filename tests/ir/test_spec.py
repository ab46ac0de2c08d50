"""Index specs: reading, writing, letters and groups."""

import pytest

from matcube.errors import GraphError
from matcube.ir import Group, IndexSpec


@pytest.mark.parametrize(
    "text",
    [
        "i k, k j -> i j",
        "h i d, h j d -> h i j",
        " -> i j",
        "i, i -> ",
        "() -> ",
        "i j, () -> i j",
        "i (h d) -> h i d",
        "past d, new d -> (past + new) d",
    ],
)
def test_text_round_trip(text: str) -> None:
    assert str(IndexSpec.parse(text)) == text
    assert IndexSpec.parse(str(IndexSpec.parse(text))) == IndexSpec.parse(text)


def test_nothing_before_the_arrow_is_no_operand_and_brackets_are_one() -> None:
    assert IndexSpec.parse("-> i j").inputs == ()
    assert IndexSpec.parse("() -> ").inputs == ((),)


def test_summed_and_batch() -> None:
    spec = IndexSpec.parse("h i d, h j d -> h i j")
    assert spec.summed == ("d",)
    assert spec.batch == ("h",)
    assert IndexSpec.parse("h i d, h d c -> i c").summed == ("h", "d")


def test_positions() -> None:
    assert IndexSpec.parse("h i d, h j d -> h i j").positions("d") == ((0, 2), (1, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("i k, k j", 'index spec "i k, k j" has no "->"'),
        ("i 3 -> i", 'index spec "i 3 -> i": "3" is not a letter'),
        ("i (h d -> i", 'index spec "i (h d -> i" cannot be read; write letters like "i k, k j -> i j"'),
        ("i; j -> i", 'index spec "i; j -> i": "i;" is not a letter'),
    ],
)
def test_bad_specs_are_refused(text: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        IndexSpec.parse(text)
    assert caught.value.message == message


def test_groups() -> None:
    assert Group.of("k") == Group(("k",))
    assert Group.of("(h d)") == Group(("h", "d"))
    assert str(Group.of("(past + new)")) == "(past + new)"
