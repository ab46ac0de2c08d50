"""What the row of an operation claims of it is true of its values."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.ir.render import BINDING, Rendered, map_text
from matcube.ops import MAPS, REINDEXES, Cells
from tests.ops.test_maps import make, operands

SHAPE = (6, 6)
HIDDEN = np.random.default_rng(3).random(SHAPE) < 0.4
RIGHT_OF = np.arange(6)[None, :] - np.arange(6)[:, None]


def masked(name: str) -> list[Cells]:
    """Operands of which the first has a mask, its hidden cells 0."""
    first, *others = operands(name, SHAPE, np.float64)
    return [Cells(np.where(HIDDEN, 0.0, first), HIDDEN), *map(Cells, others)]


@pytest.mark.parametrize("name", MAPS)
class TestClaims:
    def test_a_mask_that_is_kept_is_there(self, name: str) -> None:
        result = make(name)(*masked(name)).hidden
        if make(name).keeps_mask:
            assert result is not None and result[HIDDEN].all()
        else:
            assert result is None

    def test_a_zero_that_is_kept_is_zero(self, name: str) -> None:
        if make(name).keeps_zero:
            first, *others = masked(name)
            result = make(name)(Cells(first.values), *others).values
            assert (result[first.values == 0] == 0).all()

    def test_right_of_its_diagonal_all_is_masked(self, name: str) -> None:
        diagonal = make(name).mask_diagonal
        if diagonal is not None:
            result = make(name)(*map(Cells, operands(name, SHAPE, np.float64))).hidden
            assert result is not None and (result == (diagonal < RIGHT_OF)).all()

    def test_an_operation_that_hides_cells_reads_their_places(self, name: str) -> None:
        result = make(name)(*map(Cells, operands(name, SHAPE, np.float64))).hidden
        assert result is None or MAPS[name].reads

    def test_a_linear_one_commutes_with_sums(self, name: str) -> None:
        if MAPS[name].is_linear:
            first, second = (operands(name, SHAPE, np.float64, seed) for seed in (1, 2))
            parts = [make(name)(*map(Cells, part)).values for part in (first, second)]
            whole = make(name)(*(Cells(a + b) for a, b in zip(first, second, strict=True))).values
            np.testing.assert_allclose(whole, sum(parts), rtol=1e-12, atol=1e-12)

    def test_rows_of_a_distribution_are_shares(self, name: str) -> None:
        if MAPS[name].is_distribution:
            result = make(name)(*masked(name)).values
            np.testing.assert_allclose(result.sum(axis=-1), 1)
            assert (result >= 0).all() and (result[HIDDEN] == 0).all()

    def test_reductions_are_of_rows_that_it_mixes(self, name: str) -> None:
        assert not MAPS[name].row_reductions or -1 in MAPS[name].mixes
        assert MAPS[name].cell_cost >= 0

    def test_its_operator_is_one_of_the_language(self, name: str) -> None:
        notation = make(name).notation
        text = map_text(make(name), [Rendered(letter) for letter in "ab"[: MAPS[name].arity]]).text
        assert notation is None or notation.symbol in BINDING
        assert text.startswith(f"{name}(") if notation is None else notation.symbol in text


@pytest.mark.parametrize("name", [name for name, op in REINDEXES.items() if op.is_view])
def test_a_view_takes_one_matrix(name: str) -> None:
    assert REINDEXES[name].arity == 1 and REINDEXES[name].is_linear
