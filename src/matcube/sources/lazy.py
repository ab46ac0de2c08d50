"""Lazy matrices: ``A @ B`` in Python builds the same graph as the program text ``A @ B``.

``matrix(array)`` and ``matrix("gaussian(64, 16)")`` are leaves; operators and methods make new matrices;
``to_graph()`` returns the graph and its arrays. Shapes are checked at once, values are not computed.
``api.matrix`` adds methods that show a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, cast

from matcube.errors import MatcubeError, OptionError, ProgramError
from matcube.errors.guard import guarded, guarded_class
from matcube.ir.graph import Data, Graph, Hollow, Leaf, LeafInput, Shape
from matcube.ir.shapes import shape_text
from matcube.ops import MAPS, Array
from matcube.sources import einops, recipes, spelled
from matcube.sources.arithmetic import Numeral
from matcube.sources.arrays import read_array
from matcube.sources.build import Builder
from matcube.sources.entries import Labels
from matcube.sources.labelled import labels_of
from matcube.sources.methods import Methods
from matcube.sources.operations import OPERATIONS, arity_of, count_text, make_operation

Recipe = Callable[[Builder, tuple[int, ...]], int]


@guarded_class
@dataclass(frozen=True, eq=False, repr=False)
class Matrix(Methods, spelled.Spellings):
    """A matrix that is not computed yet: a leaf, or an operation on other matrices.

    It has the operators ``@ + - * / **`` and unary ``-``, ``.T``, ``.mT``, and every function of the
    language as a method: ``A.softmax()``, ``A.tril(offset=1)``, ``A.split(axis=1, parts=4)``.

    Args:
        shape: its sizes.
        name: its name, or None.

    Example:
        >>> A, B = matrix("gaussian(32, 24)", name="A"), matrix("gaussian(24, 16)", name="B")
        >>> (A @ B).relu()
        <Matrix 32 × 16: relu(A @ B)>
    """

    shape: Shape
    name: str | None = None
    operands: tuple[Matrix, ...] = ()
    recipe: Recipe | None = None
    leaf: LeafInput | None = None
    array: Array | None = None

    __array_ufunc__ = None  # NumPy arrays on the left leave the operator to this class

    def named(self, name: str) -> Self:
        """The same matrix with a name, which legends show.

        Example:
            >>> (matrix("eye(3, 3)", name="A") @ matrix("eye(3, 3)", name="B")).named("C")
            <Matrix C 3 × 3: A @ B>
        """
        if not isinstance(name, str) or not name.strip() or "\n" in name:
            raise OptionError(f"a name is one line of text, not {name!r}")
        return replace(self, name=name)

    def to_graph(self) -> tuple[Graph, dict[str, Array]]:
        """The graph whose root is this matrix, and the arrays of its data leaves, by name.

        Leaves without a name become A, B, C, … in order.

        Example:
            >>> graph, arrays = (matrix([[1, 2]]) @ matrix([[3], [4]])).to_graph()
            >>> graph.root.text, sorted(arrays)
            ('A @ B', ['A', 'B'])
        """
        return graph_of(self)

    @property
    def T(self) -> Self:
        """The transpose: rows and columns exchanged."""
        return self._derived(recipes.Transposed("T"))

    @property
    def mT(self) -> Self:  # noqa: N802 - NumPy's own name
        """The last two dimensions exchanged."""
        return self._derived(recipes.Transposed("mT"))

    H = mT  # all numbers are real

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    def __repr__(self) -> str:
        graph, _ = self.to_graph()
        name = f"{graph.root.name} " if graph.root.name else ""
        return f"<Matrix {name}{shape_text(self.shape)}: {graph.root.text}>"

    if not TYPE_CHECKING:  # type checkers find typing errors: they read ``Methods``

        def __getattr__(self, name: str) -> Callable[..., Self]:
            if name.startswith("_"):
                raise AttributeError(name)
            if name not in (*OPERATIONS, *einops.FUNCTIONS, *spelled.NAMES):
                own = [word for word in dir(type(self)) if not word.startswith("_")]
                raise spelled.no_attribute(name, [*OPERATIONS, *spelled.NAMES, "shape", *own])

            def method(*arguments: Any, **parameters: Any) -> Any:
                is_known = name in (*OPERATIONS, *einops.FUNCTIONS)
                if is_known and spelled.is_native(name, arguments, parameters):
                    try:
                        return apply(name, self, *arguments, **parameters)
                    except MatcubeError as error:
                        raise spelled.in_python(error) from None
                call = spelled.method(name, arguments, parameters)
                return self._spelled(call.template, *call.operands)

            method.__name__ = name
            method.__doc__ = OPERATIONS[name].help if name in OPERATIONS else einops.__doc__
            return guarded(method)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *OPERATIONS, *einops.FUNCTIONS})

    def __matmul__(self, other: Any) -> Self:
        return self._binary("@", self, other)

    def __rmatmul__(self, other: Any) -> Self:
        return self._binary("@", other, self)

    def __add__(self, other: Any) -> Self:
        return self._binary("+", self, other)

    def __radd__(self, other: Any) -> Self:
        return self._binary("+", other, self)

    def __sub__(self, other: Any) -> Self:
        return self._binary("-", self, other)

    def __rsub__(self, other: Any) -> Self:
        return self._binary("-", other, self)

    def __mul__(self, other: Any) -> Self:
        return self._binary("*", self, other)

    def __rmul__(self, other: Any) -> Self:
        return self._binary("*", other, self)

    def __truediv__(self, other: Any) -> Self:
        return self._binary("/", self, other)

    def __rtruediv__(self, other: Any) -> Self:
        return self._binary("/", other, self)

    def __pow__(self, other: Any) -> Self:
        return self._binary("**", self, other)

    def __rpow__(self, other: Any) -> Self:
        return self._binary("**", other, self)

    def __neg__(self) -> Self:
        return self._derived(recipes.Negated())

    def __pos__(self) -> Self:
        return self

    def _binary(self, symbol: str, left: Any, right: Any) -> Self:
        return cast("Self", _binary(symbol, left, right))

    def _spelled(self, template: str, *others: Any) -> Self:
        return cast("Self", derived(spelled.Spelled(template), self, *map(matrix, others)))

    def _derived(self, recipe: Recipe) -> Self:
        return cast("Self", derived(recipe, self))


def matrix(
    source: Any,
    name: str | None = None,
    *,
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
) -> Matrix:
    """A lazy matrix without methods to show it; ``matcube.matrix`` adds those.

    Args:
        source: an array of any kind, the constructor of a leaf as text, or a ``LeafInput``.
        name: its name; without one it becomes A, B, C, … in its graph.
        rows: labels of its rows.
        cols: labels of its columns.

    Raises:
        DataError: the source holds no numbers.
        ProgramError: the text is not a constructor of a leaf.
        OptionError: a name of more than one line, or labels that do not fit.

    Example:
        >>> matrix([[1.0, 0.0], [0.0, 1.0]], name="I", rows=["cat", "dog"])
        <Matrix I 2 × 2: I>
    """
    from matcube.sources.program import parse_leaf

    if isinstance(source, Matrix):
        return source if name is None else source.named(name)
    array = None
    if isinstance(source, str):
        leaf_input = parse_leaf(source)
    elif isinstance(source, LeafInput):
        leaf_input = source
    else:
        data = read_array(source, name or "array")
        array = data.array
        leaf_input = LeafInput(array.shape, Leaf(Data(name or "", data.dtype, data.sha256), (), data.titles))
    labels = _labels(leaf_input.shape, rows, cols, name or "the matrix", own=labels_of(source))
    if labels:
        leaf_input = replace(leaf_input, leaf=replace(leaf_input.leaf, labels=labels))
    made = Matrix(leaf_input.shape, leaf=leaf_input, array=array)
    return made if name is None else made.named(name)


def apply(function: str, *arguments: Any, **parameters: Any) -> Matrix:
    """A function of the language on matrices: ``apply("softmax", A)`` is ``A.softmax()``.

    Args:
        function: a map or a re-indexing.
        arguments: matrices (or arrays), then parameters in their order.
        parameters: parameters by name.

    Raises:
        ProgramError: an unknown function, or a wrong number of matrices.
        OptionError: an unknown parameter, or a value out of its range.
        ShapeError: it does not fit the matrices.

    Example:
        >>> apply("concat", matrix("eye(2, 3)"), matrix("eye(4, 3)"), axis=0).shape
        (6, 3)
    """
    texts = [value for value in (*arguments[1:], parameters.get("pattern")) if isinstance(value, str)]
    if function in einops.FUNCTIONS and (function not in OPERATIONS or texts):
        pattern, reduction, sizes = einops.in_order(function, arguments[1:], parameters)
        return derived(recipes.InAxes(function, pattern, reduction, sizes), *map(matrix, arguments[:1]))
    arity = arity_of(function)
    many = (
        [value for value in arguments if not _is_parameter(value)] if arity < 0 else list(arguments[:arity])
    )
    if len(many) < max(arity, 1):
        raise ProgramError(f"{function} takes {count_text(arity)}, not {len(many) or 'none'}")
    op = make_operation(function, arguments[len(many) :], parameters)
    if function in MAPS:
        return derived(recipes.Mapped(op), *map(matrix, many))
    return derived(recipes.Reindexed(op), *map(matrix, many))


def graph_of(*roots: Matrix) -> tuple[Graph, dict[str, Array]]:
    """The graph of several matrices, the last of them its root, and the arrays of its data leaves, by name.

    Args:
        roots: matrices; a shared operand becomes a single node.

    Raises:
        OptionError: two leaves have the same name.

    Example:
        >>> x = matrix("eye(4, 4)", name="x")
        >>> graph, _ = graph_of(x.relu(), x @ x)
        >>> graph.outputs
        (1, 2)
    """
    build, ids, arrays = Builder(), dict[int, int](), dict[str, Array]()
    order = list(_in_order(roots))
    names = _leaf_names(order)
    for node in order:
        name = names.get(id(node), node.name)
        if node.leaf is not None and name is not None:
            leaf, ids[id(node)] = _bound(node.leaf, name), len(build)
            build.leaf(node.shape, leaf, name=name, unseeded=node.leaf.unseeded)
            if node.array is not None:
                arrays[name] = node.array
            continue
        assert node.recipe is not None
        made = node.recipe(build, tuple(ids[id(operand)] for operand in node.operands))
        if node.name is not None:
            build.name(made, node.name)
        ids[id(node)] = made
    return build.graph(ids[id(roots[-1])]), arrays


def _in_order(roots: Sequence[Matrix]) -> Iterator[Matrix]:
    """All matrices, operands first and from left to right, each once; a loop, as chains may be long."""
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(operand, False) for operand in reversed(node.operands)]


def _leaf_names(order: Sequence[Matrix]) -> dict[int, str]:
    leaves = [node for node in order if node.leaf is not None]
    taken = [node.name for node in leaves if node.name]
    twice = next((name for name in taken if taken.count(name) > 1), None)
    if twice:
        raise OptionError(
            f"two matrices are named {twice}", hint=f'give one another name: .named("{twice}2")'
        )
    used = {node.name for node in order if node.name}
    free = (name for name in _letters() if name not in used)
    return {id(node): node.name or next(free) for node in leaves}


def _letters() -> Iterator[str]:
    """Endless names: A to Z, then A2 to Z2."""
    turn = 1
    while True:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            yield letter if turn == 1 else f"{letter}{turn}"
        turn += 1


def _bound(bound: LeafInput, name: str) -> Leaf:
    source = bound.leaf.source
    return replace(bound.leaf, source=replace(source, name=name)) if isinstance(source, Data) else bound.leaf


def derived(recipe: Recipe, *operands: Matrix) -> Matrix:
    """An operation on matrices; its shape is checked at once, in a builder of its own.

    The result is of an operand's subclass of ``Matrix``, if any.
    """
    build = Builder()
    kind = next((type(operand) for operand in operands if type(operand) is not Matrix), Matrix)
    made = kind((), operands=operands, recipe=recipe)
    try:
        step = recipe(build, tuple(build.leaf(x.shape, Leaf(Hollow()), name="_") for x in operands))
    except MatcubeError:
        try:
            graph_of(made)  # raises the same error, with the names of the whole expression
        except MatcubeError as error:
            raise spelled.in_python(error) from None
        raise
    return replace(made, shape=build[step].shape)


@guarded
def _binary(symbol: str, left: Any, right: Any) -> Matrix:
    numbers = (number_of(left), number_of(right))
    operands = [matrix(x) for x, number in zip((left, right), numbers, strict=True) if number is None]
    return derived(recipes.Combined(symbol, numbers), *operands)


def number_of(value: Any) -> Numeral | None:
    """A Python, NumPy or torch number, or None for a matrix."""
    if isinstance(value, int | float):
        return Numeral.of(_finite(value))
    if not isinstance(value, Matrix) and getattr(value, "shape", None) == () and hasattr(value, "item"):
        return Numeral.of(_finite(value.item()))
    return None


def _finite(value: Any) -> float:
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        raise OptionError("this number cannot be used with a matrix: it is too large, or not real") from None


def _is_parameter(value: Any) -> bool:
    return isinstance(value, tuple) or number_of(value) is not None


def _labels(
    shape: Shape, rows: Sequence[str] | None, cols: Sequence[str] | None, name: str, *, own: Labels
) -> Labels:
    result = list(own or (None,) * len(shape))
    for what, labels, dim in (("rows", rows, -2), ("cols", cols, -1)):
        if labels is None:
            continue
        if not isinstance(labels, Sized):
            raise OptionError(f"{what} of {name} are a list of names, not {labels!r}")
        if len(shape) < -dim:
            raise OptionError(f"{name} is {shape_text(shape)} and has no {what} to name")
        if len(labels) != shape[dim]:
            names = "1 name is" if len(labels) == 1 else f"{len(labels)} names are"
            raise OptionError(f"{name} has {shape[dim]} {what}, but {names} given")
        result[dim] = tuple(map(str, labels))
    return tuple(result) if any(result) else ()
