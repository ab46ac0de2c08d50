"""Every error text of the language, verbatim with its marked column; and that no text does worse.

``program_errors.txt`` holds them as a reader sees them: ``>>>`` and the program, then the error.
"""

from pathlib import Path

import pytest

from matcube.errors import MatcubeError, OptionError, ProgramError
from matcube.ir import LeafInput
from matcube.sources.program import parse, parse_binding, parse_leaf

SHAPES = {
    "A": "4, 3",
    "B": "3, 5",
    "Q": "32, 64",
    "K": "32, 64",
    "x": "6, 4",
    "W": "4, 4",
    "b": "4",
    "H": "2, 6, 4",
}
LEAVES: dict[str, LeafInput] = {name: parse_leaf(f"shape({sizes})") for name, sizes in SHAPES.items()}
BLOCKS = (Path(__file__).parent / "program_errors.txt").read_text(encoding="utf-8").strip().split("\n\n")


def split(block: str) -> tuple[str, str]:
    lines = block.split("\n")
    program = [line.removeprefix(">>> ") for line in lines if line.startswith(">>>")]
    return "\n".join(program), "\n".join(lines[len(program) :])


def error(text: str) -> MatcubeError:
    with pytest.raises(MatcubeError) as caught:
        parse(text, leaves=LEAVES)
    return caught.value


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: split(block)[0][:40])
def test_the_text_of_an_error(block: str) -> None:
    program, expected = split(block)
    result = error(program)
    assert f"{result.kind}: {result}" == expected


def test_there_are_enough_of_them() -> None:
    assert len(BLOCKS) > 100


def test_the_error_of_the_front_page() -> None:
    assert str(error("softmax(Q @ K)")).splitlines() == [
        'in "Q @ K": k is 64 in Q (32 × 64) but 32 in K (32 × 64); did you mean K.T?',
        "  softmax(Q @ K)",
        "              ^",
    ]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "# nothing", ";", " ; # A @ B\n"])
def test_no_program(text: str) -> None:
    assert str(error(text)) == "the program is empty; write a product, such as A @ B"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "Q" + ")" * 300,
        "-" * 3900 + "Q",
        "Q" + "+Q" * 1900,
        "Q**" * 1300 + "2",
        "relu(" * 150 + "Q" + ")" * 150,
    ],
    ids=["brackets", "minus", "plus", "power", "calls"],
)
def test_too_deep(text: str) -> None:
    assert str(error(text)) == (
        "the program is nested too deeply\n  hint: give parts of it a name: S = Q @ K.T"
    )


def test_a_deep_formula() -> None:
    assert error("formula(3, 3, " + "i+" * 200 + "i)").message == "the program is nested too deeply"


def test_too_long() -> None:
    result = error("Q" * 4001)
    assert result.message == "the program has 4001 characters; the longest allowed has 4000"
    assert result.hint is not None and "from lazy matrices" in result.hint


@pytest.mark.parametrize("text", ["Q\x00", "\ud800", "Q @ '\x00'"])
def test_no_text_at_all(text: str) -> None:
    assert isinstance(error(text), ProgramError)


def test_columns_after_wide_and_rewritten_characters() -> None:
    assert str(error("é = Q; 漢 = (attn=é); 漢 @ K")).splitlines() == [
        'in "Q @ K": k is 64 in Q (32 × 64) but 32 in K (32 × 64); did you mean K.T?',
        "  é = Q; 漢 = (attn=é); 漢 @ K",
        "                           ^",
    ]


def test_the_line_of_the_error_is_shown() -> None:
    assert str(error("S = Q @ K.T\n    T = S @\\\n    A\n")).splitlines()[1:] == [
        "      T = S @\\",
        "            ^",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A @ B", 'nothing is named "A"'),
        ("relu(gaussian(2, 3))", "this is neither a leaf nor a number"),
        ("gaussian(2,", "this cannot be read: '(' was never closed"),
        ("x = 3", "this is neither a leaf nor a number"),
        ("[1, 2]", "the language has no lists"),
    ],
)
def test_what_a_name_cannot_be_bound_to(text: str, message: str) -> None:
    with pytest.raises(ProgramError) as caught:
        parse_binding(text)
    assert caught.value.message == message


def test_a_leaf_is_no_number() -> None:
    with pytest.raises(ProgramError) as caught:
        parse_leaf("64")
    assert str(caught.value) == (
        "this is a number, but a leaf with sizes is needed\n  hint: write gaussian(64, 16)"
    )


def test_options_out_of_range_have_a_place() -> None:
    result = error("Q @ gaussian(64, 2, dropout=1.5)")
    assert isinstance(result, OptionError)
    assert str(result).splitlines() == [
        "gaussian: dropout=1.5 is out of its range",
        "  Q @ gaussian(64, 2, dropout=1.5)",
        "      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  hint: it must be at least 0 and at most 1",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_constants_from_outside_are_numbers(value: float) -> None:
    with pytest.raises(ProgramError):
        parse("x * d", leaves=LEAVES, constants={"d": value})
