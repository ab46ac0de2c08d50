"""Every remedy in Python works as it is worded; texts that offer one are collected from the package."""

import ast
import io
import math
import re
from types import SimpleNamespace
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import torch

import matcube as mc
from matcube.ops import INITIALISERS
from tests.regressions.remedies import SOURCE, texts_of

# A line that fails; below it what to type instead, the words of the error in «…».
CASES = r"""
fig.animate("vmprod", duration=3)
    film.«save(file, seconds=10)»
fig.animate("vmprod", seconds=3)
    film.«save(file, seconds=10)»
fig.animate("vmprod", fps=3)
    film.«save("film.gif", fps=20)»
mc.figure("A @ B", A="gaussian(8, 4)", B=a, seed=3)
    mc.figure("A.T", «A="gaussian(8, 4, seed=3)"»)
mc.figure("A @ B", A=a, B=b, gap=8)
    fig«.layout(gap=8)»
mc.figure("held @ A", A=a, held=a)
    program = "held @ held"; «mc.figure(program, {"held": a})»
mc.figure("A @ B", a)
    «mc.figure("A @ B", {"A": a, "B": b})»
    «mc.figure("A @ B", A=a, B=b)»
fig.at_stop("all")
    «fig.stop("the scores")»
fig.stop("")
    «fig.stop("the scores")»
fig.stop("all", say=3)
    «fig.stop("the scores", say="Each row is a query.")»
mc.figure(3)
    «mc.figure("A @ B", A=a, B=b)»
    «(mc.matrix(a) @ mc.matrix(b)).figure()»
mc.figure("A @ B", A=a, B=b, C=a)
    program = "A @ B"; mc.figure(program, «{"C":» a, "A": a, "B": b})
mc.figure("Q.T", Q=q, labels=a)
    mc.figure("Q.T", Q=q, «labels={"Q.rows": tokens}»)
mc.figure("C = A @ B; C.T", A=a, B=b, C=a)
    «mc.figure("C", C=array)»
mc.figure("A @ B", A=a, B=mc.matrix(a, "A") @ a)
    (mc.matrix(a, "A") @ a)«.figure()»
mc.figure("C = relu(A @ B) @ A", A=a, B=b).backward("relu(A @ B)")
    «fig.backward('A @ B')»
mc.figure("C = relu(A)", A=a).backward("C")
    «fig.backward("C")»
fig.backward("C", grad="gaussian(3, 3)")
    fig.backward("C", «grad="gaussian(4, 4, seed=1)"»)
fig.view(device=1)
    titled.«partition(tokens=8)»
fig.view(pin=5)
    heads.view(pin=«("attn", 3, 7)»)
    heads.view(pin=«"attn[3, 7]"»)
fig.save("a.gif")
    «fig.animate("vmprod")»
mc.compare(fig, a)
    c = b; «mc.compare(mc.figure("A @ B", A=a, B=b), mc.figure("A @ B", A=a, B=c))»
mc.compare(fig)
    fig_a = fig_b = fig; «mc.compare(fig_a, fig_b)»
mc.compare(fig, fig, titles=["one"])
    mc.compare(fig, fig, «titles=["before", "after"]»)
mc.compare(fig, fig, scale="each")
    mc.compare(fig, fig, «scale="one"»)
    mc.compare(fig, fig, «scale="own"»)
mc.compare(fig, fig).differences("C", top="all")
    mc.compare(fig, fig).differences(«top=20»)
mc.compare(steps, steps, matrix="P").save("a.png")
    fig = steps; fig = «fig.layout(sheets="open")»; mc.compare(fig, fig, matrix="P").save("a.png")
mc.figure("softmax(Q @ K.T) @ K", Q=q, K=q).animate("vmprod", fuse="decode")
    mc.figure("«softmax(tril(Q @ K.T)) @ V»", Q=q, K=q, V=q).animate("vmprod", fuse="decode")
np.asarray(mc.matrix(a))
    A = mc.matrix(a); «A.figure().value()»
    A = mc.matrix(a); «mc.matrix(a) @ A»
np.asarray(fig)
    «fig.value()»
    «fig.value("A")»
fig.partition(3)
    titled.partition(«tokens=8»)
    heads.partition(«{"attn.i": 8}»)
    mlp.partition(«preset="megatron", devices=4»)
mlp.partition(preset="megatron")
    mlp.partition(«preset="megatron", devices=4»)
mlp.partition(preset="megatron", devices=3)
    mlp.partition(«preset="megatron", devices=8»)
fig.partition(preset="megatron", devices=4)
    mc.figure("«relu(x @ w1) @ w2»", x=q, w1=q, w2=q).partition(preset="megatron", devices=4)
fig.save(3)
    «fig.save("cube.png"»)
fig.save(stream)
    «fig.save(stream, format="png"»)
fig.stop(3)
    «fig.stop("the scores")»
mc.open_figure(fig.link())
    mc.open_figure(fig.link(), «data={"A": array}» | {"B": b})
heads.explain("attn")
    heads.explain(«"attn[2][5, 3]"»)
    fig8.explain(«"C[3, 7]"»)
heads.explain("attn[a, b]")
    fig8.explain(«"C[3, 7]"»)
mc.figure("A @ B", A="ones(300000, 300000)", B="shape(300000, 2)").value()
    mc.figure("A @ B", A="«shape(300000, 300000)»", B="shape(300000, 2)")
mc.figure("A @ B", A="x + 1", B=a)
    mc.figure("«A = x + 1; »A @ B", x=a, B=b)
mc.figure("C = A @ A", A="ones(300, 300)").compute(memory="1MB")
    mc.figure("C = A @ A", «A="shape(300, 300)"»).compute(memory="1MB")
    fig = mc.figure("C = A @ A", A="ones(300, 300)"); «fig.compute(memory="7MB")»
mc.figure("A", A=np.ones((300, 2, 2))).compute()
    A = np.ones((300, 2, 2)); mc.figure("A", A=«A[:256]»).compute()
    fig = mc.figure("A", A=np.ones((300, 2, 2))); «fig.value()»
mc.matrix(a * 1j)
    a = a * 1j; mc.matrix(«np.real(a)»)
    a = a * 1j; mc.matrix(«np.imag(a)»)
    a = a * 1j; mc.matrix(«np.abs(a)»)
mc.matrix(np.ones((2, 2), ml_dtypes.bcomplex32))
    a = np.ones((2, 2), ml_dtypes.bcomplex32); mc.matrix(«a.astype(np.complex64).real»)
mc.matrix(torch.ones(2, 2) * 1j)
    a = torch.ones(2, 2) * 1j; mc.matrix(«a.real»)
    a = torch.ones(2, 2) * 1j; mc.matrix(«a.imag»)
    a = torch.ones(2, 2) * 1j; mc.matrix(«a.abs()»)
mc.matrix(np.zeros((2, 2), "V2"))
    a = np.zeros((2, 2), "V2"); mc.matrix(«a.view(ml_dtypes.bfloat16)»)
mc.matrix(np.zeros((2, 2), "V1"))
    a = np.zeros((2, 2), "V1"); mc.matrix(«a.view(ml_dtypes.float8_e4m3fn)»)
mc.matrix(np.zeros((2, 2), "V4"))
    a = np.zeros((2, 2), "V4"); mc.matrix(«a.view("f4")»)
mc.matrix(np.array([["1", "2"]]))
    a = np.array([["1", "2"]]); mc.matrix(«np.asarray(a, dtype=float)»)
mc.matrix(np.array([["x", "y"]]), "Q")
    mc.figure("Q", Q=np.ones((2, 2)), «labels={"Q.rows": names}»)
mc.matrix(np.zeros(2, [("x", "f4")]))
    a = np.zeros(2, [("x", "f4")]); mc.matrix(«a["x"]»)
mc.matrix(Frame())
    a = Frame(); mc.matrix(«a.select_dtypes("number")»)
mc.matrix(Polar())
    a = Polar(); mc.matrix(«a.drop("y")»)
mc.matrix(Missing())
    a = Missing(); mc.matrix(«a.to_numpy(dtype=float, na_value=float("nan"))»)
mc.matrix(torch.zeros(2, 2, dtype=torch.bits16))
    a = torch.ones(2, 2); mc.matrix(«a.float()»)
    a = torch.ones(2, 2); mc.matrix(«a.view(torch.uint8)»)
mc.matrix("ones(2.5)")
    mc.matrix("«ones(64, 16)»")
mc.figure("softmax(Q, dim=0)", Q=np.ones((2, 3, 4)))
    mc.figure("«softmax(Q)»", Q=np.ones((2, 3, 4)))
mc.matrix(a).rearrange("a b")
    mc.matrix(a).rearrange(«"t (h d) -> h t d"», h=2)
mc.matrix(a).rearrange("a $ -> a b")
    mc.matrix(a).rearrange(«"t (h d) -> h t d"», h=2)
mc.matrix(a).rearrange("a b -> a b ...")
    mc.matrix(np.ones((2, 3, 4))).rearrange(«"... d -> d ..."»)
mc.matrix(a, "x").rearrange("a b -> a")
    x = mc.matrix(a); «x.reduce("a b -> a", "sum")»
mc.matrix(a, "x").rearrange("a b -> a b c")
    x = mc.matrix(a); «x.repeat("a b -> a b c", c=2)»
mc.matrix(a).repeat("a b -> a b c")
    mc.matrix(a).repeat("a b -> a b c", «c=4»)
mc.matrix(a).repeat("a b -> a b c", c=0)
    mc.matrix(a).repeat("a b -> a b c", «c=1»)
mc.matrix(a).rearrange("(a b) c -> a b c", b="x")
    mc.matrix(a).rearrange("(a b) c -> a b c", «b=2»)
mc.matrix(a).rearrange(3)
    x = mc.matrix(a); «x.rearrange("t (h d) -> h t d", h=4)»
mc.matrix(a).reduce("a b -> a")
    x = mc.matrix(a); «x.reduce("t d -> t", "mean")»
mc.einsum(a, b)
    A = a; B = b; «mc.einsum("ik,kj->ij", A, B)»
mc.einsum("ab,bc", a, b, path=[3])
    mc.einsum("ab,bc", a, b, path=«((0, 1),)»)
mc.einsum("ab,bc,cd", a, b, a, path=[(5, 6)])
    mc.einsum("ab,bc,cd", a, b, a, path=«((0, 1), (0, 1))»)
mc.einsum("a!b,bc", a, b)
    mc.einsum(«"i k, k j -> i j"», a, b)
mc.einsum("i,->", 2, 3)
    mc.einsum(«",->"», 2, 3)
(mc.matrix(a, "A") @ mc.matrix(b, "A")).figure()
    (mc.matrix(a, "A") @ mc.matrix(b)«.named("A2")»).figure()
mc.matrix(a).diagonal(first=1, second=0)
    mc.matrix(a).diagonal(«first=0, second=1»)
mc.matrix(a).view(5)
    A = mc.matrix(a); «A.reshape(4, 4)»
mc.matrix(a).sum()
    A = mc.matrix(a); «A @ mc.matrix("ones(4, 1)")»
    A = mc.matrix(a); «mc.matrix("ones(1, 4)") @ A»
mc.matrix(a) > 0
    A = mc.matrix(a); «A.relu()»
    «mc.matrix(array)»
mc.matrix(a).inv()
    «mc.matrix(array)»
mc.matrix(a)[1:3]
    A = mc.matrix(a); «A.slice(start=(1, 0), stop=(3, 4))»
mc.matrix(a).masked_fill(a, 0)
    A = mc.matrix(a); «A.tril().softmax()»
    A = mc.matrix(a); M = mc.matrix(b); «(A + M).softmax()»
mc.matrix(a) ** mc.matrix(b, "B")
    A = mc.matrix(a); B = mc.matrix(b); «(A.log() * B).exp()»
2 ** mc.matrix(a)
    A = mc.matrix(a); «(A * math.log(2)).exp()»
mc.matrix(a).tile(2)
    A = mc.matrix(a); «A.repeat(axis=0, times=2)»
mc.matrix(a).item
    A = mc.matrix(a); «A.figure().value()»
mc.matrix(a).zzz
    A = mc.matrix(a); «A.relu()»
    A = mc.matrix(a); «A.softmax()»
mc.matrix(np.ones((3, 2, 2)), "H").T
    H = mc.matrix(np.ones((3, 2, 2))); «H.mT»
fig.save("cube.png", size=3)
    fig.save("cube.png", size=«(1280, 800)»)
fig.roofline()
    fig.roofline(«"h100"»)
    fig.roofline(«peak=312e12, bandwidth=2e12»)
deep.animate("online").backward().backward().scene()
    fig = deep; «fig.animate("vmprod")»
INITIALISERS["gaussian"](shape=(2.5, 3))
    mc.matrix("«gaussian(64, 16)»")
mc.figure('rearrange(x, "a b -> a")', x=a)
    mc.figure('«reduce(x, "a b -> a", "sum")»', x=a)
mc.figure('rearrange(x, "a b -> a b c")', x=a)
    mc.figure('«repeat(x, "a b -> a b c", c=2)»', x=a)
mc.matrix(torch.full((2, 2), 255, dtype=torch.uint8).view(torch.uint4))
    a = torch.full((2, 2), 255, dtype=torch.uint8).view(torch.uint4); mc.matrix(«a.view(torch.uint8)»)
fig.animate("online")
    mc.figure(«"softmax(Q @ K.T / sqrt(d)) @ V"», Q=q, K=q, V=q, d=4).animate("online")
mc.figure("C = A @ B", A=frame("i", "xy"), B=frame("yx", "j"))
    mc.figure("C = A @ B", A=frame("i", "xy"), B=frame("yx", "j")«.loc[names]»)
    mc.figure("C = A @ B", A=frame("i", "xy"), B=frame("yx", "j")«.to_numpy()»)
"""


class Small:
    """A film; whatever is asked of it is small."""

    def save(self, *arguments: Any, **options: Any) -> None:
        film = mc.figure("A @ B", A=np.eye(2), B=np.eye(2)).animate("vmprod")
        film.save(*arguments, **{"size": (64, 48), "fps": 2, "seconds": 1, **options})


class Polar:
    """A frame with a column of text, as polars has it."""

    ndim, columns, _text = 2, ("x", "y"), np.array([[1, "a"], [2, "b"]], object)

    def __array__(self, *_: object, **__: object) -> Any:
        return self._text

    def select(self, _: object) -> None:
        raise NotImplementedError

    def drop(self, name: str) -> Any:
        assert name == "y"
        return np.array([[1], [2]])


class Frame(Polar):
    """The same as pandas has it."""

    index = range(2)

    def select_dtypes(self, kind: str) -> Any:
        assert kind == "number"
        return np.array([[1], [2]])


class NAType:
    """A gap of pandas."""


class Missing(Polar):
    """A frame with a gap."""

    _text = np.array([[1, NAType()]], object)

    def to_numpy(self, dtype: type, na_value: float) -> Any:
        return np.array([[1, na_value]], dtype)


class Labelled(SimpleNamespace):
    """A frame with names."""

    ndim = 2

    def __array__(self, *_: object, **__: object) -> Any:
        return np.ones((len(self.index), len(self.columns)))

    @property
    def loc(self) -> Any:
        return {("x", "y"): Labelled(index=["x", "y"], columns=self.columns)}

    def to_numpy(self) -> Any:
        return np.asarray(self)


def scope(folder: Any) -> dict[str, Any]:
    """What a reader of an error has at hand."""
    a, q = np.arange(16.0).reshape(4, 4), np.ones((4, 4))
    heads = mc.figure("attn = softmax(q @ q.mT); attn @ q", q=np.ones((3, 8, 8)))
    fig = mc.figure("C = A @ B", A=a, B=a)
    titled = SimpleNamespace(partition=lambda tokens: fig.partition({"A.rows": tokens // 2}))
    return {
        "mc": mc, "np": np, "math": math, "io": io, "torch": torch, "ml_dtypes": ml_dtypes, "a": a, "b": a,
        "array": a, "q": q, "fig": fig, "heads": heads, "titled": titled, "film": Small(), "file": "film.gif",
        "fig8": mc.figure("C = A @ A", A=np.ones((8, 8))), "stream": io.BytesIO(), "tokens": list("abcd"),
        "mlp": mc.figure("relu(x @ w) @ w2", x=q, w=np.ones((4, 8)), w2=np.ones((8, 4))),
        "deep": mc.figure("softmax(tril(Q @ K.T)) @ V", Q=q, K=q, V=q), "INITIALISERS": INITIALISERS,
        "steps": mc.figure("P = Q @ K.T; softmax(P) @ V", Q=q, K=q, V=q),
         "Frame": Frame, "Polar": Polar, "Missing": Missing, "names": ("x", "y"),
        "frame": lambda rows, columns: Labelled(index=list(rows), columns=list(columns)),
    }  # fmt: skip


def cases() -> list[tuple[str, list[str]]]:
    """Lines that fail, with those that work instead."""
    found: list[tuple[str, list[str]]] = []
    for line in CASES.strip().split("\n"):
        if line.startswith("    "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found


def error_of(line: str, names: dict[str, Any]) -> str:
    """The text of the error that a line raises."""
    with pytest.raises((mc.MatcubeError, AttributeError, TypeError)) as caught:
        exec(line, names)
    return str(caught.value)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("line", "remedies"), cases(), ids=lambda value: str(value)[:50])
def test_a_remedy_works_as_it_is_worded(line, remedies, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = error_of(line, scope(tmp_path))
    assert remedies
    for remedy in remedies:
        for words in re.findall("«(.*?)»", remedy):
            assert words in said, f"{words}\n{said}"
        exec(re.sub("[«»]", "", remedy), scope(tmp_path))


OFFER = re.compile(
    r"\bwrite [\w(\"{]|\bmc\.\w+\(|\bfig\.\w+\(|\bnp\.\w+\(|\ba\.\w+\(|did you mean|\.named\("
    r"|\b[a-z]+=[\"({]|\b\w+\.\w+\(\)"
)
# The language, the command line and lines for a shell have tests of their own; pages hold no errors.
LEFT_OUT = re.compile(
    r"cli/|sources/program/|sources/(arithmetic|shape_errors|known_files|read_|csv_|files|paths|entries)"
    r"|outputs/(html|still|server|notebook|chart)|wire/text|session/|engine/streaming|api/demo"
)
# Words beside code, a warning, texts for code that makes graphs, and what is replaced before it is shown.
WORDS = """
{} cannot be used
{}={} cannot be used
tiles={} cannot be used
dtype={} cannot be used
scale={} cannot be used
each={"{}": "{}"}
index spec "{}" cannot be read; write letters like "i k, k j -> i j"
the spec of a box is like "i k, k j -> i j"; cell by cell write A * B
bind the mask: mc.figure(program, M=array)
""".strip().split("\n")


def test_every_text_that_offers_python_is_provoked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = [error_of(line, scope(tmp_path)) for line, _ in cases()]
    missing = []
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        for text, pattern in [] if LEFT_OUT.match(place) else texts_of(ast.parse(path.read_text())):
            if (
                text not in WORDS
                and OFFER.search(text)
                and re.search(r"\s", text)
                and not any(re.search(pattern, each, re.S) for each in said)
            ):
                missing.append(f"{place}: {text}")
    assert not missing, "\n".join(missing)
