"""Random numbers of our own, so that a link shows the same values on every machine.

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

import numpy as np
from numpy.typing import NDArray

_STEP = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1
_BLOCK = 1 << 16  # numbers at a time: temporaries stay in the cache


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


def uniform(seed: int, count: int, *, first: int = 0, stride: int = 1) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1), multiples of 2^-53; arguments as for ``bits``."""
    out = np.empty(count)
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        drawn = bits(seed, size, first=first + stride * start, stride=stride)
        out[start : start + size] = drawn >> np.uint64(11)
    out *= 2.0**-53
    return out


def gaussian(seed: int, count: int) -> NDArray[np.float64]:
    """Normal numbers of mean 0 and variance 1: number n from the uniforms 2n and 2n + 1.

    Args:
        seed: any whole number, taken modulo 2^64.
        count: how many numbers.

    Returns:
        ``count`` values, none beyond ±8.58.
    """
    out = np.empty(count)
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        u = uniform(seed, size, first=2 * start, stride=2)
        v = uniform(seed, size, first=2 * start + 1, stride=2)
        out[start : start + size] = np.sqrt(-2 * np.log1p(-u)) * np.cos(2 * np.pi * v)
    return out


def derive(seed: int, purpose: int) -> int:
    """Another seed that has nothing to do with ``seed``: 64 bits at position ``purpose`` of its own stream.

    Args:
        seed: the seed to start from.
        purpose: a small number that says what for.

    Returns:
        A whole number below 2^64.
    """
    return int(bits(int(bits(seed, 1)[0]) ^ _STEP, 1, first=purpose)[0])
