"""Everything that reads what a user, a file or a page gives."""

from __future__ import annotations

import base64
import json
import random
import zlib
from functools import cache

import matcube as mc
from matcube.wire.container import decode
from matcube.wire.link import decode_link
from tools.fuzz import figures, files
from tools.fuzz.damage import bytes_of, json_of
from tools.fuzz.hunt import Case, Target

TOKENS = (
    "A", "B", "C", "x", "A", "B", " @ ", " @ ", " + ", " - ", "*", " / ", "**", "(", ")", "(", ")", "[",
    "]", ",", "=", "; ", "\n", ".T", ".mT", ".t()", "softmax(", "relu(", "tril(", "triu(", "layernorm(",
    "split(", ".permute(", "axes=", "axis=1", "parts=2", "dim=-1", "offset=", "einsum(", "'ij,jk->ik'",
    "'...'", "rearrange(", "'t (h d) -> h t d'", "h=2", "sqrt(", "d", "2", "0", "-1", "1e309", "1e-320",
    "0x", "10**9", "9" * 50, ":", "[1:2]", "[::2]", "[..., 0]", "concat(", "where(", "eye(3)", "ones(2, 2)",
    "shape(", "gaussian(", "99999999", "lambda", "if ", "import os", "__class__", "\x00", "é", "√", "−",
    "ᵀ", "“", "'", '"', "#", "\\", "F.", "torch.", "np.", "matmul(", "view(", "None", "True", "x = ",
    "y = ",
)  # fmt: skip
LEAVES = {"A": "gaussian(3,3)", "B": "gaussian(3,3)", "C": "gaussian(3,4)", "x": "gaussian(3)"}


@cache
def _figure() -> mc.Figure:
    return mc.figure("C = A @ B; relu(C)", A="gaussian(4,3)", B="gaussian(3,5)").animate("vmprod")


def program(rng: random.Random) -> Case:
    """Tokens in any order, or a program with some changed."""
    if rng.random() < 0.5:
        return tuple(rng.choice(TOKENS) for _ in range(rng.randrange(1, 14)))
    good = list(
        rng.choice(
            (
                ("softmax(", "A", " @ ", "B", ".T", ")", " @ ", "C"),
                ("x", " @ ", "A", "; ", "y = ", "relu(", "A", " + ", "B", ")"),
            )
        )
    )
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(good) + 1)
        good[at : at + rng.randrange(2)] = rng.choices(TOKENS, k=rng.randrange(3))
    return tuple(good)


def read_program(case: Case) -> None:
    """A figure of the text, its values and its scene, and the program again from its graph."""
    mc.figure("".join(case), LEAVES).scene()


def link(rng: random.Random) -> Case:
    """A link with damaged characters, or of a damaged view."""
    good = _figure().link()
    if rng.random() < 0.3:
        return bytes_of(rng, good.encode())
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    text = json_of(rng, json.loads(_figure().to_json())["view"])
    return b"#m1." + base64.urlsafe_b64encode(packer.compress(text) + packer.flush()).rstrip(b"=")


def read_link(case: Case) -> None:
    """The state of a link, and its scene."""
    text = bytes(case).decode("utf-8", "replace")
    decode_link(text)
    mc.open_figure(text).scene()


def scene(rng: random.Random) -> Case:
    """Scene bytes with damage, or with a damaged head."""
    good = _figure().scene().encode()
    if rng.random() < 0.3:
        return bytes_of(rng, good)
    end = 16 + int.from_bytes(good[8:12], "little")
    head = json_of(rng, json.loads(good[16:end]))
    return (
        good[:8]
        + len(head).to_bytes(4, "little")
        + bytes(4)
        + head
        + bytes(-len(head) % 16)
        + good[end + -end % 16 :]
    )


def request(rng: random.Random) -> Case:
    """One request of the page with something wrong in it."""
    view = json.loads(_figure().to_json())["view"]
    good = rng.choice(
        (
            {"kind": "edit", "view": view},
            {"kind": "tile", "node": 0, "row": 0, "col": 0, "rows": 2, "cols": 2},
            {"kind": "buffers", "want": ["0" * 64]},
            {"kind": "presets"},
            {"kind": "rewrite", "view": view, "node": 2, "change": "rename", "text": "D"},
            {"kind": "rewrite", "view": view, "node": 2, "change": "wrap", "text": "relu"},
            {"kind": "rewrite", "view": view, "node": 3, "change": "remove"},
            {"kind": "rewrite", "view": view, "node": 0, "change": "size", "dim": 1, "size": 4},
            {"kind": "rewrite", "view": view, "node": 0, "change": "leaf", "text": "eye(4, 3)"},
        )
    )
    data = json_of(rng, good)
    return bytes_of(rng, data) if rng.random() < 0.2 else data


TARGETS = {
    "program": Target(program, read_program),
    "link": Target(link, read_link),
    "scene": Target(scene, lambda case: decode(bytes(case))),
    "request": Target(request, lambda case: _figure().session().answer(bytes(case))),
    "csv": Target(files.csv, files.reader("csv")),
    "npy": Target(files.npy, files.reader("npy")),
    "npz": Target(files.npz, files.reader("npz")),
    "safetensors": Target(files.safetensors, files.reader("safetensors")),
    "figure": Target(figures.make, figures.run),
}
