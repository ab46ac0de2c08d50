"""The notation of einops, against einops."""

from __future__ import annotations

import random
from typing import Any

import einops
import numpy as np
import pytest

import matcube as mc
from matcube.errors import OptionError, ProgramError
from matcube.sources.einops import EXAMPLES


def call(function, pattern, array, *more, **sizes):
    words = ", ".join([f'"{word}"' for word in more] + [f"{name}={size}" for name, size in sizes.items()])
    return mc.figure(f'{function}(x, "{pattern}"{", " if words else ""}{words})', x=array)


X = np.random.default_rng(0).integers(-9, 10, (2, 12)).astype(np.float64)
HEADS = np.random.default_rng(1).integers(-9, 10, (2, 3, 4)).astype(np.float64)


@pytest.mark.parametrize(
    ("function", "pattern", "array", "more", "sizes"),
    [
        ("rearrange", "t (h d) -> h t d", X, (), {"h": 3}),
        ("rearrange", "t (h d) -> (h t) d", X, (), {"d": 4}),
        ("rearrange", "t (h d)->t (d h)", X, (), {"h": 3, "d": 4}),
        ("rearrange", "h t d -> t (h d)", HEADS, (), {}),
        ("rearrange", "h t d -> d 1 t h", HEADS, (), {}),
        ("rearrange", "a b -> b a", X, (), {}),
        ("rearrange", "... d -> d ...", HEADS, (), {}),
        ("rearrange", "(1 a) b -> a b 1", X, (), {}),
        ("rearrange", "1 a b -> b a", X[None], (), {}),
        ("rearrange", "a b 1 -> b a", X[:, :, None], (), {}),
        ("repeat", "h t d -> (h r) t d", HEADS, (), {"r": 3}),
        ("repeat", "a b -> a r b", X, (), {"r": 2}),
        ("repeat", "a b -> (r a) b", X, (), {"r": 2}),
        ("reduce", "a b -> a", X, ("sum",), {}),
        ("reduce", "a b -> b", X, ("mean",), {}),
        ("reduce", "h t d -> t", HEADS, ("max",), {}),
        ("reduce", "a (b c) -> c a", X, ("max",), {"c": 3}),
        ("reduce", "h t d -> h", HEADS, ("mean",), {}),
        ("reduce", "a b -> ", X, ("sum",), {}),
        ("reduce", "a b -> 1 1", X, ("max",), {}),
        ("reduce", "(a 2) (b 3) -> a b", X, ("mean",), {}),
        ("reduce", "h ... -> h", HEADS, ("max",), {}),
        ("repeat", "a b -> a b 3", X, (), {}),
        ("repeat", "a b -> (a 2) (b 2)", X, (), {}),
        ("rearrange", "h ... -> h (...)", HEADS, (), {}),
        ("rearrange", "... d -> (d ...)", HEADS, (), {}),
        ("rearrange", "1 1 ->", X[:1, :1], (), {}),
        ("rearrange", "1 1 -> 1 1 1", X[:1, :1], (), {}),
    ],
)
def test_patterns(function, pattern, array, more, sizes):
    made = call(function, pattern, array, *more, **sizes)
    expected = getattr(einops, function)(array, pattern, *more, **sizes)
    np.testing.assert_allclose(made.value(), expected)
    assert made.value().shape == expected.shape
    assert made.scene().head.matrices
    made.cost()


def test_random_patterns():
    for seed in range(150):
        rng = random.Random(seed)
        axes = rng.sample("abcde", rng.randint(1, 4))
        sizes = {axis: rng.randint(1, 3) for axis in axes}
        sides = []
        for order in (axes, rng.sample(axes, len(axes))):
            groups, rest = [], list(order)
            while rest:
                many = rng.randint(1, min(2, len(rest)))
                groups.append(rest[:many])
                rest = rest[many:]
            sides.append(groups)
        pattern = " -> ".join(
            " ".join(f"({' '.join(group)})" if len(group) > 1 else group[0] for group in side)
            for side in sides
        )
        shape = [int(np.prod([sizes[axis] for axis in group])) for group in sides[0]]
        array = np.random.default_rng(seed).normal(size=shape)
        given = {axis: sizes[axis] for group in sides[0] for axis in group[1:]}
        expected = einops.rearrange(array, pattern, **given)
        actual = call("rearrange", pattern, array, **given).value()
        np.testing.assert_array_equal(actual, expected, err_msg=f"{seed}: {pattern}")


@pytest.mark.parametrize(
    ("function", "pattern", "more", "sizes", "message"),
    [
        ("rearrange", "t (h d) -> h t d", (), {}, "does not say the sizes in (h d)"),
        (
            "rearrange",
            "t (h d) -> h t d",
            (),
            {"h": 5},
            "gives (h d) 5 places, which do not fit 12 of 2 × 12",
        ),
        ("rearrange", "t h -> t", (), {}, "loses h"),
        ("rearrange", "t h -> t h q", (), {}, "has q on its right alone"),
        ("rearrange", "t h d -> t h d", (), {}, "has 3 axes on its left, and the tensor 2 dimensions"),
        ("rearrange", "t t -> t", (), {}, "has t twice on its left"),
        ("rearrange", "t h", (), {}, 'has no "->"'),
        ("rearrange", "t (h -> t h", (), {}, 'cannot be read at "t (h"'),
        ("rearrange", "t h -> h t", (), {"q": 2}, "has no axis q"),
        ("rearrange", "t h -> t h 2", (), {}, "has 2 on its right alone"),
        ("rearrange", "t h -> t ... h", (), {}, "has dots on its right alone"),
        ("rearrange", "t (...) -> t ...", (), {}, "has dots in brackets on its left"),
        ("repeat", "t h -> t h r", (), {}, "does not say the size of r"),
        ("repeat", "t h -> t h r", (), {"r": 0}, "repeats r 0 times"),
        ("reduce", "t h -> t", ("median",), {}, 'cannot reduce by "median"'),
    ],
)
def test_errors_name_pattern_and_axes(function, pattern, more, sizes, message):
    with pytest.raises(ProgramError) as caught:
        call(function, pattern, X, *more, **sizes)
    assert caught.value.message == f'{function} "{pattern}" {message}'


def test_remedies_work():
    fixed = mc.figure('repeat(x, "t h -> t h q 3", q=2)', x=X).value()
    np.testing.assert_array_equal(fixed, einops.repeat(X, "t h -> t h q 3", q=2))
    with pytest.raises(ProgramError) as caught:
        mc.figure('rearrange(x, "t h -> t h q 3")', x=X)
    assert caught.value.hint == 'write repeat(x, "t h -> t h q 3", q=2)'
    with pytest.raises(ProgramError) as caught:
        mc.figure('rearrange(x, "t (h d) -> h t d")', x=np.ones((2, 9)))
    assert caught.value.hint == "add h=3"
    for example in EXAMPLES.values():
        mc.figure(example, x=X).value()


def test_reduction_and_pattern_by_name():
    for text in ('reduce(x, "a b -> a", reduction="max")', 'x.reduce(pattern="a b -> a", reduction="max")'):
        np.testing.assert_array_equal(mc.figure(text, x=X).value(), X.max(axis=1))
    made = mc.figure('repeat(x, pattern="a b -> a r b", r=2)', x=X)
    np.testing.assert_array_equal(made.value(), einops.repeat(X, "a b -> a r b", r=2))


def test_methods_of_a_lazy_matrix():
    x: Any = mc.matrix(X)
    for lazy, expected in [
        (x.rearrange("t (h d) -> h t d", h=np.int64(3)), einops.rearrange(X, "t (h d) -> h t d", h=3)),
        (x.repeat("a b -> a r b", r=2), einops.repeat(X, "a b -> a r b", r=2)),
        (x.repeat(0, 2), np.repeat(X, 2, 0)),
        (x.reduce("a b -> b", "mean"), X.mean(axis=0)),
        (x.reduce("a b -> a", reduction="max"), X.max(axis=1)),
    ]:
        np.testing.assert_allclose(lazy.figure().value(), expected)
    for call in (lambda: x.reduce("a b -> a"), x.rearrange, lambda: x.repeat("a b -> a b r", 2)):
        with pytest.raises(ProgramError, match="takes a matrix, then pattern"):
            call()
    with pytest.raises(OptionError, match="the size of h is a whole number"):
        x.rearrange("t (h d) -> h t d", h=2.5)


def test_the_repeat_of_the_language_is_as_it_was():
    np.testing.assert_array_equal(mc.figure("repeat(x, axis=0, times=2)", x=X).value(), np.repeat(X, 2, 0))
