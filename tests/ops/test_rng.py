"""The generator's fixed vectors: they hold on every machine, and in any other implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matcube.ops import rng

# splitmix64.c started at 1234567, as published with many implementations of it
PUBLISHED = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def splitmix64(state: int, count: int) -> list[int]:
    """``splitmix64.c`` in plain integers."""
    every, result = (1 << 64) - 1, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & every
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & every
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & every
        result.append(z ^ (z >> 31))
    return result


def test_published_vector():
    assert rng.bits(1234567, 5).tolist() == PUBLISHED


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1, -1, 10**30])
def test_equals_the_plain_generator(seed):
    assert rng.bits(seed, 20).tolist() == splitmix64(seed % 2**64, 20)
    assert rng.bits(seed, 5, first=3, stride=2).tolist() == splitmix64(seed % 2**64, 20)[3:13:2]


def test_uniform_vector():
    wanted = [0.8833108082136426, 0.43152799704850997, 0.026433771592597743]
    assert rng.uniform(0, 3).tolist() == wanted  # exactly
    assert rng.uniform(0, 3).tolist() == [(z >> 11) * 2.0**-53 for z in splitmix64(0, 3)]


def test_gaussian_is_box_and_muller():
    u = [(z >> 11) * 2.0**-53 for z in splitmix64(42, 2000)]
    wanted = [
        math.sqrt(-2 * math.log1p(-a)) * math.cos(2 * math.pi * b)
        for a, b in zip(u[0::2], u[1::2], strict=True)
    ]
    np.testing.assert_allclose(rng.gaussian(42, 1000), wanted, rtol=1e-13, atol=1e-15)


def test_gaussian_vector():
    wanted = [-1.8839083333524405, 0.22760793546360525, -0.22143788059715477, 0.08341854419566393]
    np.testing.assert_allclose(rng.gaussian(0, 4), wanted, rtol=1e-15, atol=0)


def test_blocks_join_without_a_seam():
    count = 3 * (1 << 16) + 5
    whole = rng.uniform(9, count)
    assert np.array_equal(whole[65530:65540], rng.uniform(9, 10, first=65530))
    normal = rng.gaussian(9, count)
    assert np.array_equal(normal[:100], rng.gaussian(9, 100))
    u, v = rng.uniform(9, 2, first=2 * 65536)
    assert normal[65536] == pytest.approx(
        math.sqrt(-2 * math.log1p(-u)) * math.cos(2 * math.pi * v), rel=1e-13
    )


def test_all_cores_draw_what_one_draws(monkeypatch):
    count = 3 * (1 << 16) + 5
    expected = rng.gaussian(9, count), rng.uniform(9, count, first=3, stride=2)
    monkeypatch.setattr(rng, "_MANY", 1)
    assert np.array_equal(expected[0], rng.gaussian(9, count))
    assert np.array_equal(expected[1], rng.uniform(9, count, first=3, stride=2))
    stored = rng.gaussian(9, count, then=lambda z: 2 * z + 1, dtype=np.float32)
    assert stored.dtype == np.float32 and np.array_equal(stored, (2 * expected[0] + 1).astype(np.float32))


def test_distribution():
    u, z = rng.uniform(3, 400_000), rng.gaussian(3, 400_000)
    assert u.min() >= 0 and u.max() < 1
    counts = np.bincount((u * 100).astype(int), minlength=100)
    assert ((counts - 4000) ** 2 / 4000).sum() < 160  # chi squared, 99 degrees of freedom
    assert abs(z.mean()) < 0.006 and abs(z.std() - 1) < 0.005
    assert abs((z**3).mean()) < 0.02 and abs((z**4).mean() - 3) < 0.06
    assert abs(np.corrcoef(z[:-1], z[1:])[0, 1]) < 0.006
    assert np.isfinite(z).all()


def test_neighbouring_seeds_and_purposes_are_unlike():
    base = rng.uniform(0, 10_000)
    for other in (
        rng.uniform(1, 10_000),
        rng.uniform(rng.derive(0, 1), 10_000),
        rng.uniform(rng.derive(0, 2), 10_000),
    ):
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.04
    assert rng.derive(0, 1) != rng.derive(1, 1) != rng.derive(1, 2)
    assert rng.derive(7, 1) == rng.derive(7 + 2**64, 1)
