"""The running softmax against the softmax of the keys seen so far, in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matcube.errors import OptionError
from matcube.ops import Cells
from matcube.ops.rows import Softmax
from matcube.values import running_softmax
from matcube.values.online import MAX_STATES

odd = st.sampled_from([np.nan, np.inf, -np.inf, 0.0])
plain = st.floats(-80, 80, width=32)


@st.composite
def attention(draw: st.DrawFn) -> tuple[Cells, np.ndarray, int]:
    rows, keys, cols = (draw(st.integers(1, 7)) for _ in range(3))
    elements = draw(st.sampled_from([plain, plain | odd]))
    scores = draw(arrays.arrays(np.float64, (rows, keys), elements=elements))
    hidden = draw(st.none() | arrays.arrays(np.bool_, (rows, keys)))
    values = draw(arrays.arrays(np.float64, (keys, cols), elements=st.floats(-9, 9, width=32)))
    return Cells(scores, hidden), values, draw(st.integers(1, keys + 2))


@settings(max_examples=300)
@given(attention())
def test_every_state_is_that_of_the_keys_seen_so_far(case) -> None:
    (scores, hidden), values, block = case
    result = running_softmax(Cells(scores, hidden), values, block)
    keys = scores.shape[1]
    mask = np.zeros(scores.shape, dtype=bool) if hidden is None else hidden
    read = np.where(mask, -np.inf, scores)
    with np.errstate(all="ignore"):
        for b in range(-(-keys // block)):
            seen = slice(0, min(keys, (b + 1) * block))
            shares = Softmax()(Cells(scores[:, seen], mask[:, seen])).values
            exact = np.where(shares[:, :, None] == 0, 0.0, shares[:, :, None] * values[seen][None]).sum(
                axis=1
            )
            assert np.allclose(result.output[:, b], exact, rtol=1e-9, atol=1e-12, equal_nan=True)
            highest = read[:, seen].max(axis=1)
            assert np.array_equal(result.highest[:, b], highest, equal_nan=True)
            total = np.where(read[:, seen] == -np.inf, 0.0, np.exp(read[:, seen] - highest[:, None])).sum(
                axis=1
            )
            assert np.allclose(result.total[:, b], total, rtol=1e-9, equal_nan=True)
            part = slice(b * block, seen.stop)
            assert np.allclose(result.passed[:, part], shares[:, part], rtol=1e-9, equal_nan=True)


def test_a_row_without_a_key_yet_is_zero_and_not_a_number_of_nothing():
    hidden = np.array([[True, True, False, False]])
    result = running_softmax(Cells(np.zeros((1, 4)), hidden), np.arange(4.0)[:, None], 2)
    assert result.highest.tolist() == [[-np.inf, 0.0]] and result.total.tolist() == [[0.0, 2.0]]
    assert result.output[0, :, 0].tolist() == [0.0, 2.5]


def test_too_many_states_are_refused_with_a_block_that_will_do():
    rows = MAX_STATES // 1024
    scores, values = np.zeros((rows, 64), np.float32), np.zeros((64, 1024), np.float32)
    with pytest.raises(OptionError, match="268,435,456 numbers: more than 4,194,304") as error:
        running_softmax(Cells(scores), values, 1)
    assert "at least 64" in str(error.value.hint)
    assert running_softmax(Cells(scores), values, 64).output.shape == (rows, 1, 1024)
