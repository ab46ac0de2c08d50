"""A program of somebody who uses matcube: ``test_package`` checks its types against the installed wheel."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import matcube as mc

Q: NDArray[np.float32] = np.zeros((8, 4), np.float32)


def attention() -> mc.Figure:
    """A figure of two leaves, the second of them generated."""
    fig = mc.figure("attn = softmax(Q @ K.T)", Q=Q, K="gaussian(8, 4)", labels={"Q.rows": list("abcdefgh")})
    return fig.layout("zigzag", gap=4).style(theme="light").view(select="attn")


def product() -> mc.Figure:
    """A figure of a lazy matrix."""
    A: mc.Matrix = mc.matrix(Q, name="A")
    return (A @ A.T).tril(offset=1).relu().concat(A @ A.T, axis=0).figure()


def results() -> tuple[Path, float, str]:
    """What methods return has a type."""
    fig = attention()
    value: float = float(fig.value("attn")[0, 0])
    try:
        return fig.save("attention.html"), value, product().link()
    except mc.MatcubeError as error:
        raise SystemExit(str(error)) from error


def mistakes() -> None:
    """Each line is an error for a type checker; an unneeded ignore is one too."""
    mc.figure(3)  # type: ignore[arg-type]
    attention().value(1)  # type: ignore[arg-type]
    attention().layuot("zigzag")  # type: ignore[attr-defined]
    mc.figures("A @ B")  # type: ignore[attr-defined]
    attention().layout("grid")  # type: ignore[arg-type]
    attention().animate(seconds=3)  # type: ignore[call-arg]
    attention().cost(dtype="float31")  # type: ignore[arg-type]
    attention().cost(dtype="f32")
    mc.matrix(Q).softmx()  # type: ignore[attr-defined]
    mc.matrix(Q).tril(ofset=1)  # type: ignore[call-arg]
