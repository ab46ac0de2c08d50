"""Random numbers that are the same on every machine, so that a link always shows the same values.

The generator is SplitMix64 read by position: number n of a seed is

    z = seed + (n + 1) · 0x9E3779B97F4A7C15          (all modulo 2^64)
    z = (z ^ (z >> 30)) · 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) · 0x94D049BB133111EB
    z =  z ^ (z >> 31)

which is output n of ``splitmix64.c`` started at ``seed``. Uniform number n is ``(z >> 11) · 2^-53``, below 1.
Gaussian number n is Box and Muller's ``√(-2 ln(1 - u)) · cos(2π v)``, u and v the uniforms 2n and 2n + 1.
Uniforms are equal bit for bit everywhere; Gaussians up to the last bits of the machine's log and cos.

Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014;
Vigna's ``splitmix64.c`` (public domain); Box and Muller, Ann. Math. Statist. 29 (1958).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_STEP = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
_BLOCK = 1 << 16  # numbers at a time: temporaries stay in the cache
_MANY = 1 << 20  # from this count all cores draw; every number depends on its position alone

Numbers = NDArray[np.float64]
Then = Callable[[Numbers], Numbers]


def bits(seed: int, count: int, *, first: int = 0, stride: int = 1) -> NDArray[np.uint64]:
    """Numbers ``first``, ``first + stride``, … of a seed, as 64 random bits each.

    Args:
        seed: any whole number, taken modulo 2^64.
        count: how many numbers.
        first: the position of the first of them.
        stride: the step between positions.

    Returns:
        ``count`` values of uint64.

    Example:
        >>> int(bits(1234567, 1)[0])
        6457827717110365317
    """
    n = np.arange(count, dtype=np.uint64) * np.uint64(stride)
    z = n * np.uint64(_STEP) + np.uint64((seed + (first + 1) * _STEP) & _ALL)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(
    seed: int,
    count: int,
    *,
    first: int = 0,
    stride: int = 1,
    then: Then | None = None,
    dtype: DTypeLike = np.float64,
) -> NDArray[Any]:
    """Uniform numbers in [0, 1), multiples of 2^-53.

    Args:
        seed: any whole number, taken modulo 2^64.
        count: how many numbers.
        first: the position of the first of them.
        stride: the step between positions.
        then: a function applied to each block of float64 numbers before it is stored.
        dtype: the precision in which it is stored.
    """
    return _filled(
        count, lambda start, size: _uniform(seed, size, first + stride * start, stride), then, dtype
    )


def gaussian(
    seed: int, count: int, *, then: Then | None = None, dtype: DTypeLike = np.float64
) -> NDArray[Any]:
    """Normal numbers of mean 0 and variance 1: number n from the uniforms 2n and 2n + 1.

    Args:
        seed: any whole number, taken modulo 2^64.
        count: how many numbers.
        then: a function applied to each block of float64 numbers before it is stored.
        dtype: the precision in which it is stored.

    Returns:
        ``count`` values, none beyond ±8.58.
    """

    def drawn(start: int, size: int) -> Numbers:
        u, v = (_uniform(seed, size, 2 * start + odd, 2) for odd in (0, 1))
        return np.asarray(np.sqrt(-2 * np.log1p(-u)) * np.cos(2 * np.pi * v))

    return _filled(count, drawn, then, dtype)


def _uniform(seed: int, count: int, first: int, stride: int) -> Numbers:
    numbers: Numbers = np.multiply(bits(seed, count, first=first, stride=stride) >> np.uint64(11), 2.0**-53)
    return numbers


def _filled(
    count: int, drawn: Callable[[int, int], Numbers], then: Then | None, dtype: DTypeLike
) -> NDArray[Any]:
    """An array filled block by block; large arrays on all cores, with the same result."""
    out = np.empty(count, dtype=dtype)

    def fill(start: int) -> None:
        size = min(_BLOCK, count - start)
        block = drawn(start, size)
        with np.errstate(all="ignore"):
            out[start : start + size] = block if then is None else then(block)

    starts = range(0, count, _BLOCK)
    if count < _MANY:
        for start in starts:
            fill(start)
        return out
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        for _ in cores.map(fill, starts):
            pass
    return out


def derive(seed: int, purpose: int) -> int:
    """An independent seed: 64 bits at position ``purpose`` of a stream of its own.

    Args:
        seed: the seed to start from.
        purpose: a small number, different for each use.

    Returns:
        A whole number below 2^64.
    """
    return int(bits(int(bits(seed, 1)[0]) ^ _STEP, 1, first=purpose)[0])
