"""Spellings of torch, NumPy, JAX and mathematics are understood, or refused with what works."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import matcube as mc

RNG = np.random.default_rng(9)
Q, K, V = (RNG.normal(size=(6, 4)) for _ in range(3))
W, b, v = RNG.normal(size=(4, 4)), RNG.normal(size=4), RNG.normal(size=6)
H, G = RNG.normal(size=(2, 6, 4)), RNG.normal(size=(2, 4, 3))
M = np.triu(np.full((6, 6), -np.inf), 1)
DATA = {
    "Q": Q,
    "K": K,
    "V": V,
    "W": W,
    "b": b,
    "v": v,
    "H": H,
    "G": G,
    "M": M,
    "d": np.array(4),
    "ids": np.array([2, 0]),
}
TORCH = {name: torch.as_tensor(value) for name, value in DATA.items()}

# Read by the language and by Python with torch, NumPy or JAX's names: one text, one value.
IN_PYTHON = """
F.softmax(Q @ K.T, dim=-1)
F.softmax(Q @ K.T, dim=0)
F.softmax(H, 1)
torch.softmax(Q, 1)
Q.softmax(-1)
torch.log_softmax(Q, dim=-1)
torch.matmul(Q, K.T)
torch.dot(b, b)
Q @ K.T / math.sqrt(d)
torch.ones(3, 4).double() @ W
Q @ K.transpose(-2, -1)
H.transpose(1, 2) @ H
H.transpose(0, 1)
H.swapaxes(0, 2)
Q @ K.t()
torch.bmm(H, G)
Q.mm(W)
torch.mv(W, b)
Q.view(6, 2, 2)
Q.view(6, 2, -1).transpose(0, 1)
H.view(12, 4)
H.reshape(-1)
H.reshape(4, 3, 4)
Q.reshape(2, 3, -1)
b.view(1, 4)
b.view(4, 1)
b.unsqueeze(0)
b.unsqueeze(-1)
Q.unsqueeze(1)
b.unsqueeze(0).squeeze(0)
Q.flatten()
torch.stack([Q, K])
torch.cat([Q, K], dim=1)
torch.hstack((Q, K))
torch.vstack([b, b])
Q @ K.T / math.sqrt(Q.shape[-1])
Q / Q.size(0)
Q / len(Q)
torch.exp(Q)
torch.nn.functional.relu(Q)
F.gelu(Q, approximate="tanh")
F.gelu(Q)
F.silu(Q)
F.layer_norm(Q, (4,))
F.layer_norm(Q, (4,), b, b, 1e-6)
F.layer_norm(Q, [4], weight=b)
F.rms_norm(Q, (4,), weight=b)
F.scaled_dot_product_attention(Q, K, V)
F.scaled_dot_product_attention(Q, K, V, is_causal=True)
F.scaled_dot_product_attention(Q, K, V, scale=0.5)
K.mT
H.permute(2, 0, 1)
torch.permute(H, (2, 0, 1))
torch.tril(Q, diagonal=1)
torch.triu(Q @ K.T, -1)
F.softmax(Q @ K.T + M, dim=-1) @ V
F.linear(Q, W, b)
torch.addmm(b, Q, W)
torch.outer(b, v)
torch.add(Q, K)
torch.sub(Q, K)
torch.pow(Q, 2)
torch.pi * Q
Q.contiguous().view(24)
torch.rsqrt(Q.abs())
F.embedding(ids, Q)
torch.neg(Q)
"""

# Read by the language alone, with its value in NumPy.
SIGNS = {
    "Q@K^T": Q @ K.T,
    "Q @ Kᵀ / √d": Q @ K.T / 2,
    "Q @ K⊤ / √(d)": Q @ K.T / 2,
    "Q − K – K": Q - K - K,
    "Q ⊙ K ∘ K": Q * K * K,
    "Q ÷ 2": Q / 2,
    "d² * Q": 16 * Q,
    "Q\u00a0@\u00a0K.T": Q @ K.T,
    "（Q＋K）": Q + K,
    "einsum(“i k, k j -> i j”, Q, W)": Q @ W,
    "S := Q @ K.T; S": Q @ K.T,
    "W₁ = W; Q @ W₁": Q @ W,
    "α = Q; α @ α.T  # a comment": Q @ Q.T,
    "K.T() @ Q": K.T @ Q,
    "np.dot(Q, W)": Q @ W,
    "np.transpose(H, (1, 0, 2))": H.transpose(1, 0, 2),
    "np.transpose(H)": H.T,
    "H.transpose(2, 0, 1)": H.transpose(2, 0, 1),
    "np.ones((3, 6)) @ Q": np.ones((3, 6)) @ Q,
    "np.full((3, 6), 2) @ Q": np.full((3, 6), 2) @ Q,
    "np.eye(6) @ Q": Q,
    "np.triu(Q @ K.T, k=1)": np.triu(Q @ K.T, k=1),
    "np.concatenate([Q, K], axis=1)": np.concatenate([Q, K], axis=1),
    "torch.tensor(2.) * Q": 2 * Q,
    "divide(Q, K)": Q / K,
    "Q / math.floor(2.5)": Q / 2,
    "einops.rearrange(Q, 'a b -> b a')": Q.T,
    "F.relu(Q)": np.maximum(Q, 0),
    "jax.nn.gelu(Q)": F.gelu(torch.as_tensor(Q), approximate="tanh").numpy(),
}


@pytest.mark.parametrize("text", IN_PYTHON.strip().split("\n"))
def test_torch_and_the_language_read_the_same(text):
    import math

    scope = {"torch": torch, "F": F, "math": math, **TORCH, "d": 4}
    expected = eval(text.replace(".double()", ".to(torch.float64)"), scope)
    shown = mc.figure(text.replace(".double()", ""), DATA).value()
    np.testing.assert_allclose(shown, expected.numpy(), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("text", SIGNS)
def test_signs_of_mathematics_and_numpy(text):
    np.testing.assert_allclose(mc.figure(text, DATA).value(), SIGNS[text], rtol=1e-6, atol=1e-7)
    assert mc.open_figure(mc.figure(text, DATA).link(), data=DATA).program == text


def test_dotted_names_of_parameters():
    weights = {"layers.0.attn.q_proj.weight": W, "0.weight": W, "x": Q}
    text = "x @ layers.0.attn.q_proj.weight.T @ 0.weight"
    figure = mc.figure(text, weights)
    np.testing.assert_allclose(figure.value(), Q @ W.T @ W)
    again = mc.open_figure(figure.link(), data=weights)
    assert again.program == text
    np.testing.assert_allclose(again.value(), Q @ W.T @ W)
    with pytest.raises(
        mc.errors.UnknownNameError, match=r'nothing is named "layers.0.attn.k_proj.weight"'
    ) as caught:
        mc.figure("x @ layers.0.attn.k_proj.weight", weights)
    assert caught.value.hint == 'bind it: mc.figure(program, {"layers.0.attn.k_proj.weight": array})'


@pytest.mark.parametrize(
    "text", ["F.foo(Q)", "torch.fft.rfft(Q)", "where(M, Q, 0)", "inv(W)", "np.linalg.inv(W)", "Q.viwe(3)"]
)
def test_no_guess_and_no_module_to_bind(text):
    with pytest.raises(mc.errors.ProgramError) as caught:
        mc.figure(text, DATA)
    assert "did you mean" not in str(caught.value)
    assert "gaussian(64" not in str(caught.value)


@pytest.mark.parametrize("two", [np.float32(2), np.array(2.0), torch.tensor(2.0), 2])
def test_single_numbers_are_constants(two):
    np.testing.assert_allclose(mc.figure("Q * c", Q=Q, c=two).value(), 2 * Q)
    np.testing.assert_allclose(mc.figure("Q * c", {"Q": Q, "c": two}).value(), 2 * Q)


@pytest.mark.parametrize("given", [{"attn": Q @ K.T}, {"attn": "gaussian(6, 6)"}, {"attn": 2}])
def test_a_defined_name_takes_no_value(given):
    """Whatever it is and however it is given: it would be lost."""
    program = "attn = softmax(Q @ K.T); attn @ V"
    others = {"Q": Q, "K": K, "V": V}
    for make in (lambda: mc.figure(program, others, **given), lambda: mc.figure(program, others | given)):
        with pytest.raises(mc.errors.OptionError, match="the program defines attn") as caught:
            make()
        assert caught.value.hint == 'leave attn out; or show it by itself: mc.figure("attn", attn=array)'
    with pytest.raises(mc.errors.OptionError, match="the program defines C"):
        mc.figure("(C = Q @ W) @ C.T", Q=Q, W=W, C=W)
    np.testing.assert_allclose(mc.figure("Q = Q @ W; Q", {"Q": Q, "W": W}).value(), Q @ W)
    np.testing.assert_allclose(mc.figure("d = d * 2; Q * d", Q=Q, d=3).value(), Q * 6)
    np.testing.assert_allclose(mc.figure("C @ (C = W)", C=Q, W=W).value(), Q @ W)
    assert mc.figure("Q @ W", {"Q": Q, "W": W, "attn": W}).value().shape == (6, 4)


def test_numbers_alone_in_einsum_are_multiplied():
    assert mc.einsum(",->", 2.0, 3.0) == np.einsum(",->", 2.0, 3.0)
    assert mc.einsum("->", 2) == 2
    np.testing.assert_allclose(mc.figure('Q * einsum(",->", 2, 3)', Q=Q).value(), 6 * Q)
    np.testing.assert_allclose(mc.figure('s = einsum(",,", 2, 3, d); Q / s', Q=Q, d=4).value(), Q / 24)
    for make in (lambda: mc.einsum("i,->", 2, 3), lambda: mc.figure('Q * einsum("i,->", 2, 3)', Q=Q)):
        with pytest.raises(mc.errors.ProgramError, match="gives a number letters") as caught:
            make()
        assert caught.value.hint == 'write ",->"'
    with pytest.raises(mc.errors.ProgramError, match="for 3 operands, but 2 are given"):
        mc.einsum(",,->", 2, 3)


def test_more_heads_than_are_drawn_have_values_and_remedies(tmp_path):
    many = np.arange(1800.0).reshape(300, 3, 2)
    figure = mc.einsum("bij,bjk->bik", mc.matrix(many, "A"), many.swapaxes(1, 2)).figure()
    np.testing.assert_allclose(figure.value(), many @ many.swapaxes(1, 2))
    with pytest.raises(mc.errors.ShapeError, match="at most 256 are drawn") as caught:
        figure.save(tmp_path / "a.json")
    some = "give some of its heads: A[:256]; or take the values without a picture: fig.value()"
    assert caught.value.hint == some
    mc.figure("A", A=many[:256]).compute()
    with pytest.raises(mc.errors.ShapeError) as caught:
        mc.figure("ones(7, 7, 7, 2, 3)").compute()
    assert caught.value.hint is not None
    remedy = caught.value.hint.removeprefix("draw fewer heads: ").partition(";")[0]
    assert remedy == "ones(5, 7, 7, 2, 3)"
    mc.figure(remedy).compute()


METHODS = [
    text
    for text in IN_PYTHON.strip().split("\n")
    if not any(word in text for word in ("torch", "F.", "len("))
]


@pytest.mark.parametrize("text", METHODS)
def test_lazy_matrices_have_torch_methods(text):
    import math

    expected = eval(text, {"math": math, **TORCH, "d": 4})
    lazy = eval(
        text, {"math": math, **{name: mc.matrix(x, name) for name, x in DATA.items() if x.ndim}, "d": 4}
    )
    assert lazy.shape == tuple(expected.shape)
    np.testing.assert_allclose(lazy.figure().value(), expected.numpy(), rtol=2e-6, atol=1e-6)


def test_more_methods_of_lazy_matrices():
    q: Any = mc.matrix(Q, "Q")  # a type checker finds methods of torch no methods
    h: Any = mc.matrix(H, "H")
    w: Any = mc.matrix(W, "W")
    for lazy, expected in (
        (q.add(K), Q + K),
        (q.mul(K), Q * K),
        (q.sub(1), Q - 1),
        (q.div(2), Q / 2),
        (q.divide(K), Q / K),
        (q.pow(2), Q**2),
        (q.neg(), -Q),
        (abs(q), abs(Q)),
        (q.matmul(W), Q @ W),
        (q.dot(W.tolist()), Q @ W),
        (q.detach().cpu().reshape((4, 6)), Q.reshape(4, 6)),
        (h.softmax(1).sigmoid(), 1 / (1 + np.exp(-torch.softmax(TORCH["H"], 1).numpy()))),
        (w.trace(), np.trace(W)),
        (w.diag(), np.diag(W)),
        ((q @ W).named("S").view(-1), (Q @ W).reshape(-1)),
    ):
        np.testing.assert_allclose(lazy.figure().value(), expected, rtol=2e-6, atol=1e-6)
    assert (q.size(), q.size(-1), q.dim(), h.mT.size(1)) == ((6, 4), 4, 2, 4)
    assert [node.span for node in q.view(2, 12).to_graph()[0].nodes] == [None] * 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("numpy", r"A.figure\(\).value\(\)"),
        ("zzz", r"no zzz; it has .*A.relu\(\)"),
        ("sofmax", r"did you mean softmax\?$"),
    ],
)
def test_a_lazy_matrix_guesses_only_near_names(name, text):
    with pytest.raises(AttributeError, match=text):
        getattr(mc.matrix(Q), name)
