"""Partitions and costs that once were wrong or silent, with their right values."""

import copy
import pickle

import numpy as np
import pytest

import matcube as mc
from matcube.cost.parameters import parameter_leaves
from matcube.errors import DataError, OptionError
from matcube.ir import Graph, Hollow, IndexSpec, Leaf, Node
from matcube.sources.lazy import graph_of

HEADS = "\n".join(
    f"{name} = split(x @ w{name.upper()}, axis=1, parts=12).permute(axes=(1, 0, 2))" for name in "qkv"
)
ATTENTION = HEADS + "\nz = softmax(tril(q @ k.mT)) @ v\nout = merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO"


def attention(program=ATTENTION):
    weights = {name: "gaussian(24, 24)" for name in ("wQ", "wK", "wV", "wO") if name in program}
    return mc.figure(program, x="gaussian(12, 24)", **weights)


MASK = np.array([[False, True], [False, False]])


class TestUneven:
    @pytest.mark.parametrize("preset", ["megatron", "sequence"])
    def test_heads_that_do_not_divide_are_refused_with_the_divisors(self, preset):
        with pytest.raises(OptionError, match="12 places, which 8 devices cannot share evenly") as caught:
            attention().partition(preset=preset, devices=8)
        assert caught.value.hint == f'preset="{preset}", devices=12; numbers that work: 2, 3, 4, 6, 12'
        assert attention().partition(preset=preset, devices=12).devices().count == 12

    def test_every_other_uneven_split_is_said(self):
        figure = mc.figure("A @ B", A="gaussian(10, 7)", B="gaussian(7, 5)")
        line = "uneven: A.cols has 7 places in 3 blocks: 2 of 3, one of 1"
        assert line in str(figure.partition({"A.cols": 3}).devices())
        assert "uneven" not in str(figure.partition({"A.rows": 5}).devices())
        assert "uneven: A.rows has 10 places in 4 blocks: 3 of 3, one of 1" in str(
            figure.partition(preset="data", devices=4).devices()
        )
        assert "4 of 2, 1 empty" in str(mc.figure("A", A="gaussian(8, 2)").partition({"A.rows": 5}).devices())


def test_heads_are_known_without_values():
    figure = attention("\n".join(HEADS.split("\n")[:2]) + "\nsoftmax(q @ k.mT)")
    assert figure.partition(heads=2).devices().count == 2


def test_cost_and_roofline_count_one_dtype():
    figure = mc.figure("Q @ K.T", Q="gaussian(64, 32)", K="gaussian(64, 32)")
    row, total = figure.roofline("h100").rows[0], figure.cost().total
    assert row.cost.flops / row.cost.bytes == total.flops / total.bytes == 8


REAL = {
    "gpt2": ["wte.weight", "wpe.weight", "h.0.ln_1.weight", "h.0.ln_1.bias", "h.0.attn.c_attn.weight",
             "h.0.attn.c_attn.bias", "h.0.attn.c_proj.weight", "h.0.mlp.c_fc.weight", "h.0.mlp.c_fc.bias"],
    "llama": ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight", "lm_head.weight",
              "model.layers.0.mlp.gate_proj.weight", "model.layers.0.input_layernorm.weight",
              "model.norm.weight"],
    "bert": ["embeddings.word_embeddings.weight", "embeddings.LayerNorm.gamma", "embeddings.LayerNorm.beta",
             "encoder.layer.0.attention.self.query.weight", "encoder.layer.0.attention.self.query.bias"],
    "vit": ["cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.0.attn.qkv.weight",
            "vit.embeddings.position_embeddings", "blocks.0.norm1.bias", "head.weight"],
    "short": ["W", "w1", "wQ", "wte", "W_out", "b", "b1", "bQ", "b_out", "Wqkv", "c_attn_weight",
              "c_attn_bias"],
}  # fmt: skip
INPUTS = [
    "word_vectors",
    "words",
    "window",
    "x",
    "Q",
    "inputs",
    "weights_of_edges",
    "Words",
    "batch",
    "bits",
    "K",
]


def leaves(names):
    spec = IndexSpec.parse("-> i j")
    return Graph(
        tuple(Node(n, Leaf(Hollow()), (), spec, (2, 2), name=name) for n, name in enumerate(names)), (0,)
    )


@pytest.mark.parametrize("model", REAL)
def test_names_of_real_models_are_parameters(model):
    for names in (REAL[model], [name.replace(".", "_") for name in REAL[model]]):
        missed = [names[n] for n in set(range(len(names))) - parameter_leaves(leaves(names), None)]
        assert missed == []


def test_names_of_inputs_are_none():
    assert [INPUTS[n] for n in parameter_leaves(leaves(INPUTS), None)] == []


def test_labels_of_rows_reach_a_batched_matrix():
    figure = mc.figure("X @ W", X=np.zeros((3, 2, 2)), W=np.zeros((2, 2)), labels={"X.rows": ["a", "b"]})
    axis = next(axis for axis in figure.scene().head.axes if axis.size == 6)
    assert axis.labels == ["0·a", "0·b", "1·a", "1·b", "2·a", "2·b"]


@pytest.mark.parametrize(
    ("array", "remedy"),
    [
        (np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], mask=MASK), "a.filled(float('nan'))"),
        (np.ma.masked_array([[1, 2], [3, 4]], mask=MASK), "a.astype(float).filled(float('nan'))"),
        (np.zeros((2, 2), dtype=[("a", "f4"), ("b", "i4")]), 'a["a"]'),
    ],
)
def test_arrays_of_other_kinds_have_a_remedy_that_works(array, remedy):
    with pytest.raises(DataError) as caught:
        mc.figure("A @ A", A=array)
    assert str(caught.value.hint).endswith(remedy)
    works = {
        "a.filled(float('nan'))": lambda a: a.filled(float("nan")),
        "a.astype(float).filled(float('nan'))": lambda a: a.astype(float).filled(float("nan")),
        'a["a"]': lambda a: a["a"],
    }[remedy]
    assert mc.figure("A @ A", A=works(array)).value("A").shape == (2, 2)


def test_masks_in_state_dicts_are_no_parameters():
    names = ["h.0.attn.bias", "h.0.attn.masked_bias", "h_0_attn_bias", "layers.3.attention.bias"]
    assert parameter_leaves(leaves(names), None) == frozenset()
    assert parameter_leaves(leaves(names), ["*bias"]) == frozenset(range(4))


def every_operation():
    a, b = mc.matrix(np.arange(16.0).reshape(4, 4), "a"), mc.matrix("gaussian(4, 4)", "b", rows="wxyz")
    yield from (a @ b, 2 - a, a / 3, 1 / b, -a, a.T, a.mT, a**2, a.relu() + b, a.tril(offset=1).softmax())
    yield from (a.split(axis=1, parts=2), a.concat(b, axis=0), (a @ b).named("c"), a + a, b)
    yield mc.einsum("ij,kj->ik", a, b)
    yield mc.einsum("ij,jk,kl", a, b, a)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_lazy_matrices_can_be_copied_and_pickled(again):
    for matrix in every_operation():
        same = again(matrix)
        assert repr(same) == repr(matrix)
        assert graph_of(same)[0] == graph_of(matrix)[0]
        assert (graph_of(same)[1].keys(), same.shape) == (graph_of(matrix)[1].keys(), matrix.shape)
