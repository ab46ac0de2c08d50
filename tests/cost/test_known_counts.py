"""Counts that are published or can be worked out by hand."""

import pytest

import matcube as mc
from matcube.cost import count
from tests.cost import networks


def test_gpt2() -> None:
    total = count(networks.gpt2(1024)).total
    assert total.flops == 291_648_307_200
    assert total.parameters == 124_439_808


def test_bert_and_vit() -> None:
    assert count(networks.bert_base(128)).total.parameters == 109_482_240
    assert count(networks.vit_b16()).total.parameters == 86_567_656


def test_vit_22b() -> None:
    """48 layers of width 6144, hidden 24576; no biases on Q, K, V."""
    x = networks.leaf("x", 256, 6144)
    for n in range(48):
        q, k, v = (networks.heads(networks.linear(x, f"{m}{n}", 6144, has_bias=False), 48) for m in "qkv")
        z = networks.attention(q, k, v, is_causal=False)
        side = networks.linear(networks.linear(x, f"up{n}", 24576).gelu(), f"down{n}", 6144)
        x = networks.linear(z, f"o{n}", 6144) + side
    assert count(networks.graph_of(x)).total.parameters == pytest.approx(21.7e9, rel=5e-3)


@pytest.mark.parametrize(
    ("shape", "parameters"),
    [
        ("1024 * 64, 100 * 64", 419_430_400),  # fully connected, 1024 → 100 tokens of 64 features
        ("1024, 100", 102_400),  # over tokens alone
        ("64, 64", 4_096),  # over features alone
        ("512 * 768, 512 * 768", 154_618_822_656),
        ("512, 512", 262_144),
        ("768, 768", 589_824),
        ("768, 3 * 768", 1_769_472),  # Q, K and V
        ("9 * 64, 64", 36_864),  # 3 × 3, 64 → 64 channels
        ("64, 9", 576),  # depthwise
    ],
)
def test_layers(shape: str, parameters: int) -> None:
    fig = mc.figure("x @ W", x=f"shape(1, {shape.split(',', maxsplit=1)[0]})", W=f"shape({shape})")
    total = fig.cost().total
    assert (total.parameters, total.flops) == (parameters, 2 * parameters)


def test_a_block_of_width_768() -> None:
    block = networks.block(networks.leaf("x", 196, 768), "h", parts=12, is_causal=True)
    assert count(networks.graph_of(block)).total.parameters == 7_087_872


def test_a_low_rank_product() -> None:
    fig = mc.figure("x @ (w_a @ w_b)", x="shape(8, 128)", w_a="shape(128, 4)", w_b="shape(4, 128)")
    assert fig.cost().total.parameters == 2 * 128 * 4
