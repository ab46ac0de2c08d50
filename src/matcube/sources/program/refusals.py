"""Calls of other libraries that the language does not have, with the spelling that works instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from matcube.errors import ProgramError, Span
from matcube.ir.graph import Shape
from matcube.ops import MAPS
from matcube.sources.operations import MOVES
from matcube.sources.program.foreign import Call
from matcube.sources.program.numbers import FUNCTIONS, Number
from matcube.sources.program.source import Source


def refuse(call: Call) -> None:
    """Refuse a call of another library.

    Raises:
        ProgramError: it is in the table, with its remedy.
    """
    remedy = REMEDIES.get(call.name)
    is_native = call.name in (*MAPS, *MOVES, *FUNCTIONS) and not (
        call.module and call.name in ("split", "repeat")
    )
    if remedy is None or is_native:
        return
    place = 1 if call.name == "where" and len(call.arguments) > 1 else 0
    operand = call.arguments[place] if call.arguments else None
    text = "S" if operand is None else call.text(operand)
    shape = _shape(call, place) if "{cols}" in remedy or "{stop}" in remedy else ()
    rows, cols = (8, 8, *shape)[-2:]
    stop = tuple(max(1, size // 2) for size in shape)
    start = (0,) * len(stop)
    if len(stop) == 1:
        remedy = remedy.replace("; of columns ones(1, {rows}) @ {x}", "")
    sizes = ", ".join(call.values.source.text_of(argument).strip("()[]") for argument in call.arguments)
    raise call.refusal(
        f"the language has no {call.written}",
        remedy.format(x=text, rows=rows, cols=cols, start=start, stop=stop, sizes=sizes or "64, 16"),
    )


def caret(source: Source, left: ast.expr, right: ast.expr, is_square: Callable[[str], bool]) -> ProgramError:
    """``Q^2``, which Python reads with the weakest binding: the operands are those beside the sign.

    Args:
        source: the program.
        left: the operand before ``^`` by Python's precedence.
        right: the operand after it.
        is_square: whether a name is that of a square matrix.
    """
    span = source.operator(left, right, "^")
    before = re.search(r"[\w.]+[^\S\n]*\Z", source.plain[: span.start])
    after = re.match(r"[^\S\n]*([\w.]+)", source.plain[span.end :])
    base = before[0].strip() if before else f"({source.text_of(left)})"
    power = after[1] if after else source.text_of(right)
    return source.error("^ is no power in the language", span, _power(base, power, is_square(base)))


def superscript(source: Source, left: ast.expr, power: int | Number, *, is_square: bool) -> ProgramError:
    """``Q²`` of a matrix, which has two meanings.

    Args:
        source: the program.
        left: the matrix.
        power: the superscript.
        is_square: whether the matrix has a product with itself.
    """
    base = source.text_of(left)
    base = base if base.isidentifier() else f"({base})"
    text = power.rendered.text if isinstance(power, Number) else "2"
    return source.error(f"a power of the matrix {base} has two meanings", left, _power(base, text, is_square))


def _power(base: str, power: str, is_square: bool) -> str:
    product = f"; for the matrix product {base} @ {base}" if power == "2" and is_square else ""
    return f"for each cell write {base} ** {power}{product}"


def comparison(source: Source, mark: Span | None, symbol: str, text: str) -> ProgramError:
    """``Q > 0``.

    Args:
        source: the program.
        mark: the place of the operator.
        symbol: the operator.
        text: the text of the matrix.
    """
    if symbol == "==":
        return source.error("== works between numbers, not with a matrix", mark, "= gives a name: C = A @ B")
    return source.error(
        f"{symbol} works between numbers, not with a matrix",
        mark,
        f"for max(x, 0) write relu({text}); or bind the mask: mc.figure(program, M=array)",
    )


def in_place(source: Source, name: str, statement: ast.AugAssign) -> ProgramError:
    """``x += W``, with the statement in full.

    Args:
        source: the program.
        name: the name.
        statement: the statement.
    """
    value = source.text_of(statement.value)
    value = value if value.isidentifier() else f"({value})"
    symbol = source.plain[source.span(statement.target).end : source.span(statement.value).start]
    symbol = symbol.strip(" (=")
    return source.error(
        f"{symbol}= is not in the language", statement, f"write {name} = {name} {symbol} {value}"
    )


def subscript(source: Source, node: ast.Subscript, shape: Shape) -> ProgramError:
    """``Q[:3]``, as the slice that it means where that is given.

    Args:
        source: the program.
        node: the subscript.
        shape: the sizes of what it is of; () for a number.
    """
    text = source.text_of(node.value)
    items = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    bounds = [_bounds(item, size) for item, size in zip(items, shape, strict=False)]
    if len(items) > len(shape) or any(bound is None for bound in bounds):
        bounds = []
    given = [bound for bound in bounds if bound is not None]
    given += [(0, max(1, size // 2)) if not given else (0, size) for size in shape[len(given) :]]
    start, stop = tuple(first for first, _ in given), tuple(last for _, last in given)
    return source.error(
        "the language has no subscripts", node, f"for a part write slice({text}, start={start}, stop={stop})"
    )


def _bounds(item: ast.expr, size: int) -> tuple[int, int] | None:
    """The first place and the place after the last of ``1:3`` or ``5``; None where it is neither."""
    if isinstance(item, ast.Slice) and item.step is None:
        places = range(size)[slice(_whole(item.lower), _whole(item.upper))]
        return (places.start, places.stop) if places else None
    place = _whole(item)
    if place is None or not -size <= place < size:
        return None
    return place % size, place % size + 1


def _whole(node: ast.expr | None) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None


def _shape(call: Call, place: int) -> Shape:
    try:
        return call.shape(call.held(call.arguments[place]))
    except (ProgramError, IndexError):
        return ()


def _each(names: str, remedy: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), remedy)


_MASK = "for a causal mask write softmax(tril({x})); for others bind M of 0 and −inf: softmax({x} + M)"
BIND = "compute it first and bind it: mc.figure(program, R=array)"

REMEDIES = {
    **_each("where masked_fill mask masked_fill_ tril_ triu_", _MASK),
    **_each("sum nansum", "of rows write {x} @ ones({cols}, 1); of columns ones(1, {rows}) @ {x}"),
    **_each(
        "mean average",
        "of rows write {x} @ ones({cols}, 1) / {cols}; of columns ones(1, {rows}) @ {x} / {rows}",
    ),
    **_each("amin", "of each row write -amax(-{x})"),
    **_each("clamp clip maximum relu6 leaky_relu elu", "for max(x, 0) write relu({x})"),
    **_each(
        "float half double bfloat16 to type astype cuda",
        "write {x}; its dtype is that of the array that is bound",
    ),
    **_each("dropout", "write {x}; a figure has no random cells but those of its leaves"),
    **_each("chunk tensor_split split", "for a part write slice({x}, start={start}, stop={stop})"),
    **_each("narrow index_select gather", "for a part write slice({x}, start={start}, stop={stop})"),
    **_each("repeat tile", "write repeat({x}, axis=0, times=2): every row twice"),
    **_each("expand broadcast_to expand_as", "write {x}: a row, a column or a number stretches by itself"),
    **_each("randn standard_normal normal", "write gaussian({sizes})"),
    **_each("rand random", "write uniform({sizes})"),
    **_each("arange linspace", "write formula(1, 8, j): a row of 0 to 7"),
    **_each("sigma σ", "write sigmoid({x}) or softmax({x})"),
    **_each(
        "inv pinv solve det svd svdvals eig eigh qr cholesky lstsq kron norm "
        "argmax argmin var std prod cumsum cumprod sort argsort topk median any "
        "all logsumexp softplus mish hardswish tan arcsin erf floor ceil round sin cos roll flip "
        "rot90 pad one_hot conv1d conv2d group_norm batch_norm normalize cosine_similarity "
        "cross_entropy inner vdot tensordot minimum log2 log10 log1p expm1 randint nonzero isnan "
        "isinf nan_to_num unfold argwhere cross meshgrid",
        BIND,
    ),
}
