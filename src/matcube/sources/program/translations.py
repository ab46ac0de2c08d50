"""Translations of foreign calls, a function for each kind and a table of names at the foot."""

from __future__ import annotations

import ast
from collections.abc import Callable
from math import prod

from matcube.ir.graph import Shape
from matcube.ir.shapes import shape_text
from matcube.ops import MAPS
from matcube.sources.program.foreign import Call
from matcube.sources.program.refusals import refuse

Handler = Callable[[Call], ast.expr | None]


def translated(call: Call) -> ast.expr | None:
    """The call in the language; None: its arguments are those of the language.

    Raises:
        ProgramError: a call without a translation, with the spelling that works.
    """
    handler = HANDLERS.get(call.name)
    result = handler(call) if handler is not None else None
    if result is None:
        refuse(call)
    return result


def _operator(call: Call) -> ast.expr | None:
    """``matmul(a, b)``, ``np.dot(a, b)``, ``a.mm(b)``, ``np.add(a, b)``."""
    symbol, rank = OPERATORS[call.name]
    if not call.module and call.name in MAPS and (call.words or len(call.arguments) != 2):
        return None
    a, b = (call.held(operand) for operand in call.operands(2))
    shapes = [call.shape(a), call.shape(b)]
    wanted = f"write {call.text(a)} @ {call.text(b)}, which multiplies the last two dimensions"
    if call.name == "dot" and max(map(len, shapes)) > 2:
        raise call.refused(wanted)
    if rank and any(len(shape) != rank for shape in shapes):
        sizes = " and ".join(shape_text(shape) if shape else "a number" for shape in shapes)
        raise call.refusal(f"{call.name} multiplies operands of {rank} dimensions, not {sizes}", wanted)
    return call.make(f"_a {symbol} _b", _a=a, _b=b)


def _alias(call: Call) -> ast.expr:
    template = _ALIASES[call.name]
    names = [name for name in ("_a", "_b", "_c") if name in template]
    return call.make(template, **dict(zip(names, call.operands(len(names)), strict=True)))


def _transpose(call: Call) -> ast.expr:
    """Two numbers exchange dimensions, as in torch; a tuple or more numbers order all, as in NumPy."""
    given = call.named("x", *("dim0", "dim1") if len(call.arguments) < 4 else "abcdefgh", "axes")
    a = call.held(given.pop("x"))
    rank = len(call.shape(a))
    axes = call.wholes(list(given.values()))
    if not axes:
        axes = [*reversed(range(rank))]
    elif len(given) == 2:
        axes = _exchanged(call, rank, axes)
    if rank == 2 and [axis % rank for axis in axes] == [1, 0]:
        return call.make("_a.T", _a=a)
    return call.make(f"permute(_a, axes={tuple(axes)})" if rank > 1 else "_a", _a=a)


def _exchanged(call: Call, rank: int, axes: list[int]) -> list[int]:
    if any(not -rank <= axis < rank for axis in axes):
        raise call.refused(
            f"it has {rank} dimensions; write {call.text(call.arguments[0])}.mT for the last two exchanged"
        )
    order = list(range(rank))
    first, second = (axis % rank for axis in axes)
    order[first], order[second] = second, first
    return order


def _permute(call: Call) -> ast.expr | None:
    native = "dims" not in call.words and (
        call.words or any(isinstance(each, ast.Tuple) for each in call.arguments)
    )
    if native and not call.module:
        return None
    given = call.named("x", *("dims",) if len(call.arguments) < 3 else "abcdefgh")
    a = given.pop("x")
    return call.make(f"permute(_a, axes={tuple(call.wholes(list(given.values())))})", _a=a)


def _softmax(call: Call) -> ast.expr | None:
    """``dim`` and ``axis``: the last dimension is the row; others by way of a transpose."""
    template = "log(softmax({}))" if call.name == "log_softmax" else "softmax({})"
    if len(call.arguments) + len(call.words) < 2:
        return None if call.name == "softmax" else call.make(template.format("_a"), _a=call.operands(1)[0])
    given = call.named("x", "axis" if "axis" in call.words else "dim")
    a = call.held(given.pop("x"))
    rank = len(call.shape(a))
    dims = call.wholes(list(given.values()))
    if not dims or dims[0] in (-1, rank - 1):
        return call.make(template.format("_a"), _a=a)
    if rank >= 2 and dims[0] in (-2, rank - 2):
        return call.make(f"({template.format('_a.mT')}).mT", _a=a)
    raise call.refused(f"along the last dimension write softmax({call.text(a)})")


def _triangle(call: Call) -> ast.expr | None:
    """``diagonal`` of torch and ``k`` of NumPy."""
    word = next((word for word in ("diagonal", "k") if word in call.words), None)
    if word is None:
        return None
    given = call.named("x", word)
    return call.make(f"{call.name}(_a, offset=_b)", _a=given["x"], _b=given[word])


def _gelu(call: Call) -> ast.expr | None:
    kind = call.words.get("approximate")
    if kind is None:
        return call.make("gelu_tanh(_a)", _a=call.operands(1)[0]) if call.module.startswith("jax") else None
    value = kind.value if isinstance(kind, ast.Constant) else ""
    if value not in ("tanh", "none", True, False):
        raise call.refused(
            f"write gelu({call.text(call.arguments[0])}) or gelu_tanh({call.text(call.arguments[0])})"
        )
    a = call.named("x", "approximate")["x"]
    return call.make("gelu_tanh(_a)" if value in ("tanh", True) else "gelu(_a)", _a=a)


def _norm(call: Call) -> ast.expr:
    """``F.layer_norm(x, (d,), weight, bias, eps)``; without ``eps``, torch's rms_norm has that of float32."""
    is_rms = call.name == "rms_norm"
    given = call.named("x", "normalized_shape", "weight", *(() if is_rms else ("bias",)), "eps")
    a = call.held(given["x"])
    native = "rmsnorm" if is_rms else "layernorm"
    sizes = call.wholes([given["normalized_shape"]]) if "normalized_shape" in given else []
    if sizes not in ([], [*call.shape(a)[-1:]]):
        raise call.refused(f"it is for one row at a time; write {native}({call.text(a)})")
    eps = "_eps" if "eps" in given else repr(2.0**-23 if is_rms else 1e-5)
    template = f"{native}(_a, eps={eps})"
    template += " * _weight" * ("weight" in given) + " + _bias" * ("bias" in given)
    return call.make(template, _a=a, **{f"_{word}": given[word] for word in given})


def _attention(call: Call) -> ast.expr:
    given = call.named("q", "k", "v", "attn_mask", "dropout_p", "is_causal", "scale")
    q = call.held(given["q"])
    scores = f"_q @ _k.mT / sqrt({(call.shape(q) or (1,))[-1]})"
    if "attn_mask" in given:
        q_text, k_text, v_text = (call.text(given[name]) for name in "qkv")
        divisor, mask = (call.shape(q) or (1,))[-1], call.text(given["attn_mask"])
        raise call.refused(f"write softmax({q_text} @ {k_text}.mT / sqrt({divisor}) + {mask}) @ {v_text}")
    if "scale" in given:
        scores = "_q @ _k.mT * _scale"
    causal = given.get("is_causal")
    if isinstance(causal, ast.Constant) and causal.value is True:
        scores = f"tril({scores})"
    return call.make(
        f"softmax({scores}) @ _v", _q=q, _k=given["k"], _v=given["v"], _scale=given.get("scale", q)
    )


def _diag(call: Call) -> ast.expr:
    """``torch.diag`` of a matrix; of a vector it would make a matrix."""
    a = call.held(call.operands(1)[0])
    if len(call.shape(a)) == 1:
        raise call.refused(f"write eye({call.shape(a)[0]}) * {call.text(call.arguments[0])}")
    return call.make("diagonal(_a)", _a=a)


def _linear(call: Call) -> ast.expr | None:
    """``F.linear(x, weight, bias)``; alone, ``linear`` is a leaf."""
    if not call.module:
        return None
    given = call.named("x", "weight", "bias")
    template = "_x @ _weight.T" + " + _bias" * ("bias" in given)
    return call.make(template, **{f"_{word}": node for word, node in given.items()})


def _concat(call: Call) -> ast.expr | None:
    """``torch.cat([a, b], dim=1)``; ``stack`` gives each operand a first dimension of 1 before."""
    first = call.arguments[0] if call.arguments else None
    if not isinstance(first, ast.List | ast.Tuple) or not first.elts:
        if call.name == "concat":
            return None
        texts = ", ".join(call.values.source.text_of(each) for each in call.arguments)
        raise call.refused(f"write concat({texts or 'A, B'}, axis=0)")
    given = call.named("parts", "axis" if "axis" in call.words else "dim")
    parts = [call.held(part) for part in first.elts]
    axes = call.wholes([node for word, node in given.items() if word != "parts"])
    rank = len(call.shape(parts[0]))
    axis = {"hstack": min(1, rank - 1), "vstack": 0}.get(call.name, axes[0] if axes else 0)
    names = {f"_p{number}": part for number, part in enumerate(parts)}
    operands = list(names)
    if call.name == "stack" or (call.name == "vstack" and rank == 1):
        operands = [f"split({name}, axis=0, parts=1)" for name in names]
        if axis not in (0, -rank - 1):
            texts = ", ".join(f"split({call.text(part)}, axis=0, parts=1)" for part in parts)
            raise call.refused(f"for a new first dimension write concat({texts}, axis=0)")
        axis = 0
    return call.make(f"concat({', '.join(operands)}, axis={axis})", **names)


def _reshape(call: Call) -> ast.expr:
    """``reshape``, ``view``, ``flatten``, ``unsqueeze``, ``squeeze``: merges and splits, row by row."""
    given = call.named("x", *("shape",) if len(call.arguments) < 3 else "abcdefgh", "dim", "axis")
    a = call.held(given.pop("x"))
    shape = call.shape(a)
    numbers = call.wholes(list(given.values()))
    sizes: list[int] | None = numbers
    if call.name in ("flatten", "ravel"):
        sizes = [-1] if not numbers else None
    elif call.name in ("unsqueeze", "expand_dims"):
        place = numbers[0] % (len(shape) + 1) if numbers else 0
        sizes = [*shape[:place], 1, *shape[place:]]
    elif call.name == "squeeze":
        places = [number % max(1, len(shape)) for number in numbers] or range(len(shape))
        sizes = [size for place, size in enumerate(shape) if size != 1 or place not in places]
    steps = None if sizes is None else _steps(shape, sizes)
    if steps is None:
        text, whole = call.text(a), ", ".join(map(str, shape))
        raise call.refused(f"{text} is {shape_text(shape)}; write {text}.reshape({whole})")
    return call.make("_a" + steps, _a=a)


def _steps(shape: Shape, sizes: list[int]) -> str | None:
    """The merges and splits from a shape to another, row by row; None where the numbers of cells differ.

    Example:
        >>> _steps((10, 8), [10, 4, -1])
        '.split(axis=1, parts=4)'
    """
    rest = prod(size for size in sizes if size != -1)
    if not shape or not sizes or sizes.count(-1) > 1 or rest <= 0 or prod(shape) % rest:
        return None
    new = [prod(shape) // rest if size == -1 else size for size in sizes]
    old = list(shape)
    if prod(old) != prod(new) or min(old) < 1 or min(new) < 1:
        return None
    text, axis = "", 0
    while old:
        before, after = [old.pop(0)], [new.pop(0)]
        while prod(before) != prod(after):
            side, source = (before, old) if prod(before) < prod(after) else (after, new)
            side.append(source.pop(0))
        if not old:
            after += new
        elif not new:
            before, old = before + old, []
        text += f".merge(axis={axis})" * (len(before) - 1)
        for size in after[:-1]:
            text += f".split(axis={axis}, parts={size})"
            axis += 1
        axis += 1
    return text


def _size(call: Call) -> ast.expr:
    """``Q.size(-1)``, ``len(Q)``."""
    given = call.named("x", "dim")
    a = call.held(given.pop("x"))
    axes = [0] if call.name == "len" else call.wholes(list(given.values()))
    shape = call.shape(a)
    if len(axes) != 1 or not -len(shape) <= axes[0] < len(shape):
        raise call.refused(f"write {call.text(a)}.shape[-1]")
    return call.make(str(shape[axes[0]]))


def _leaf(call: Call) -> ast.expr | None:
    """``ones((3, 4))``, ``np.full((3, 4), 2)``, ``eye(3)``: sizes in brackets or not."""
    name = {"full": "constant"}.get(call.name, call.name)
    sizes = list(call.arguments[:1]) if call.name == "full" else list(call.arguments)
    sizes = [
        each for size in sizes for each in (size.elts if isinstance(size, ast.Tuple | ast.List) else [size])
    ]
    if call.name != "full" and sizes == list(call.arguments):
        return None
    names = {f"_n{number}": size for number, size in enumerate(sizes)}
    if call.name == "full":
        given = call.named("size", "value")
        return call.make(
            f"constant({', '.join(names)}, value=_value)", _value=given.get("value", sizes[0]), **names
        )
    call.named("size")
    return call.make(f"{name}({', '.join(names)})", **names)


OPERATORS: dict[str, tuple[str, int]] = {
    "matmul": ("@", 0), "mm": ("@", 2), "bmm": ("@", 3), "dot": ("@", 0), "mv": ("@", 0),
    "add": ("+", 0), "sub": ("-", 0), "subtract": ("-", 0), "mul": ("*", 0), "multiply": ("*", 0),
    "div": ("/", 0), "divide": ("/", 0), "true_divide": ("/", 0), "pow": ("**", 0), "power": ("**", 0),
    "float_power": ("**", 0),
}  # fmt: skip

_ALIASES = {
    "t": "_a.T", "T": "_a.T", "mT": "_a.mT", "H": "_a.mT", "adjoint": "_a.mT", "matrix_transpose": "_a.mT",
    "absolute": "abs(_a)", "neg": "-_a", "negative": "-_a", "rsqrt": "1 / sqrt(_a)", "swish": "silu(_a)",
    "expit": "sigmoid(_a)",
    "baddbmm": "_a + _b @ _c", "addmm": "_a + _b @ _c", "embedding": "take(_b, _a)",
    "contiguous": "_a", "detach": "_a", "clone": "_a", "copy": "_a", "cpu": "_a", "numpy": "_a",
    "array": "_a", "asarray": "_a", "tensor": "_a", "as_tensor": "_a",
    "outer": 'einsum("i, j -> i j", _a, _b)', "trace": 'einsum("i i ->", _a)',
}  # fmt: skip

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(OPERATORS, _operator),
    **dict.fromkeys(_ALIASES, _alias),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims"), _transpose),
    **dict.fromkeys(("tril", "triu"), _triangle),
    **dict.fromkeys(("layer_norm", "rms_norm"), _norm),
    **dict.fromkeys(("cat", "concatenate", "concat", "stack", "hstack", "vstack"), _concat),
    **dict.fromkeys(("reshape", "view", "flatten", "ravel", "unsqueeze", "expand_dims", "squeeze"), _reshape),
    **dict.fromkeys(("ones", "zeros", "eye", "full"), _leaf),
    **dict.fromkeys(("size", "len"), _size),
    "permute": _permute,
    **dict.fromkeys(("softmax", "log_softmax"), _softmax),
    "gelu": _gelu,
    "scaled_dot_product_attention": _attention,
    "linear": _linear,
    "diag": _diag,
}
