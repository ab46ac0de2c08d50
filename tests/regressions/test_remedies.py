"""Every remedy of the language with code in it is typed word for word where the error was, and works."""

from pathlib import Path

import numpy as np
import pytest

import matcube as mc
from matcube.errors import MatcubeError
from matcube.sources.program import parse_binding
from tests.regressions.remedies import code_of, literals, run

SHAPES = {
    "A": (4, 3),
    "B": (3, 5),
    "Q": (32, 64),
    "K": (32, 64),
    "x": (6, 4),
    "W": (4, 4),
    "b": (4,),
    "H": (2, 6, 4),
}
DATA = {name: np.ones(shape) for name, shape in SHAPES.items()} | {
    "M": np.zeros((32, 32)),
    "S": np.ones((32, 32)),
}
ERRORS = Path(__file__).parents[1] / "sources" / "program_errors.txt"
MORE = """
max(Q)
Q.mean(-1)
H.sum()
Q.masked_fill(S, 0)
where(S, S, 0)
inv(W)
np.linalg.inv(W) @ W
clamp(Q)
Q.float()
F.dropout(Q, 0.1)
torch.split(Q, 2)
Q.narrow(0, 1, 2)
Q.tile(2)
np.repeat(Q, 2)
Q.expand(3, 3)
torch.randn(4, 4) @ W
np.random.rand(4, 4)
torch.arange(4)
σ(Q)
H.dot(W)
Q.bmm(K.T)
F.softmax(H, dim=0)
Q.transpose(5, 6)
F.gelu(Q, approximate="erf")
F.layer_norm(Q, (3,))
F.scaled_dot_product_attention(Q, K, K, attn_mask=M)
torch.cat(Q, K)
torch.stack([Q, K], dim=1)
Q.size(7)
Q.view(5, 5)
Q @ K^2
(Q + K)²
x² @ W
Q <= 0
W -= W @ W
Q[1:3, :]
Q[None]
H[0]
Q @ layers.0.weight
Q @ model.wte.weight
W · W
W^2
W²
W @ W^2
Q'
W.shape
softmax.T
np.inf * Q
torch.ones(3, 4, device="cuda")
F.rms_norm(Q, (64,), bias=K)
rearrange(x)
reduce(x)
Q.relu
diag(b)
triu(3, offset=1)
np.tril(3, k=-1)
triu(ones(3), 1)
tril(uniform(4, min=0))
"""
PROGRAMS = [
    "\n".join(line.removeprefix(">>> ") for line in block.split("\n") if line.startswith(">>>"))
    for block in ERRORS.read_text(encoding="utf-8").strip().split("\n\n")
] + MORE.strip().split("\n")


def provoked(program: str) -> MatcubeError:
    with pytest.raises(MatcubeError) as caught:
        mc.figure(program, DATA)
    return caught.value


OFFERED = [(program, code) for program in PROGRAMS for code in code_of(provoked(program))]


@pytest.mark.parametrize(("program", "code"), OFFERED)
def test_a_remedy_works_word_for_word(program, code):
    run(provoked(program), code, program, DATA)


def test_remedies_of_bindings_and_names():
    for text in ("gaussian(64, 16)", "shape(64, 16)", "64"):
        assert parse_binding(text) is not None
    with pytest.raises(MatcubeError, match="write gaussian") as caught:
        parse_binding("relu(gaussian(2, 3))")
    assert "write gaussian(64, 16), shape(64, 16) or a number" in str(caught.value)
    for name in ("a b", "layers.0.weight", "class", "2x"):
        with pytest.raises(MatcubeError, match="cannot be a name") as caught:
            mc.figure("A", A=np.eye(2), **{name: np.eye(2)})
        better = str(caught.value.hint).rpartition("write ")[2]
        assert mc.figure(better, **{better: np.eye(2)}).value().shape == (2, 2)
    with pytest.raises(MatcubeError, match="such as A @ B"):
        mc.figure("")
    mc.figure("A @ B", DATA)


# Words without code, and code that tests/api/test_surprises.py and the test above run.
ELSEWHERE = """
write every argument out
write a single value; tril and triu mask cells
write values such as A @ B, or name = value
write name = value
write gaussian(64, 16), shape(64, 16) or a number
the program is empty; write a product, such as A @ B
letters, digits and _: write {}
build a longer one in Python, from lazy matrices: (mc.matrix(a) @ mc.matrix(b)).figure()
beside {}, write a matrix of that shape, {}
""".strip().split("\n")


def test_every_text_of_the_language_that_offers_code_is_run():
    texts = [str(provoked(program)) for program, _ in OFFERED]
    offering = literals("sources/program", "sources/arithmetic.py", "sources/shape_errors.py")
    assert len(offering) > 50
    unrun = {name for name, pattern in offering.items() if not any(pattern.search(text) for text in texts)}
    unrun = {name for name in unrun if name.partition(": ")[2] not in ELSEWHERE}
    assert not unrun, "give a program that provokes each of these in MORE"
