"""Tables as they are found: nothing is dropped without a word."""

import tracemalloc

import numpy as np
import pytest

from matcube.errors import DataError
from matcube.sources.files import list_file, read
from matcube.sources.read_csv import parse_csv

NAN = np.nan
GAPS = ["NA", "N/A", "nan", "", "null", "NULL", "None", "<NA>", "#N/A", "-1.#IND", "1.#QNAN", "n/a", "-NaN"]


@pytest.mark.parametrize(
    ("text", "values", "labels"),
    [
        ("1.0,NA,3.0\n4,5,6\n7,8,9", [[1, NAN, 3], [4, 5, 6], [7, 8, 9]], (None, None)),
        ("NA,1\n2,3\n4,5", [[NAN, 1], [2, 3], [4, 5]], (None, None)),
        (",a,b\nwalk,1,2\n##ing,3,4", [[1, 2], [3, 4]], (("walk", "##ing"), ("a", "b"))),
        ("x;y\n1,5;2\n3,5;4", [[1.5, 2], [3.5, 4]], (None, ("x", "y"))),
        ("1,5;2\n3,5;4", [[1.5, 2], [3.5, 4]], (None, None)),
        ("x\ty\n1,5\t2\n3,5\t4", [[1.5, 2], [3.5, 4]], (None, ("x", "y"))),
        ("a|b\n1|2\n3|4", [[1, 2], [3, 4]], (None, ("a", "b"))),
        ("# made today\n\n1 2 3\n4  5\t6", [[1, 2, 3], [4, 5, 6]], (None, None)),
        ('"a;b",c\n1,2\n3,4', [[1, 2], [3, 4]], (None, ("a;b", "c"))),
        ("b,c\nx,1,2\ny,3,4", [[1, 2], [3, 4]], (("x", "y"), ("b", "c"))),
        (",0,1\n0,5,6\n1,7,8", [[5, 6], [7, 8]], (("0", "1"), ("0", "1"))),
        (",2,3\n4,5,6\n7,8,9", [[NAN, 2, 3], [4, 5, 6], [7, 8, 9]], (None, None)),
        ("1,2\n,\n3,4", [[1, 2], [NAN, NAN], [3, 4]], (None, None)),
        ("1,2\n\n3,4\n\n", [[1, 2], [3, 4]], (None, None)),
        ("True,False\n1,0", [[1, 0], [1, 0]], (None, None)),
        ("tok,x\nthe,1\n7,3\ncat,5", [[1], [3], [5]], (("the", "7", "cat"), ("x",))),
        ("1\x1f,2", [[1, 2]], (None, None)),
        ("5", [[5]], (None, None)),
    ],
)
def test_tables(text, values, labels):
    array, names = parse_csv(text, "t.csv")
    np.testing.assert_array_equal(array, values)
    assert names == labels


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_nan_in_every_column(gap):
    rows = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]
    for column in range(3):
        cells = [list(row) for row in rows]
        cells[1][column] = gap
        array, names = parse_csv("\n".join(",".join(row) for row in cells), "t.csv")
        expected = np.arange(1.0, 10.0).reshape(3, 3)
        expected[1, column] = NAN
        np.testing.assert_array_equal(array, expected)
        assert names == (None, None)


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [("-", "for a gap write nan"),
     ("?", "for a gap write nan"), ("0x10", "write 16"), ("1_000", "write 1000"),
     ("12.5%", "write 0.125"), ("oops", "for a gap write nan")],
)  # fmt: skip
def test_other_texts_are_errors_with_their_place(cell, remedy):
    for line in range(3):
        rows = [["1", "2"], ["3", "4"], ["5", "6"]]
        rows[line][0] = cell
        with pytest.raises(DataError) as caught:
            parse_csv("\n".join(map(",".join, rows)), "t.csv")
        assert caught.value.message == f"t.csv, line {line + 1}, column 1: '{cell}' is not a number"
        assert caught.value.hint == remedy
        rows[line][0] = remedy.removeprefix("write ").removeprefix("for a gap write ")
        assert parse_csv("\n".join(map(",".join, rows)), "t.csv")[0].shape == (3, 2)


def test_the_list_says_what_was_taken_for_names_and_counts_gaps(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(",a,b\nx,1,NA\ny,,4\n")
    (entry,) = list_file(file)
    assert entry.shape == (2, 2)
    assert entry.note == (
        "names of columns from the first row: a, b; names of rows from the first column: x, y; "
        "2 gaps are NaN, the first in line 2, column 3"
    )


def test_lines_that_are_left_out_are_counted(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("# a\n\n# b\n1,2\n\n\n3,4\n\n")
    assert list_file(file)[0].note == (
        "comments before the table, left out: 2 lines; blank, left out: 2 lines"
    )


def test_a_file_that_changes_is_listed_anew(tmp_path):
    file = tmp_path / "t.csv"
    for rows in (1, 2):
        file.write_text("1,2\n" * rows)
        assert list_file(file)[0].shape == (rows, 2)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_of_long_lines(separator):
    names = separator.join(f"name of column {n}" for n in range(20_000))  # longer than what is looked at
    row = separator.join(["1.5"] * 20_000)
    array, labels = parse_csv(f"{names}\n{row}\n{row}\n", "t.csv")
    assert array.shape == (2, 20_000) and labels[1] is not None and labels[1][1] == "name of column 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(tmp_path, encoding):
    file = tmp_path / "t.csv"
    file.write_text("é,b\n1,2\n", encoding=encoding)
    loaded = read(file)
    assert loaded.array.tolist() == [[1, 2]] and loaded.labels == (None, ("é", "b"))


def test_other_encodings_are_refused_with_a_remedy(tmp_path):
    file = tmp_path / "my t.csv"
    file.write_bytes("é,b\n1,2\n".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8") as caught:
        read(file)
    assert caught.value.hint == f"save it as UTF-8: iconv -f latin1 -t utf-8 '{file}' > utf8.csv"


def test_memory_is_that_of_the_numbers(tmp_path):
    file = tmp_path / "t.csv"
    with file.open("w") as out:
        out.writelines("1.25,2.5,3.75,4.125\n" for _ in range(20_000))
    tracemalloc.start()
    array = read(file).array
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    list_file(file)
    listing = tracemalloc.get_traced_memory()[1] - array.nbytes
    tracemalloc.stop()
    assert array.shape == (20_000, 4)
    assert peak < 4 * array.nbytes
    assert listing < array.nbytes / 4, "no values are retained"
