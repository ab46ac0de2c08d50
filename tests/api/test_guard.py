"""Whatever is given to what is public: a result, an error of matcube, or Python's for a signature."""

from __future__ import annotations

import inspect
import io
import itertools
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcube as mc
from matcube.api.animation import AnimateChanges
from matcube.api.camera import ViewChanges
from matcube.api.comparison import Comparison
from matcube.api.options import LayoutChanges, StyleChanges
from matcube.api.save import SaveOptions
from matcube.outputs import server
from matcube.sources.operations import OPERATIONS
from matcube.sources.spelled import NAMES

DEEP: Any = []
for _ in range(3000):
    DEEP = [DEEP]


class Odd:
    """An object that raises whatever it is asked."""

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)

    def __repr__(self) -> str:
        return "<odd>"


class Walked(BaseException):
    """Something without an end was walked farther than anybody needs."""


FAR = 1 << 21


class Endless:
    """An iterable that does not end."""

    def __iter__(self) -> Iterator[int]:
        yield from range(FAR)
        raise Walked


class Huge(Sequence[int]):
    """A list of 10¹² numbers."""

    def __len__(self) -> int:
        return 10**12

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice) or n >= FAR:
            raise Walked
        return n


BAD: list[Any] = [
    None, 3, -1, 2.5, math.nan, math.inf, 10**400, True, "", "x", "A", "A[0, 0]", "\x1b[2J\u202e", "\udcff",
    "x" * 3000, "((((" * 300, b"\x80", [], {}, (), (1, 2, 3), [[1], [1, 2]], DEEP, {"A": Odd()}, {3: 4},
    {"A": {"A": 1}}, Odd(), object(), Odd, math.sin, np.ones(3), np.ones((2,) * 9), np.array([object()]),
    io.StringIO(), Path("/nonexistent/x.html"), Path("\x00"), slice(1, 2), 1j, np.float32(2), range(1000),
    {1, 2}, iter([1]), Endless(), Huge(), np.bool_(True),
]  # fmt: skip
KEYWORDS: dict[str, Any] = {
    "layout": LayoutChanges, "style": StyleChanges, "view": ViewChanges, "animate": AnimateChanges,
    "save": SaveOptions,
}  # fmt: skip


def shown(value: object) -> str:
    """A value in few words."""
    return "DEEP" if value is DEEP else ascii(value)[:40]


def words(function: Callable[..., object], name: str) -> list[tuple[str, Any]]:
    """Parameters of a function: those with a name, and those of its TypedDict."""
    given = inspect.signature(function).parameters
    plain = [(key, each.kind) for key, each in given.items() if key != "self"]
    kinds = inspect.Parameter
    named = [(key, kind) for key, kind in plain if kind not in (kinds.VAR_KEYWORD, kinds.VAR_POSITIONAL)]
    return named + [(key, kinds.KEYWORD_ONLY) for key in getattr(KEYWORDS.get(name), "__annotations__", ())]


def calls(
    function: Callable[..., object], name: str, good: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Calls with one bad argument each, and all others good or left out."""
    for key, kind in words(function, name):
        for bad in BAD:
            if (name, key) == ("show", "block") and bad is True:
                continue
            arguments = {word: value for word, value in good.items() if word != key}
            if kind is inspect.Parameter.POSITIONAL_ONLY:
                order = [word for word, each in words(function, name) if each is kind]
                places = [bad if word == key else good.get(word) for word in order[: order.index(key) + 1]]
                rest = {word: value for word, value in arguments.items() if word not in order}
                yield (
                    f"{name}({key}={shown(bad)})",
                    partial(function, *places, **rest),
                )
            else:
                given = {**arguments, key: bad}
                yield f"{name}({key}={shown(bad)})", partial(function, **given)


def tried(what: str, call: Callable[[], object]) -> str | None:
    """What is wrong with the end of a call."""
    try:
        call()
    except Walked:
        return f"{what}: walked to its end"
    except mc.MatcubeError as error:
        return None if str(error) else f"{what}: no words"
    except TypeError as error:
        frames = inspect.getinnerframes(error.__traceback__ or inspect.currentframe())  # type: ignore[arg-type]
        is_signature = frames[-1].filename.endswith(("errors/guard.py", "api/renamed.py", "test_guard.py"))
        return None if is_signature else f"{what}: {type(error).__name__}: {error}"
    except Exception as error:
        return f"{what}: {type(error).__name__}: {error}"
    return None


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and a server that does not start."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "start", lambda *_, **__: None)
    return tmp_path


def values(array: Any) -> object:
    """The values of a figure of an array."""
    return mc.figure("A @ A", A=array).value()


def figures() -> dict[str, mc.Figure]:
    product = mc.figure("C = A @ B", A=np.eye(2), B=np.eye(2))
    return {
        "plain": product,
        "film": product.animate("vmprod"),
        "heads": mc.figure("H @ H.mT", H=np.ones((2, 2, 2))),
    }


MATRIX = {"program": "A @ A", "data": {"A": np.eye(2)}}
GRAPH = mc.matrix(np.eye(2), "A").to_graph()
SMALL = {"size": (64, 48)}
GOOD: dict[str, dict[str, Any]] = {
    "stop": {"name": "a"}, "head": {"number": None}, "explain": {"address": "C[0, 0]"},
    "answer": {"request": b""}, "save": {"file": "a.json", "seconds": 0.2, "fps": 5, **SMALL},
    "to_png": SMALL, "to_html": SMALL, "roofline": {"machine": "h100"}, "figure": MATRIX, "show": MATRIX,
    "matrix": {"source": np.eye(2)}, "einsum": {"equation": "ij,jk"}, "einsum_path": {"equation": "ij,jk"},
    "from_graph": {"graph": GRAPH[0], "arrays": GRAPH[1]},
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name in dir(mc.Figure) if not name.startswith("_")])
def test_methods_of_a_figure(name: str) -> None:
    wrong = []
    is_slow = name in ("save", "to_png", "to_html", "session", "show")
    for figure in [figures()["film"]] if is_slow else figures().values():
        member = inspect.getattr_static(mc.Figure, name)
        if isinstance(member, property):
            wrong.append(tried(name, partial(getattr, figure, name)))
            continue
        good = {} if name == "show" else GOOD.get(name, {})
        wrong += [tried(*call) for call in calls(getattr(figure, name), name, good)]
    assert [each for each in wrong if each] == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", ["figure", "show", "matrix", "einsum", "einsum_path", "from_graph", "open_figure"]
)
def test_functions(name: str) -> None:
    function = getattr(mc, name)
    wrong = [tried(*call) for call in calls(function, name, GOOD.get(name, {}))]
    if name in ("einsum", "einsum_path"):
        wrong += [tried(f"{name} {shown(bad)}", partial(function, "ij,jk", bad, np.eye(2))) for bad in BAD]
    if name == "figure":
        wrong += [tried(f"A={shown(bad)}", partial(values, bad)) for bad in BAD]
        wrong += [tried(f"held {shown(bad)}", partial(function, bad)) for bad in BAD]
    assert [each for each in wrong if each] == []


@pytest.mark.filterwarnings("ignore")
def test_lazy_matrices() -> None:
    a: Any = mc.matrix(np.eye(2), "A")
    own = [name for name in dir(mc.Matrix) if not name.startswith("_")]
    wrong = []
    for name in sorted({*own, *OPERATIONS, *NAMES, "rearrange", "reduce"}):
        member = getattr(a, name)
        if callable(member) and name != "show":
            wrong += [tried(f"A.{name}({shown(bad)})", partial(member, bad)) for bad in BAD[::2]]
            wrong += [tried(f"A.{name}(dim={shown(bad)})", partial(member, dim=bad)) for bad in BAD]
    for symbol in ("@", "+", "-", "*", "/", "**", "//", "%", "<", ">="):
        call = eval(f"lambda a, b: a {symbol} b")
        wrong += [tried(f"A {symbol} {shown(bad)}", partial(call, a, bad)) for bad in BAD]
    wrong += [tried(f"A[{shown(bad)}]", partial(operator.getitem, a, bad)) for bad in BAD]
    assert [each for each in wrong if each] == []
    assert re.match("<Matrix", repr(a))


SWITCHES: dict[str, Callable[[mc.Figure, Any], object]] = {
    **{
        f"style({name}=)": partial(lambda name, figure, value: figure.style(**{name: value}), name)
        for name in ("peak", "legends", "letters", "guides", "arrows", "costs")
    },
    **{
        f"animate({name}=)": partial(lambda name, figure, value: figure.animate(**{name: value}), name)
        for name in ("loop", "hide_inputs")
    },
    "show(block=)": lambda figure, value: figure.show(block=value),
    "show(open_browser=)": lambda figure, value: figure.show(open_browser=value),
    "mc.show(block=)": lambda _, value: mc.show("A", A=[[1.0]], block=value),
    "compare.show(block=)": lambda figure, value: mc.compare(figure, figure).show(block=value),
    "compare.show(open_browser=)": lambda figure, value: mc.compare(figure, figure).show(open_browser=value),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_what_is_true_or_false_takes_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``show(block=3)`` counted as true."""
    monkeypatch.undo()  # the server would start, were it not refused
    figure = mc.figure("C = A @ B", A=np.eye(2), B=np.eye(2))
    every: tuple[Any, ...] = (3, 0, 1, 1.0, "yes", "", [], np.ones(2), np.int64(1), object())
    for bad in every[:2] if name.startswith("compare") else every:
        with pytest.raises(mc.OptionError, match="must be True or False"):
            SWITCHES[name](figure, bad)


def test_every_switch_of_the_interface_is_tried() -> None:
    """Annotations of the public functions, methods and keywords that say bool."""
    found = set()
    for kind in KEYWORDS.values():
        found |= {key for key, type_ in kind.__annotations__.items() if "bool" in str(type_)}
    own = (getattr(mc, name) for name in mc.__all__)
    for function in (*own, *vars(mc.Figure).values(), *vars(Comparison).values()):
        if callable(function) and not isinstance(function, type):
            named = getattr(function, "__annotations__", {})
            found |= {key for key, type_ in named.items() if "bool" in str(type_) and key != "return"}
    assert found == {re.sub(r".*\((.*)=\)", r"\1", name) for name in SWITCHES}


@pytest.mark.parametrize("many", [itertools.count(), range(10**12), Huge()], ids=["count", "range", "huge"])
def test_what_has_no_end_is_refused_at_once(many: Any) -> None:
    figure = figures()["plain"]
    for option in ("tiles", "order"):
        with pytest.raises(mc.OptionError):
            figure.animate("tiled", **{option: many})
    for option in ("pin", "hide", "fade", "select", "target"):
        with pytest.raises(mc.MatcubeError):
            figure.view(**{option: many})
    with pytest.raises(mc.MatcubeError, match="more than 1,048,576 items"):
        mc.figure("A", A=np.eye(2), labels={"A.rows": many})
    for call in (
        lambda: mc.matrix(np.eye(2), "A", rows=many),
        lambda: mc.compare(figure, figure, titles=many),
        lambda: figure.cost(parameters=many),
        lambda: mc.einsum("ab,bc,cd->ad", np.eye(2), np.eye(2), np.eye(2), path=many),
        lambda: mc.einsum_path("ab,bc,cd->ad", np.eye(2), np.eye(2), np.eye(2), path=many),
        lambda: mc.matrix(np.eye(2), "A").permute(many),
        lambda: figure.layout(pull=many),
        lambda: figure.partition(many),
        lambda: figure.save("x.png", size=many),
        lambda: mc.figure("A", A=many).value(),
    ):
        with pytest.raises(mc.MatcubeError):
            call()
