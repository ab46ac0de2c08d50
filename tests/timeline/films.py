"""Films of small graphs, and a judge of them that knows nothing of letters."""

from __future__ import annotations

import numpy as np

import matcube as mc
from matcube.engine.scene import layouts_of
from matcube.ir import Contraction, Graph, Leaf, Map, Reindex
from matcube.ir.graph import Node
from matcube.ops import Cells
from matcube.ops.maps import MAPS
from matcube.ops.rows import Tril
from matcube.playback.steps import active_step, complete, covered, done
from matcube.scene.join import join
from matcube.timeline import ALGORITHMS, FilmOptions, film
from matcube.wire import Film, Sweep
from matcube.wire.container import Scene
from tests.layout.graphs import Sketch

PLAYING = [name for name in ALGORITHMS if name not in ("none", "online")]  # online: tests of its own


def play(graph: Graph, algorithm: str, fuse: str = "none", *, more: dict | None = None, **each: str) -> Film:
    """The film of a graph; ``n3="outer"`` gives node 3 its own algorithm, ``more`` are further options."""
    own = tuple((int(node[1:]), name) for node, name in each.items())
    result = film(graph, FilmOptions(algorithm, own, fuse, **(more or {})))  # type: ignore[arg-type]
    assert result is not None
    return result


def scene_with(fig: mc.Figure, options: FilmOptions) -> Scene:
    """The scene of a figure with a film of these options, blocks among them, which no view names."""
    program = fig._program
    return join(
        program.graph,
        program.values,
        program.facts,
        layouts_of(program, fig.state, ()),
        view=fig.state,
        film=film(program.graph, options),
    )


def groups(result: Film) -> list[list[int]]:
    """Nodes of each group, in order."""
    names = sorted({sweep.group for sweep in result.sweeps})
    return [sorted(sweep.node for sweep in result.sweeps if sweep.group == name) for name in names]


def formed(sweep: Sweep, step: int) -> np.ndarray:
    """Which products (I, J, K) a step forms."""
    where = covered(sweep, step)
    out = np.zeros(sweep.sizes, dtype=bool)
    rows, cols, depth = ([n for bounds in where[letter] for n in range(*bounds)] for letter in "ijk")
    out[np.ix_(rows, cols, depth)] = True
    if sweep.limit is not None:
        index = dict(zip("ijk", np.indices(sweep.sizes), strict=True))
        out &= index[sweep.limit.b] <= index[sweep.limit.a] + sweep.limit.offset
    return out


def there(graph: Graph, result: Film, t: float) -> dict[int, np.ndarray]:
    """Which cells of every node exist at time t, from the operations themselves."""
    sweeps = {sweep.node: sweep for sweep in result.sweeps}
    out: dict[int, np.ndarray] = {}
    for node in graph.nodes:
        if node.id in sweeps:
            sweep = sweeps[node.id]
            whole = complete(sweep, done(sweep, t))
            out[node.id] = (whole.T if sweep.turned else whole).reshape(node.shape)
        else:
            out[node.id] = _made(node, [out[operand] for operand in node.inputs])
        assert out[node.id].shape == node.shape
    return out


def _made(node: Node, operands: list[np.ndarray]) -> np.ndarray:
    match node.kind:
        case Leaf():
            return np.ones(node.shape, dtype=bool)
        case Contraction():
            left, right = operands
            return ((~left).astype(int) @ np.ones(right.shape, int) + np.ones(left.shape, int) @ ~right) == 0
        case Map(op=op):
            out = np.ones(node.shape, dtype=bool)
            for cells in operands:
                out &= np.asarray(cells.all(axis=op.mixes, keepdims=True)) if op.mixes else cells
            return out
        case Reindex(op=move):
            return move(*(Cells(cells.astype(float)) for cells in operands)).values > 0


def judge(graph: Graph, result: Film) -> None:
    """No step of a film reads what does not exist; what waits is there when it says; the end is complete."""
    for sweep in result.sweeps:
        left, right = graph[sweep.node].inputs
        for step in range(sweep.steps):
            t = sweep.start + step + sweep.begin
            assert active_step(sweep, t) == step
            cells, products = there(graph, result, t), formed(sweep, step)
            assert not (products.any(axis=1) & ~cells[left]).any(), (sweep, step, "reads from its left")
            assert not (products.any(axis=0).T & ~cells[right]).any(), (sweep, step, "reads from its right")
            _judge_needs(graph, result, t, cells)
        assert done(sweep, sweep.start + sweep.begin) == 0 or sweep.steps == 0
    assert all(cells.all() for cells in there(graph, result, result.duration).values())
    lanes: dict[int, float] = {}
    for sweep in result.sweeps:
        assert lanes.get(sweep.lane, 0.0) <= sweep.start
        lanes[sweep.lane] = sweep.start + sweep.steps
    assert result.duration == max(lanes.values())


def _judge_needs(graph: Graph, result: Film, t: float, cells: dict[int, np.ndarray]) -> None:
    sweeps = {sweep.node: sweep for sweep in result.sweeps}
    for node in graph.nodes:
        if node.id in sweeps:
            continue
        out: np.ndarray = np.ones(np.atleast_2d(cells[node.id]).shape, dtype=bool)
        for need in result.needs:
            if need.node != node.id:
                continue
            sweep = sweeps[need.sweep]
            whole: np.ndarray = complete(sweep, done(sweep, t))
            for axis, letter in enumerate("ij"):
                if letter not in (need.row, need.col):
                    whole = np.asarray(whole.all(axis=axis, keepdims=True))
            out &= whole.T if need.row == "j" or need.col == "i" else whole
        assert (out == cells[node.id]).all(), (node, t)


def squares(choices: list[int], size: int = 3) -> Graph:
    """A graph of square matrices; each number adds a node, over operands that it also picks."""
    sketch = Sketch()
    last = sketch.leaf(size, size)
    for choice in choices:
        kind, choice = choice % 8, choice // 8
        other = choice % len(sketch.nodes)
        if kind <= 2:
            fresh = sketch.leaf(size, size) if choice % 3 == 0 else other
            pair = (last, fresh) if choice % 2 else (fresh, last)
            last = sketch.product(*pair)
        elif kind == 3:
            last = sketch.transpose(last)
        else:
            name = ("gelu", "softmax", "plus", "tril")[kind - 4]
            if name == "tril":
                op = Map(Tril(choice % 3 - 1), reads=("i", "j"))
                last = sketch.add(op, (last,), "i j -> i j", (size, size))
            elif name == "softmax":
                last = sketch.add(Map(MAPS[name](), mixes=("j",)), (last,), "i j -> i j", (size, size))
            else:
                last = sketch.map(name, last, other) if name == "plus" else sketch.map(name, last)
    used = {operand for node in sketch.nodes for operand in node.inputs}
    outputs = [node.id for node in sketch.nodes if node.id not in used and node.id != last]
    return sketch.graph(*outputs, last)
