"""Any einsum as nodes of a graph: products of two operands, drawn as what they are.

A letter twice in an operand takes the diagonal; a letter of one operand alone that is summed is a product
with ones; equal letters that are all retained are a product cell by cell; three operands and more are a
chain of products along the path of ``numpy.einsum_path``, or a given one. See docs/decisions/0018.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from matcube.errors import MatcubeError, ProgramError
from matcube.ir.graph import Leaf, Shape
from matcube.ir.shapes import shape_text
from matcube.ir.spec import IndexSpec
from matcube.ops import INITIALISERS, MAPS
from matcube.ops.reindex import Diagonal, Merge, Permute
from matcube.sources import equation as equations
from matcube.sources.build import NOWHERE, Builder, Where
from matcube.sources.equation import EquationError, LengthError, Letters

MAX_OPERANDS = 32
Path = tuple[tuple[int, int], ...]


class Operand(NamedTuple):
    """A node with the letters of its dimensions, each once."""

    node: int
    letters: Letters


def read_equation(
    build: Builder,
    equation: str,
    operands: Sequence[int],
    *,
    path: object = None,
    where: Where = NOWHERE,
) -> int:
    """Add an einsum of one operand or several.

    Args:
        build: the builder of the graph.
        equation: letters of the operands and of the result, as NumPy reads them: ``"ik,kj->ij"``, or words,
            ``"b t, t d -> b d"``.
        operands: ids.
        path: the pairs that are multiplied, in order, by their places among the operands that are left; None
            takes that of ``numpy.einsum_path``.
        where: its spans in the program text, for errors.

    Returns:
        The node's id.

    Raises:
        ProgramError: the equation cannot be read or does not fit the operands, or the path is none.
        ShapeError: a letter has two sizes.
    """
    return _Einsum(build, equation, where).of(operands, path)


class _Einsum:
    """An equation with its spans in the program."""

    def __init__(self, build: Builder, equation: str, where: Where) -> None:
        self.build, self.equation, self.where = build, equation, where

    def of(self, operands: Sequence[int], path: object) -> int:
        if not 1 <= len(operands) <= MAX_OPERANDS:
            raise self.error(f"takes 1 to {MAX_OPERANDS} operands")
        shapes = [self.build[operand].shape for operand in operands]
        try:
            inputs, output = equations.read(self.equation, shapes)
        except LengthError as error:
            node, many = operands[error.place], len(error.letters)
            text, sizes = self.build.rendered(node).text, shape_text(self.build[node].shape)
            letters = f'"{" ".join(error.letters)}" has {many} letter{"s" * (many != 1)}'
            raise self._misfit(f"{text} is {sizes}, but {letters}") from None
        except EquationError as error:
            raise self.error(str(error), error.hint) from None
        given = list(map(Operand, operands, self._sized(inputs, shapes, operands)))
        given = [self._alone(self._diagonal(item), n, given, output) for n, item in enumerate(given)]
        for left, right in self._path(path, given, output):
            pair = given[left], given[right]
            rest = [item for n, item in enumerate(given) if n not in (left, right)]
            retained = set(output).union(*(item.letters for item in rest))
            given = [*rest, self._product(*pair, retained, output if not rest else None)]
        return self._permuted(given[0], output).node

    def error(self, what: str, hint: str | None = None) -> MatcubeError:
        return ProgramError(
            f'einsum "{self.equation}" {what}', text=self.build.text or None, span=self.where.mark, hint=hint
        )

    def _sized(
        self, inputs: Sequence[Letters], shapes: Sequence[Shape], operands: Sequence[int]
    ) -> list[Letters]:
        """The letters, each of one size; dots of size 1 beside a larger size become letters of their own."""
        sizes: dict[str, int] = {}
        first: dict[str, int] = {}
        for place, (letters, shape) in enumerate(zip(inputs, shapes, strict=True)):
            for letter, size in zip(letters, shape, strict=True):
                if letter.startswith("…"):
                    sizes[letter] = max(size, sizes.get(letter, 1)) if size != 1 else sizes.get(letter, 1)
                elif sizes.setdefault(letter, size) != size:
                    earlier, own = (self._shaped(operands[n]) for n in (first[letter], place))
                    but = f"{sizes[letter]} in {earlier} but {size} in {own}"
                    same = f"{sizes[letter]} and {size} in {own}"
                    what = same if first[letter] == place else but
                    raise self._misfit(f"{letter} is {what}")
                first.setdefault(letter, place)
        return [
            tuple(
                f"{letter}:{number}" if letter.startswith("…") and size != sizes[letter] else letter
                for letter, size in zip(letters, shape, strict=True)
            )
            for number, (letters, shape) in enumerate(zip(inputs, shapes, strict=True))
        ]

    def _shaped(self, node: int) -> str:
        return f"{self.build.rendered(node).text} ({shape_text(self.build[node].shape)})"

    def _misfit(self, what: str) -> MatcubeError:
        return self.build.shape_error(f'in einsum "{self.equation}": {what}', self.where.mark)

    def _diagonal(self, item: Operand) -> Operand:
        node, letters = item
        while len(set(letters)) < len(letters):
            first, second = next(
                (a, b) for b in range(len(letters)) for a in range(b) if letters[a] == letters[b]
            )
            node = self.build.reindex(Diagonal(first, second), (node,), where=self.where)
            letters = (*letters[:second], *letters[second + 1 :])
        return Operand(node, letters)

    def _alone(self, item: Operand, number: int, given: Sequence[Operand], output: Letters) -> Operand:
        """An operand summed over its letters that no other operand and not the result has."""
        others = set(output).union(*(other.letters for n, other in enumerate(given) if n != number))
        summed = tuple(letter for letter in item.letters if letter not in others)
        if not summed:
            return item
        retained = tuple(letter for letter in item.letters if letter in others)
        item = self._permuted(item, retained + summed)
        for at in range(len(item.letters) - 2, len(retained) - 1, -1):
            item = Operand(
                self.build.reindex(Merge(at), (item.node,), where=self.where), item.letters[: at + 1]
            )
        size = (
            math.prod(self._sizes(item).values()) if not retained else self._sizes(item)[item.letters[-1]],
        )
        ones = self.build.leaf(size, Leaf(INITIALISERS["ones"](size)), where=self.where)
        spec = IndexSpec((item.letters, item.letters[-1:]), retained)
        return Operand(self._contract(spec, (item.node, ones)), retained)

    def _product(self, left: Operand, right: Operand, retained: set[str], output: Letters | None) -> Operand:
        """The product of two operands, summed over the letters that nothing else has."""
        shared = set(left.letters) & set(right.letters)
        if (
            not left.letters
            or not right.letters
            or (shared == set(left.letters) | set(right.letters) <= retained)
        ):
            order = (left if left.letters else right).letters
            if left.letters and right.letters:
                right = self._permuted(right, order)
            return Operand(self._map("times", left.node, right.node), order)
        summed = [letter for letter in left.letters if letter in shared and letter not in retained]
        if len(summed) > 1 and len(left.letters) == len(right.letters) == 2:
            left, right = self._with_merged(left, summed), self._with_merged(right, summed)
            summed = summed[:1]
        batch = [letter for letter in left.letters if letter in shared and letter in retained]
        own = [[letter for letter in item.letters if letter not in shared] for item in (left, right)]
        letters = tuple(batch + own[0] + own[1])
        if output is not None and set(output) == set(letters):
            letters = output
        spec = IndexSpec((left.letters, right.letters), letters)
        return Operand(self._contract(spec, (left.node, right.node)), letters)

    def _with_merged(self, item: Operand, summed: Sequence[str]) -> Operand:
        """An operand whose summed letters are one dimension, the last."""
        rest = tuple(letter for letter in item.letters if letter not in summed)
        node, letters = self._permuted(item, (*rest, *summed))
        for at in range(len(letters) - 2, len(rest) - 1, -1):
            node = self.build.reindex(Merge(at), (node,), where=self.where)
        return Operand(node, (*rest, summed[0]))

    def _permuted(self, item: Operand, order: Letters) -> Operand:
        if item.letters == order:
            return item
        axes = tuple(item.letters.index(letter) for letter in order)
        return Operand(self.build.reindex(Permute(axes), (item.node,), where=self.where), order)

    def _contract(self, spec: IndexSpec, operands: Sequence[int]) -> int:
        """A contraction with letters that the text of a program can hold."""
        letters = dict.fromkeys(letter for group in spec.inputs for letter in group)
        plain = all(letter.isidentifier() for letter in letters)
        names = {letter: letter if plain else f"{'abcdefghijklmnopqrstuvwxyz'[n % 26]}{n // 26 or ''}"
                 for n, letter in enumerate(letters)}  # fmt: skip
        groups = tuple(tuple(names[letter] for letter in group) for group in spec.inputs)
        output = tuple(names[letter] for letter in spec.output)
        return self.build.contract(IndexSpec(groups, output), operands, where=self.where)

    def _map(self, name: str, *operands: int) -> int:
        return self.build.map(MAPS[name](), operands, where=self.where)

    def _sizes(self, item: Operand) -> dict[str, int]:
        return dict(zip(item.letters, self.build[item.node].shape, strict=True))

    def _path(self, path: object, given: Sequence[Operand], output: Letters) -> Path:
        """Pairs of places; after each the product comes last."""
        if path is None:
            return numpy_path([self._sizes(item) for item in given], output)
        pairs = [pair for pair in path if pair != "einsum_path"] if isinstance(path, Sequence) else None
        if pairs is None or not all(isinstance(pair, Sequence) and len(pair) == 2 for pair in pairs):
            raise self.error("has a path of other than pairs", "write path=((0, 1), (0, 1))")
        count = len(given)
        for pair in pairs:
            if not all(type(place) is int and 0 <= place < count for place in pair) or pair[0] == pair[1]:
                raise self.error(f"has the pair {tuple(pair)} in its path, with {count} operands left")
            count -= 1
        if count != 1:
            raise self.error(f"has a path that leaves {count} operands", "give one pair fewer than operands")
        return tuple((int(a), int(b)) for a, b in pairs)


def numpy_path(sizes: Sequence[dict[str, int]], output: Letters) -> Path:
    """The pairs that ``numpy.einsum_path`` chooses for operands of these letters and sizes.

    Args:
        sizes: for each operand its letters with their sizes.
        output: the letters of the result.

    Example:
        >>> numpy_path([{"a": 2, "b": 90}, {"b": 90, "c": 90}, {"c": 90, "d": 2}], ("a", "d"))
        ((0, 1), (0, 1))
    """
    if len(sizes) <= 2:
        return ((0, 1),) * (len(sizes) - 1)
    numbers = {
        letter: n for n, letter in enumerate(dict.fromkeys(letter for item in sizes for letter in item))
    }
    arguments: list[Any] = []
    for item in sizes:
        shape = tuple(item.values())
        arguments += [np.broadcast_to(np.float32(0), shape), [numbers[letter] for letter in item]]
    whole = math.prod(max(size, 1) for item in sizes for size in item.values())
    path, _ = np.einsum_path(*arguments, [numbers[letter] for letter in output], optimize=("greedy", whole))
    pairs, count = [], len(sizes)
    for step in path[1:]:
        places = sorted(step)
        while len(places) > 1:  # more than two at once are multiplied from the last
            second, first = places.pop(), places.pop()
            pairs.append((first, second))
            count -= 1
            places.append(count - 1)
    return tuple(pairs)
