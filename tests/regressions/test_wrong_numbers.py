"""Programs that once gave wrong numbers without a word, with their right values."""

import numpy as np
import pytest

import matcube as mc

A, B = np.arange(6.0).reshape(2, 3), np.arange(6.0, 12.0).reshape(3, 2)
H = A @ B


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lambda h: (h + h**3) * 0.5, (H + H**3) * 0.5),
        (lambda h: (h + h) / 3, (H + H) / 3),
        (lambda h: (h + h) ** 2, (H + H) ** 2),
        (lambda h: 2 / (h + h), 2 / (H + H)),
        (lambda h: (-h) ** 2 - (h - h), H**2),
    ],
)
def test_brackets_of_shared_expressions(expression, expected):
    figure = expression(mc.matrix(A, name="A") @ mc.matrix(B, name="B")).figure()
    np.testing.assert_allclose(figure.value(), expected)
    np.testing.assert_allclose(mc.figure(figure.program, A=A, B=B).value(), expected)


@pytest.mark.parametrize(
    ("name", "square"),
    [("eye", np.eye(3)), ("tril", np.tril(np.ones((3, 3)))), ("triu", np.triu(np.ones((3, 3))))],
)
def test_one_size_is_square(name, square):
    np.testing.assert_array_equal(mc.figure(f"out = {name}(3) @ Q", Q=B).value("out"), square @ B)
    np.testing.assert_array_equal((mc.matrix(f"{name}(3)") @ B).figure().value(), square @ B)
