"""The same networks run by torch on shapes alone, counted by its own FlopCounterMode."""

from __future__ import annotations

import random
from math import prod
from typing import Any

import pytest

import matcube as mc
from matcube.cost import count
from tests.cost import networks

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch
F = torch.nn.functional


def counted(work: Any) -> int:
    """What torch counts; attention takes the plain path, whose products the counter sees."""
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH), torch.device("meta"):
        work()
    return int(counter.get_total_flops())


def zeros(*shape: int) -> Any:
    return torch.empty(shape, device="meta")


def heads(x: Any, parts: int) -> Any:
    return x.unflatten(-1, (parts, -1)).transpose(-2, -3)


def attention(q: Any, k: Any, v: Any, *, is_fused: bool) -> Any:
    if is_fused:
        z = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True, enable_gqa=True)[0]
    else:
        k, v = (matrix.repeat_interleave(q.shape[0] // k.shape[0], dim=0) for matrix in (k, v))
        z = (q @ k.mT / q.shape[-1] ** 0.5).tril().softmax(dim=-1) @ v
    return z.transpose(-2, -3).flatten(-2)


@pytest.mark.parametrize("tokens", [1, 7, 1024])
def test_gpt2(tokens: int) -> None:
    width = 768

    def run() -> None:
        x = zeros(tokens, width)
        for _ in range(12):
            qkv = F.linear(F.layer_norm(x, (width,)), zeros(3 * width, width), zeros(3 * width))
            z = attention(*(heads(matrix, 12) for matrix in qkv.chunk(3, dim=-1)), is_fused=False)
            x = x + F.linear(z, zeros(width, width), zeros(width))
            up = F.linear(F.layer_norm(x, (width,)), zeros(4 * width, width), zeros(4 * width))
            x = x + F.linear(F.gelu(up), zeros(width, 4 * width), zeros(width))
        F.linear(F.layer_norm(x, (width,)), zeros(50257, width))

    assert count(networks.gpt2(tokens)).total.flops == counted(run)


@pytest.mark.parametrize("is_fused", [False, True])
@pytest.mark.parametrize(("queries", "keys"), [(32, 4), (8, 8), (8, 1)])
def test_llama(queries: int, keys: int, *, is_fused: bool) -> None:
    tokens, width, hidden, vocabulary = 128, 2048, 5632, 32000

    def run() -> None:
        x = zeros(tokens, width)
        for _ in range(2):
            q = heads(F.linear(x, zeros(width, width)), queries)
            size = width // queries * keys
            k, v = (heads(F.linear(x, zeros(size, width)), keys) for _ in "kv")
            x = x + F.linear(attention(q, k, v, is_fused=is_fused), zeros(width, width))
            gate = F.silu(F.linear(x, zeros(hidden, width))) * F.linear(x, zeros(hidden, width))
            x = x + F.linear(gate, zeros(width, hidden))
        F.linear(x, zeros(vocabulary, width))

    ours = networks.llama(
        tokens, width=width, queries=queries, keys=keys, hidden=hidden, vocabulary=vocabulary, layers=2
    )
    assert count(ours).total.flops == counted(run)


@pytest.mark.parametrize(
    ("channels", "filters", "groups", "stride"),
    [(3, 64, 1, 2), (64, 64, 1, 1), (64, 128, 4, 1), (64, 64, 64, 1), (64, 128, 64, 2)],
)
def test_convolution(channels: int, filters: int, groups: int, stride: int) -> None:
    batch, side = 2, 28

    def run() -> None:
        image = zeros(batch, channels, side, side)
        F.conv2d(image, zeros(filters, channels // groups, 3, 3), stride=stride, padding=1, groups=groups)

    places = batch * ((side - 1) // stride + 1) ** 2
    ours = networks.convolution(places, 9, channels, filters, groups)
    assert count(ours).total.flops == counted(run)


def test_a_convolution_along_a_line() -> None:
    def run() -> None:
        F.conv1d(zeros(1, 1, 256), zeros(1, 1, 3), padding=2)

    assert count(networks.convolution(258, 3, 1, 1)).total.flops == counted(run)


def test_maps_count_nothing_on_either_side() -> None:
    def run() -> None:
        x = zeros(64, 64)
        F.layer_norm(F.gelu(x.softmax(dim=-1) * 3 + x), (64,))

    x = networks.leaf("x", 64, 64)
    assert count(networks.graph_of((x.softmax() * 3 + x).gelu().layernorm())).total.flops == counted(run) == 0


LETTERS = dict(zip("bhijk", (2, 3, 4, 5, 6), strict=True))


def both(equation: str) -> tuple[int, int]:
    """Operations of one einsum of two matrices, by matcube and by torch."""
    sides = equation.split("->", maxsplit=1)[0].split(",")
    shapes = [tuple(LETTERS[letter] for letter in side) for side in sides]
    leaves = {name: f"shape{shape}".replace(",)", ")") for name, shape in zip("AB", shapes, strict=True)}
    figure = mc.figure(f'einsum("{equation}", A, B)', leaves)
    return figure.cost().total.flops, counted(lambda: torch.einsum(equation, *(zeros(*s) for s in shapes)))


@pytest.mark.parametrize("seed", range(40))
def test_random_products(seed: int) -> None:
    """Batch, row, column and summed letters in any order: whatever torch carries out as a matrix product."""
    draw = random.Random(seed)
    batch = draw.sample("bh", draw.randint(0, 2))
    left, right, result = ("".join(draw.sample([*batch, *own], len(batch) + 2)) for own in ("ik", "kj", "ij"))
    ours, theirs = both(f"{left},{right}->{result}")
    assert ours == theirs > 0


@pytest.mark.parametrize("equation", ["i,j->ij", "bi,bj->bij"])
def test_products_that_torch_leaves_out(equation: str) -> None:
    """docs/costs.md lists them; a new torch that counts them makes this test fail, and the page false."""
    ours, theirs = both(equation)
    assert theirs == 0
    assert ours == 2 * prod(LETTERS[letter] for letter in set(equation) & set(LETTERS))


@pytest.mark.parametrize("equation", ["ij,ij->ij", "ij,j->ij"])
def test_products_cell_by_cell_are_maps(equation: str) -> None:
    assert both(equation) == (0, 0)


@pytest.mark.parametrize(
    ("program", "shapes", "flops"),
    [("x @ x", [(4,)], 8), ("A @ x", [(3, 4), (4,)], 24), ("X @ x", [(2, 3, 4), (4,)], 48)],
)
def test_vectors_that_torch_leaves_out(program: str, shapes: list[tuple[int, ...]], flops: int) -> None:
    names = dict.fromkeys(letter for letter in program if letter.isalpha())
    leaves = {name: f"shape{shape}".replace(",)", ")") for name, shape in zip(names, shapes, strict=True)}
    assert mc.figure(program, leaves).cost().total.flops == flops
    tensors = [zeros(*shape) for shape in shapes]
    assert counted(lambda: tensors[0] @ tensors[-1]) == 0
