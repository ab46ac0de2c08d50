"""The notation of einops, ``rearrange(x, "t (h d) -> h t d", h=12)``, as splits, permutations and merges.

Source: Rogozhnikov, "Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation", ICLR 2022.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import SupportsIndex

from matcube.errors import MatcubeError, OptionError, ProgramError
from matcube.ir.shapes import shape_text
from matcube.ops.reindex import Amax, Merge, Permute, Repeat, Split
from matcube.ops.scalars import Divide
from matcube.sources.build import NOWHERE, Builder, Where
from matcube.sources.ones import summed, with_one

FUNCTIONS = ("rearrange", "repeat", "reduce")
REDUCTIONS = ("sum", "mean", "max")
TEXTS = {"rearrange": ("pattern",), "repeat": ("pattern",), "reduce": ("pattern", "reduction")}
EXAMPLES = {  # calls that an error offers
    "rearrange": 'rearrange(x, "t (h d) -> h t d", h=4)',
    "repeat": 'repeat(x, "t d -> t r d", r=4)',
    "reduce": 'reduce(x, "t d -> t", "mean")',
}
DOTS = "..."
Side = list[list[str]]  # groups of axes; "1" is a group without axes

_AXIS = r"\s|\.\.\.|[1-9]\d*+(?!\w)|[^\W\d]\w*+"
_SIDE = re.compile(rf"(?:{_AXIS}|\((?:{_AXIS})*+\))*+\Z")  # possessive: a long side takes linear time
_TOKEN = re.compile(r"\(([^()]*)\)|(\.\.\.|\w+)")


def read_pattern(
    build: Builder,
    function: str,
    operand: int,
    pattern: str,
    sizes: Mapping[str, int],
    *,
    reduction: str = "",
    where: Where = NOWHERE,
) -> int:
    """Add the nodes of an einops call.

    Args:
        build: the builder of the graph.
        function: one of ``FUNCTIONS``.
        operand: id of the tensor.
        pattern: ``"t (h d) -> h t d"``.
        sizes: of axes that the tensor alone does not determine.
        reduction: of ``reduce``: one of ``REDUCTIONS``.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.

    Raises:
        ProgramError: the pattern cannot be read, or does not fit the tensor.
    """
    return _Pattern(build, function, pattern, where).of(operand, dict(sizes), reduction)


def in_order(
    function: str, words: Sequence[object], parameters: Mapping[str, object]
) -> tuple[str, str, dict[str, int]]:
    """Pattern, reduction and sizes of a call in Python.

    Args:
        function: one of ``FUNCTIONS``.
        words: what follows the tensor.
        parameters: ``pattern``, ``reduction``, and sizes of axes.

    Raises:
        ProgramError: another number of texts.
        OptionError: a size that is no whole number.

    Example:
        >>> in_order("reduce", ["a b -> a"], {"reduction": "sum", "b": 3})
        ('a b -> a', 'sum', {'b': 3})
    """
    names = TEXTS[function]
    texts = [*words, *(parameters[name] for name in names if name in parameters)]
    if len(texts) != len(names) or not all(isinstance(text, str) for text in texts):
        raise ProgramError(
            f"{function} takes a matrix, then {' and '.join(names)} as text",
            hint=f"write {EXAMPLES[function]}",
        )
    sizes = {}
    for axis, size in parameters.items():
        if axis not in names:
            whole = int(size) if isinstance(size, SupportsIndex) and not isinstance(size, bool) else -1
            if whole < 0:
                raise OptionError(f"the size of {axis} is a whole number from 0", hint=f"write {axis}=2")
            sizes[axis] = whole
    return str(texts[0]), "".join(map(str, texts[1:])), sizes


class _Pattern:
    def __init__(self, build: Builder, function: str, pattern: str, where: Where) -> None:
        self.build, self.function, self.pattern, self.where = build, function, pattern, where

    def of(self, node: int, sizes: dict[str, int], reduction: str) -> int:
        self.operand = self.build.rendered(node).text
        left, right = self._sides(len(self.build[node].shape))
        axes, final = [axis for group in left for axis in group], [axis for group in right for axis in group]
        self._check(axes, final, sizes, reduction)
        self._solve(left, node, sizes)
        node = self._apart(node, left, sizes)
        if not set(axes) <= set(final):
            node = self._reduced(node, axes, final, reduction)
            axes = [axis for axis in axes if axis in final]
        for axis in (axis for axis in final if axis not in axes):
            node = self._grown(node, sizes[axis])
            axes = [axis, *axes]
        if axes != final:
            node = self._move(Permute(tuple(axes.index(axis) for axis in final)), node)
        return self._together(node, right)

    def error(self, what: str, hint: str | None = None) -> MatcubeError:
        return ProgramError(
            f'{self.function} "{self.pattern}" {what}',
            text=self.build.text or None, span=self.where.mark, hint=hint,
        )  # fmt: skip

    def _sides(self, rank: int) -> tuple[Side, Side]:
        before, arrow, after = self.pattern.partition("->")
        if not arrow:
            raise self.error('has no "->"', 'write the axes of the result, as in "t (h d) -> h t d"')
        for side in (before, after):
            if not _SIDE.match(side) or side.count(DOTS) > 1:
                raise self.error(
                    f'cannot be read at "{side.strip()}"', 'write axes and brackets, as in "t (h d) -> h t d"'
                )
        many = len(_groups(before, 0))
        if DOTS in after and DOTS not in before:
            raise self.error(
                "has dots on its right alone", 'write them on both sides, as in "... d -> d ..."'
            )
        if re.search(r"\([^)]*\.\.\.", before):
            raise self.error("has dots in brackets on its left", "name these axes")
        dots = rank - many if DOTS in before else 0
        if dots < 0 or (DOTS not in before and many != rank):
            raise self.error(f"has {many} axes on its left, and the tensor {rank} dimensions")
        return _groups(before, dots), _groups(after, dots)

    def _check(
        self, axes: Sequence[str], final: Sequence[str], sizes: dict[str, int], reduction: str
    ) -> None:
        sizes.update({axis: int(axis.split(":")[0]) for axis in (*axes, *final) if ":" in axis})
        for side, name in ((axes, "left"), (final, "right")):
            twice = next((axis for axis in side if side.count(axis) > 1), None)
            if twice is not None:
                raise self.error(f"has {twice} twice on its {name}")
        new, lost = [a for a in final if a not in axes], [a for a in axes if a not in final]
        if lost and self.function != "reduce":
            raise self.error(
                f"loses {_names(lost)}",
                f'write reduce({self.operand}, "{self.pattern}", "sum"), or "mean" or "max"',
            )
        if new and self.function != "repeat":
            missing = "".join(f", {axis}=2" for axis in new if axis not in sizes)
            raise self.error(
                f"has {_names(new)} on its right alone",
                f'write repeat({self.operand}, "{self.pattern}"{missing})',
            )
        unsized = [axis for axis in new if axis not in sizes]
        if unsized:
            raise self.error(f"does not say the size of {unsized[0]}", f"add {unsized[0]}=4")
        empty = next((axis for axis in new if sizes[axis] < 1), None)
        if empty is not None:
            raise self.error(f"repeats {empty} {sizes[empty]} times", f"write {empty}=1 or more")
        unknown = next((axis for axis in sizes if axis not in (*axes, *final)), None)
        if unknown is not None:
            raise self.error(f"has no axis {unknown}")
        if self.function == "reduce" and reduction not in REDUCTIONS:
            raise self.error(f'cannot reduce by "{reduction}"', f"one of: {', '.join(REDUCTIONS)}")

    def _solve(self, left: Side, node: int, sizes: dict[str, int]) -> None:
        """The size of every axis; of a group one may be left out."""
        shape = self.build[node].shape
        for group, size in zip(left, shape, strict=True):
            product = math.prod(sizes[axis] for axis in group if axis in sizes)
            open_ = [axis for axis in group if axis not in sizes]
            text = _names(group, " ") or "1"
            if len(open_) > 1:
                part = next((part for part in range(2, 64) if size // max(product, 1) % part == 0), 1)
                raise self.error(f"does not say the sizes in ({text})", f"add {open_[0]}={part}")
            fits = (product == size) if not open_ else product > 0 and size % product == 0
            if not fits:
                whole = shape_text(shape)
                raise self.error(
                    f"gives ({text}) {product} places, which do not fit {size} of {whole}",
                    f"choose sizes whose product is {size}",
                )
            if open_:
                sizes[open_[0]] = size // product

    def _apart(self, node: int, left: Side, sizes: Mapping[str, int]) -> int:
        """Every axis a dimension of its own."""
        at = 0
        for group in left:
            if not group:
                node = self._squeezed(node, at)
                continue
            for axis in group[:-1]:
                node = self._move(Split(at, max(1, sizes[axis])), node)
                at += 1
            at += 1
        return node

    def _together(self, node: int, right: Side) -> int:
        for at, group in enumerate(right):
            if not group:
                node = with_one(self.build, node, at, where=self.where)
            for _ in group[1:]:
                node = self._move(Merge(at), node)
        return node

    def _squeezed(self, node: int, at: int) -> int:
        """A tensor without its dimension of size 1."""
        rank = len(self.build[node].shape)
        if rank == 1:
            return summed(self.build, node, 0, where=self.where)
        return self._move(Merge(at if at + 1 < rank else at - 1), node)

    def _grown(self, node: int, times: int) -> int:
        return self._move(Repeat(0, times), with_one(self.build, node, 0, where=self.where))

    def _reduced(self, node: int, axes: Sequence[str], final: Sequence[str], reduction: str) -> int:
        places = [at for at, axis in enumerate(axes) if axis not in final]
        count = math.prod(self.build[node].shape[at] for at in places)
        for at in reversed(places):
            if reduction == "max":
                node = self._move(Amax(at), node)
            else:
                node = summed(self.build, node, at, where=self.where)
        if reduction == "mean":
            node = self.build.map(Divide(float(count)), (node,), where=self.where)
        return node

    def _move(self, op: object, node: int) -> int:
        return self.build.reindex(op, (node,), where=self.where)  # type: ignore[arg-type]


def _groups(side: str, dots: int) -> Side:
    """The groups of a side; numbers other than 1 become axes of their own, ``2:0``."""
    names = [f"…{n}" for n in range(dots)]
    groups: Side = []
    for place, (inside, word) in enumerate(_TOKEN.findall(side)):
        if word == DOTS:
            groups += [[name] for name in names]
            continue
        group: list[str] = []
        for axis in [word] if word else inside.replace(DOTS, f" {DOTS} ").split():
            if axis.isdecimal() and axis != "1":
                axis = f"{axis}:{place}.{len(group)}"
            group += names if axis == DOTS else [axis] * (axis != "1")
        groups.append(group)
    return groups


def _names(axes: Sequence[str], between: str = ", ") -> str:
    return between.join(axis.split(":")[0] for axis in axes)
