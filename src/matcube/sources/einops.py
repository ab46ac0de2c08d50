"""The notation of einops, ``rearrange(x, "t (h d) -> h t d", h=12)``, as splits, permutations and merges.

Source: Rogozhnikov, "Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation", ICLR 2022.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from matcube.errors import MatcubeError, ProgramError
from matcube.ir.graph import Leaf
from matcube.ir.shapes import shape_text
from matcube.ir.spec import IndexSpec
from matcube.ops import INITIALISERS
from matcube.ops.reindex import Amax, Merge, Permute, Repeat, Split
from matcube.ops.scalars import Divide
from matcube.sources.build import NOWHERE, Builder, Where

FUNCTIONS = ("rearrange", "repeat", "reduce")
REDUCTIONS = ("sum", "mean", "max")
DOTS = "..."
Side = list[list[str]]  # groups of axes; "1" is a group without axes

_SIDE = re.compile(r"\s*((\.\.\.|1|[^\W\d]\w*|\(\s*((1|[^\W\d]\w*)\s*)*\))\s*)*\Z")
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


class _Pattern:
    def __init__(self, build: Builder, function: str, pattern: str, where: Where) -> None:
        self.build, self.function, self.pattern, self.where = build, function, pattern, where

    def of(self, node: int, sizes: dict[str, int], reduction: str) -> int:
        left, right = self._sides(len(self.build[node].shape))
        axes, final = [axis for group in left for axis in group], [axis for group in right for axis in group]
        self._check(axes, final, sizes, reduction)
        self._solve(left, node, sizes)
        node = self._apart(node, left, sizes)
        lost = [axis for axis in axes if axis not in final]
        if lost:
            node = self._reduced(node, axes, lost, reduction)
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
        left, right = _groups(before), _groups(after)
        dots = rank - len(left) + 1 if [DOTS] in left else 0
        if dots < 0 or ([DOTS] not in left and len(left) != rank):
            raise self.error(f"has {len(left)} axes on its left, and the tensor {rank} dimensions")
        return _without_dots(left, dots), _without_dots(right, dots)

    def _check(
        self, axes: Sequence[str], final: Sequence[str], sizes: Mapping[str, int], reduction: str
    ) -> None:
        for side, name in ((axes, "left"), (final, "right")):
            twice = next((axis for axis in side if side.count(axis) > 1), None)
            if twice is not None:
                raise self.error(f"has {twice} twice on its {name}")
        new, lost = [a for a in final if a not in axes], [a for a in axes if a not in final]
        if lost and self.function != "reduce":
            raise self.error(
                f"loses {', '.join(lost)}", f'write reduce(x, "{self.pattern}", "sum"), or "mean" or "max"'
            )
        if new and self.function != "repeat":
            raise self.error(f"has {', '.join(new)} on its right alone", f'write repeat(x, "{self.pattern}")')
        unsized = [axis for axis in new if axis not in sizes]
        if unsized:
            raise self.error(f"does not say the size of {unsized[0]}", f"add {unsized[0]}=4")
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
            text = " ".join(group) or "1"
            if len(open_) > 1:
                raise self.error(f"does not say the sizes in ({text})", f"add {open_[0]}=4")
            fits = (product == size) if not open_ else product > 0 and size % product == 0
            if not fits:
                whole = shape_text(shape)
                raise self.error(f"gives ({text}) {product} places, which do not fit {size} of {whole}")
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
                node = self._with_one(node, at)
            for _ in group[1:]:
                node = self._move(Merge(at), node)
        return node

    def _squeezed(self, node: int, at: int) -> int:
        """A tensor without its dimension of size 1."""
        rank = len(self.build[node].shape)
        if rank < 2:
            raise self.error("leaves no dimension", "use * with a number")
        return self._move(Merge(at if at + 1 < rank else at - 1), node)

    def _with_one(self, node: int, at: int) -> int:
        """A tensor with a dimension of size 1 at a place."""
        shape = self.build[node].shape
        if not shape:
            raise self.error("makes a dimension of a single number")
        if at < len(shape):
            return self._move(Split(at, 1), node)
        return self._move(Split(at - 1, max(1, shape[at - 1])), node)

    def _grown(self, node: int, times: int) -> int:
        return self._move(Repeat(0, times), self._with_one(node, 0))

    def _reduced(self, node: int, axes: Sequence[str], lost: Sequence[str], reduction: str) -> int:
        rest = [axis for axis in axes if axis not in lost]
        order = tuple(axes.index(axis) for axis in (*rest, *lost))
        if order != tuple(range(len(order))):
            node = self._move(Permute(order), node)
        for at in range(len(axes) - 2, len(rest) - 1, -1):
            node = self._move(Merge(at), node)
        if reduction == "max":
            return self._move(Amax(len(rest)), node)
        size = (self.build[node].shape[-1],)
        ones = self.build.leaf(size, Leaf(INITIALISERS["ones"](size)), where=self.where)
        letters = (*"abcdefgh"[: len(rest)], "z")
        spec = IndexSpec((letters, ("z",)), letters[:-1])
        node = self.build.contract(spec, (node, ones), where=self.where)
        if reduction == "mean":
            node = self.build.map(Divide(float(size[0])), (node,), where=self.where)
        return node

    def _move(self, op: object, node: int) -> int:
        return self.build.reindex(op, (node,), where=self.where)  # type: ignore[arg-type]


def _groups(side: str) -> Side:
    groups: Side = []
    for inside, word in _TOKEN.findall(side):
        axes = [word] if word else inside.split()
        groups.append([axis for axis in axes if axis != "1"])
    return groups


def _without_dots(side: Side, count: int) -> Side:
    result: Side = []
    for group in side:
        result += [[f"…{n}"] for n in range(count)] if group == [DOTS] else [group]
    return result
