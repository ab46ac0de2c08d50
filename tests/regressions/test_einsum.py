"""Any einsum that NumPy takes, against ``numpy.einsum``: values, drawing, cost, text and path."""

from __future__ import annotations

import random

import numpy as np
import pytest

import matcube as mc
from matcube.errors import ProgramError

NAMES = "ABCDE"


def figure(equation, arrays):
    names = NAMES[: len(arrays)]
    return mc.figure(f'einsum("{equation}", {", ".join(names)})', **dict(zip(names, arrays, strict=True)))


def numbers(*shapes):
    rng = np.random.default_rng(sum(map(sum, shapes)))
    return [rng.integers(-3, 4, shape).astype(np.float64) for shape in shapes]


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ab,bc", [(2, 3), (3, 4)]),
        ("ba,cb", [(2, 3), (4, 2)]),
        ("ii", [(3, 3)]),
        ("ii->i", [(3, 3)]),
        ("iij->ij", [(3, 3, 2)]),
        ("iji->j", [(3, 2, 3)]),
        ("ij->", [(2, 3)]),
        ("ij->j", [(2, 3)]),
        ("ij->ji", [(2, 3)]),
        ("ab,ab->", [(2, 3), (2, 3)]),
        ("ik,kj->", [(2, 3), (3, 4)]),
        ("ik,jl->", [(2, 3), (3, 4)]),
        ("i,j->ij", [(2,), (3,)]),
        ("ij,ij->ij", [(2, 3), (2, 3)]),
        ("ij,ji->ij", [(2, 3), (3, 2)]),
        ("ij,j->ij", [(2, 3), (3,)]),
        ("ij,i->ij", [(2, 3), (2,)]),
        ("ij,ij->i", [(2, 3), (2, 3)]),
        ("...ij,...jk->...ik", [(2, 3, 4), (4, 2)]),
        ("...ij,...jk", [(2, 3, 4), (1, 4, 2)]),
        ("i...->...", [(2, 3, 4)]),
        ("ab,bc,cd->ad", [(2, 3), (3, 4), (4, 2)]),
        ("ab,ab,ab->ab", [(2, 3), (2, 3), (2, 3)]),
        ("i,j,k->kij", [(2,), (3,), (2,)]),
        ("ij,jk,ki->", [(2, 3), (3, 4), (4, 2)]),
        ("ab,bc,cd,de,ea->", [(2, 3), (3, 2), (2, 3), (3, 2), (2, 2)]),
        ("A B , B c->A c", [(2, 3), (3, 4)]),
        (" ij , jk -> ik ", [(2, 3), (3, 4)]),
        ("ij,jk->ik", [(0, 3), (3, 4)]),
        ("ij,jk->ik", [(2, 0), (0, 4)]),
        ("ij->", [(0, 3)]),
    ],
)
def test_equations(equation, shapes):
    arrays = numbers(*shapes)
    made = figure(equation, arrays)
    np.testing.assert_allclose(made.value(), np.einsum(equation, *arrays))
    assert made.scene().head.matrices and made.cost().rows


@pytest.mark.parametrize(
    ("equation", "plain"),
    [
        ("αβ,βγ->αγ", "ab,bc->ac"),
        ("row k, k col -> row col", "ab,bc->ac"),
        ("row k, k row -> row", "ab,ba->a"),
    ],
)
def test_letters_that_numpy_lacks(equation, plain):
    arrays = numbers((2, 3), (3, 2))
    np.testing.assert_allclose(figure(equation, arrays).value(), np.einsum(plain, *arrays))


def grown(seed):
    """A random equation of 1 to 5 operands and up to 6 letters, with its arrays."""
    rng = random.Random(seed)
    pool = "abcdef"[: rng.randint(1, 6)]
    sizes = {letter: rng.randint(1, 3) for letter in pool}
    operands = [[rng.choice(pool) for _ in range(rng.randint(0, 4))] for _ in range(rng.randint(1, 5))]
    if not any(operands):
        operands[0] = [pool[0]]
    used = sorted({letter for operand in operands for letter in operand})
    equation = (" , " if seed % 7 == 0 else ",").join(map("".join, operands))
    if rng.random() < 0.8:
        equation += "->" + "".join(rng.sample(used, rng.randint(0, min(4, len(used)))))
    return equation, numbers(*[tuple(sizes[letter] for letter in operand) for operand in operands])


@pytest.mark.parametrize("block", range(4))
def test_random_equations(block):
    for seed in range(100 * block, 100 * (block + 1)):
        equation, arrays = grown(seed)
        made = figure(equation, arrays)
        np.testing.assert_allclose(made.value(), np.einsum(equation, *arrays), err_msg=f"{seed}: {equation}")
        made.cost()
        if seed % 4 == 0:
            made.scene()
        if seed % 20 == 0:
            assert made.to_png(size=(80, 60))


def test_every_number_of_operands_in_python_and_text():
    arrays = numbers((2, 3), (3, 4), (4, 2))
    expected = np.einsum("ab,bc,cd->ad", *arrays)
    for path in (None, ((0, 1), (0, 1)), ((1, 2), (0, 1)), ((0, 2), (0, 1))):
        lazy = mc.einsum("ab,bc,cd->ad", *arrays, path=path)
        np.testing.assert_allclose(lazy.figure().value(), expected)
        again = mc.figure(lazy.figure().program, A=arrays[0], B=arrays[1], C=arrays[2])
        np.testing.assert_allclose(again.value(), expected)
    text = 'einsum("ab,bc,cd->ad", A, B, C, path=((1, 2), (0, 1)))'
    np.testing.assert_allclose(mc.figure(text, **dict(zip("ABC", arrays, strict=True))).value(), expected)
    np.testing.assert_allclose(mc.einsum(",ij->ij", 2, arrays[0]).figure().value(), 2 * arrays[0])


def test_the_path_is_numpys_with_its_costs():
    shapes = [(200, 90), (90, 90), (90, 2)]
    path = mc.einsum_path("ab,bc,cd->ad", *shapes)
    numpy_path = np.einsum_path("ab,bc,cd->ad", *(np.empty(shape) for shape in shapes))[0][1:]
    assert list(path.path) == [tuple(pair) for pair in numpy_path]
    assert path.products == (90 * 90 * 2, 200 * 90 * 2)
    assert path.left_to_right == 200 * 90 * 90 + 200 * 90 * 2
    assert path.at_once == 200 * 90 * 90 * 2 * 2
    assert str(path).splitlines()[-1] == (
        "52,200 multiplications; from left to right 1,656,000, all at once 6,480,000"
    )
    arrays = [np.ones(shape) for shape in shapes]
    made = mc.einsum("ab,bc,cd->ad", *arrays).figure()
    assert made.cost(count="multiply").total.flops == sum(path.products)


def test_a_chain_splits_over_devices_and_plays():
    arrays = numbers((4, 3), (3, 4), (4, 2))
    made = mc.figure('einsum("ab,bc,cd->ad", A, B, C)', **dict(zip("ABC", arrays, strict=True)))
    assert made.partition({"A.rows": 2}).devices().count == 2
    assert made.animate("dot_row").film is not None


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("ij,jk->iq", "gives the result q, which no operand has"),
        ("ij,jk->ii", "has i twice in the result"),
        ("ij", "has letters for 1 operands, but 2 are given"),
        ("i!,jk->i", 'cannot be read at "i!"'),
        ("...i...,jk->i", 'cannot be read at "...i..."'),
    ],
)
def test_errors_name_the_equation(equation, message):
    with pytest.raises(ProgramError) as caught:
        figure(equation, numbers((2, 3), (3, 4)))
    assert caught.value.message == f'einsum "{equation}" {message}'
