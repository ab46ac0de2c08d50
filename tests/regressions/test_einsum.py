"""Any einsum that NumPy takes, against ``numpy.einsum``: values, drawing, cost, text and path."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import matcube as mc
from matcube.errors import ProgramError, ShapeError

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
        ("ij,jk->ik", [(2, 1), (4, 3)]),
        ("ij,ij->ij", [(2, 1), (1, 3)]),
        ("ii,i->i", [(1, 1), (3,)]),
        ("...ij,...jk->...ik", [(1, 2, 3), (4, 3, 1)]),
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


def multiplications(made):
    """Those of contractions, and of ``*``."""
    counts = [made.cost(count=count).total.flops for count in ("each_operation", "multiply")]
    return counts[0] - counts[1]


def grown(seed):
    """A random equation of 1 to 5 operands and up to 6 letters, some with dots and sizes of 1."""
    rng = random.Random(seed)
    pool = "abcdef"[: rng.randint(1, 6)]
    sizes = {letter: rng.randint(1, 3) for letter in pool}
    dims = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))] if seed % 3 == 0 else None
    texts: list[str] = []
    shapes: list[tuple[int, ...]] = []
    for _ in range(rng.randint(1, 5)):
        letters = rng.choices(pool, k=rng.randint(not texts, 4 if dims is None else 2))
        is_flat = rng.random() < 0.1
        shape = [1 if is_flat else sizes[letter] for letter in letters]
        if dims is not None:
            at, few = rng.randint(0, len(letters)), rng.randint(0, len(dims))
            shape[at:at] = [rng.choice((1, size)) for size in dims[few:]]
            letters[at:at] = ["..."]
        texts.append("".join(letters))
        shapes.append(tuple(shape))
    used = sorted({letter for text in texts for letter in text if letter != "."})
    equation = (" , " if seed % 7 == 0 else ",").join(texts)
    if rng.random() < 0.8:
        most = 4 if dims is None else 2
        output = rng.sample(used, rng.randint(0, min(most, len(used))))
        equation += "->" + "..." * (dims is not None) + "".join(output)
    return equation, numbers(*shapes)


@pytest.mark.parametrize("block", range(4))
def test_random_equations(block):
    for seed in range(100 * block, 100 * (block + 1)):
        equation, arrays = grown(seed)
        made = figure(equation, arrays)
        np.testing.assert_allclose(made.value(), np.einsum(equation, *arrays), err_msg=f"{seed}: {equation}")
        if all(array.ndim for array in arrays):
            assert multiplications(made) == mc.einsum_path(equation, *arrays).multiplications, equation
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
    assert [step.multiplications for step in path.steps] == [90 * 90 * 2, 200 * 90 * 2]
    assert path.left_to_right == 200 * 90 * 90 + 200 * 90 * 2
    assert path.at_once == 200 * 90 * 90 * 2 * 2
    assert str(path).splitlines()[-1] == (
        "52,200 multiplications; from left to right 1,656,000, all at once 6,480,000"
    )
    arrays = [np.ones(shape) for shape in shapes]
    made = mc.einsum("ab,bc,cd->ad", *arrays).figure()
    assert made.cost(count="multiply").total.flops == path.multiplications


def test_a_chain_splits_over_devices_and_plays():
    arrays = numbers((4, 3), (3, 4), (4, 2))
    made = mc.figure('einsum("ab,bc,cd->ad", A, B, C)', **dict(zip("ABC", arrays, strict=True)))
    assert made.partition({"A.rows": 2}).devices().count == 2
    assert made.animate("dot_row").film is not None


@pytest.mark.parametrize("path", [((0, 1, 2),), ["einsum_path", (1, 2), (0, 1)], np.array([[0, 2], [0, 1]])])
def test_paths_as_numpy_writes_them(path):
    arrays = numbers((2, 3), (3, 4), (4, 2))
    made = mc.einsum("ab,bc,cd->ad", *arrays, path=path).figure()
    np.testing.assert_allclose(made.value(), np.einsum("ab,bc,cd->ad", *arrays))
    known = mc.einsum_path("ab,bc,cd->ad", *arrays, path=path)
    assert made.cost(count="multiply").total.flops == known.multiplications


@pytest.mark.parametrize(
    "path", [3, "01", ((0, 9), (0, 1)), ((0, 0), (0, 1)), ((0, 1),), ((True, False), (0, 1))]
)
def test_the_remedy_of_a_wrong_path_works(path):
    arrays = numbers((2, 3), (3, 4), (4, 2))
    for call in (mc.einsum, mc.einsum_path):
        with pytest.raises(ProgramError, match="path") as caught:
            call("ab,bc,cd->ad", *arrays, path=path)
        assert caught.value.hint == "write ((0, 1), (0, 1))"
    text = 'einsum("ab,bc,cd->ad", A, B, C, path=((0, 1), (0, 1)))'
    made = mc.figure(text, **dict(zip("ABC", arrays, strict=True)))
    np.testing.assert_allclose(made.value(), np.einsum("ab,bc,cd->ad", *arrays))


def test_the_path_of_huge_shapes_is_found():
    side = 2**31 - 1
    path = mc.einsum_path("eab,ebc,cd->ead", (side, side, side), (side, side, side), (side, 2))
    assert path.path == ((0, 1), (0, 1))  # NumPy's own for 64 in place of each side
    assert path.multiplications == side**4 + 2 * side**3


@pytest.mark.parametrize(
    ("equation", "shapes", "most"),
    [
        ("ij,i->ij", [(300, 4), (300,)], 3),  # was 300 heads of three vectors, and refused from 257 on
        ("ij,j->ji", [(4, 300), (300,)], 4),
        ("hij,hi->hij", [(2, 300, 4), (2, 300)], 6),
        ("ij,ij->i", [(300, 4), (300, 4)], 5),
    ],
)
def test_products_cell_by_cell_are_drawn_as_such(equation, shapes, most):
    arrays = numbers(*shapes)
    made = figure(equation, arrays)
    assert len(made.scene().head.matrices) <= most
    np.testing.assert_allclose(made.value(), np.einsum(equation, *arrays))


def test_empty_heads_that_join_are_refused():
    arrays = numbers((0, 1), (1,), (0, 2, 0), (1, 2, 1), (0,))
    with pytest.raises(ShapeError, match="has no heads"):  # was an IndexError
        figure("ab,b,aca,bcb,a->ca", arrays).scene()


def test_a_sum_over_one_operand_goes_letter_by_letter():
    made = mc.figure('einsum("ij->", A)', A=np.ones((200, 300)))
    assert made.value() == 60000
    assert [row.shape for row in made.cost().rows] == [(200, 300), (300,), (200,), (200,), ()]


@pytest.mark.parametrize("call", ['einsum("{}", A)', 'rearrange(A, "{} -> a")', 'rearrange(A, "({} -> a")'])
def test_a_long_wrong_text_is_refused_at_once(call):
    with pytest.raises(ProgramError, match="cannot be read"):  # took time exponential in its length
        mc.figure(call.format("a" * 1000 + "!"), A=np.ones((2, 2)))


def test_operands_that_are_none():
    wrong: Any = [[1.0]]
    for call in (lambda: mc.einsum(wrong), lambda: mc.einsum_path(wrong)):
        with pytest.raises(ProgramError) as caught:
            call()
        assert caught.value.hint
    with pytest.raises(ProgramError, match="b the sizes 3 and 4"):
        mc.einsum_path("ab,bc", (2, 3), (4, 5))
    with pytest.raises(ProgramError, match='"i j" for operand 2, 3 entries'):
        mc.einsum_path("ij,ij", (2, 3), (3,))


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
