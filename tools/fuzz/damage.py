"""Damage: bytes and JSON with something wrong in them."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    1,
    2,
    3,
    255,
    1 << 16,
    (1 << 31) - 1,
    1 << 31,
    1 << 53,
    1 << 64,
    10**40,
    0.5,
    -0.0,
    1e308,
    1e-320,
)
WORDS: tuple[Any, ...] = (
    "",
    "x",
    "A",
    "\x00",
    "\ud800",
    "é",
    "א",
    "../a",
    "a" * 300,
    None,
    True,
    False,
    [],
    {},
    [[]],
    float("nan"),
    float("inf"),
)


def bytes_of(rng: random.Random, good: bytes) -> bytes:
    """Bytes with a few runs changed, repeated, left out or put in.

    Args:
        rng: of the case.
        good: bytes without damage.
    """
    data = bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        length = rng.choice((1, 1, 2, 4, 8, 64))
        match rng.randrange(5):
            case 0:
                data[at : at + length] = rng.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * rng.choice((1, 3, 50))
            case 3 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case _:
                data[at : at + length] = rng.choice((0, 1, 127, 255, 1 << 31)).to_bytes(8, "little")[:length]
    return bytes(data)


def json_of(rng: random.Random, good: object) -> bytes:
    """JSON with a few values changed, left out, or in each other's place.

    Args:
        rng: of the case.
        good: a value without damage.
    """
    value = json.loads(json.dumps(good))
    for _ in range(rng.choice((1, 1, 2, 3))):
        value = _changed(rng, value)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def _changed(rng: random.Random, value: Any) -> Any:
    """The value with one place in it changed; deep places as often as others."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.05:
        return rng.choice(NUMBERS if rng.random() < 0.6 else WORDS)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = rng.choice(keys)
    match rng.randrange(12):
        case 0:
            del value[key]
        case 1 if isinstance(value, list):
            value.extend(deepcopy(value[:3] * rng.choice((1, 40))))
        case 2:
            value[key] = deepcopy(value[rng.choice(keys)])
        case _:
            value[key] = _changed(rng, value[key])
    return value
