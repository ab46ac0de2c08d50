"""Any einsum as nodes of a graph: products of two operands, drawn as what they are.

A letter twice in an operand takes the diagonal; a letter of one operand alone that is summed is a product
with ones; a product whose letters all occur in one of its operands, and stay, is a product cell by cell;
three operands and more are a chain of products along the path of ``numpy.einsum_path``, or a given one.
See docs/decisions/0018.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matcube.errors import MatcubeError, ProgramError, Span
from matcube.ir.shapes import shape_text
from matcube.ir.spec import IndexSpec
from matcube.ops import MAPS
from matcube.ops.reindex import Diagonal, Merge, Permute
from matcube.sources import equation as equations
from matcube.sources.build import NOWHERE, Builder, Where
from matcube.sources.einsum_order import Path, path_of
from matcube.sources.equation import EquationError, LengthError, Letters, SizeError
from matcube.sources.ones import summed, with_one

MAX_OPERANDS = 32


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
        where: its spans in the program text, for errors; that of a given path comes after the operands'.

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
            raise self.error(EquationError(f"takes 1 to {MAX_OPERANDS} operands"))
        shapes = [self.build[operand].shape for operand in operands]
        try:
            inputs, output = equations.read(self.equation, shapes)
            letters = equations.sized(inputs, shapes)
        except LengthError as error:
            node, many = operands[error.place], len(error.letters)
            text, sizes = self.build.rendered(node).text, shape_text(self.build[node].shape)
            written = f'"{" ".join(error.letters)}" has {many} letter{"s" * (many != 1)}'
            raise self._misfit(f"{text} is {sizes}, but {written}") from None
        except SizeError as error:
            raise self._two_sizes(error, operands) from None
        except EquationError as error:
            raise self.error(error) from None
        given = list(map(Operand, operands, letters))
        given = [
            self._summed(self._diagonal(item), set(output).union(*letters[:n], *letters[n + 1 :]))
            for n, item in enumerate(given)
        ]
        for left, right in self._path(path, given, output):
            pair = given[left], given[right]
            rest = [item for n, item in enumerate(given) if n not in (left, right)]
            retained = set(output).union(*(item.letters for item in rest))
            given = [*rest, self._product(*pair, retained, output if not rest else None)]
        return self._permuted(given[0], output).node

    def error(self, error: EquationError, span: Span | None = None) -> MatcubeError:
        return ProgramError(
            f'einsum "{self.equation}" {error}',
            text=self.build.text or None,
            span=span or self.where.mark,
            hint=error.hint,
        )

    def _two_sizes(self, error: SizeError, operands: Sequence[int]) -> MatcubeError:
        (first, second), (earlier, own) = error.sizes, (self._shaped(operands[n]) for n in error.places)
        if error.places[0] == error.places[1]:
            return self._misfit(f"{error.letter} is {first} and {second} in {own}")
        return self._misfit(f"{error.letter} is {first} in {earlier} but {second} in {own}")

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

    def _summed(self, item: Operand, retained: Iterable[str]) -> Operand:
        """An operand summed over its letters that nothing else has."""
        for letter in reversed(item.letters):
            if letter not in retained:
                at, names = item.letters.index(letter), self._names(item.letters)
                node = summed(
                    self.build, item.node, at, letters=tuple(names[x] for x in item.letters), where=self.where
                )
                item = Operand(node, item.letters[:at] + item.letters[at + 1 :])
        return item

    def _product(self, left: Operand, right: Operand, retained: set[str], output: Letters | None) -> Operand:
        """The product of two operands, summed over the letters that nothing else has."""
        own, shared = set(left.letters) ^ set(right.letters), set(left.letters) & set(right.letters)
        is_inside = not own or own.isdisjoint(left.letters) or own.isdisjoint(right.letters)
        if (is_inside and shared <= retained) or (not own and shared & retained):
            letters = max(left.letters, right.letters, key=len)
            pair = [self._spread(item, letters) for item in (left, right)]
            product = self.build.map(MAPS["times"](), pair, where=self.where)
            return self._summed(Operand(product, letters), retained)
        over = [letter for letter in left.letters if letter in shared and letter not in retained]
        if len(over) > 1 and len(left.letters) == len(right.letters) == 2:
            left, right = self._with_merged(left, over), self._with_merged(right, over)
        batch = [letter for letter in left.letters if letter in shared and letter in retained]
        rest = [letter for item in (left, right) for letter in item.letters if letter in own]
        letters = tuple(batch + rest)
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

    def _spread(self, item: Operand, letters: Letters) -> int:
        """An operand that broadcasts to more letters: dimensions of size 1 after its first own letter."""
        node, own = self._permuted(item, tuple(letter for letter in letters if letter in item.letters))
        place = len(own)
        for letter in reversed(letters):
            if letter in own:
                place -= 1
            elif place:
                node = with_one(self.build, node, place, where=self.where)
        return node

    def _permuted(self, item: Operand, order: Letters) -> Operand:
        if item.letters == order:
            return item
        axes = tuple(item.letters.index(letter) for letter in order)
        return Operand(self.build.reindex(Permute(axes), (item.node,), where=self.where), order)

    def _contract(self, spec: IndexSpec, operands: Sequence[int]) -> int:
        names = self._names([letter for group in spec.inputs for letter in group])
        groups = tuple(tuple(names[letter] for letter in group) for group in spec.inputs)
        output = tuple(names[letter] for letter in spec.output)
        return self.build.contract(IndexSpec(groups, output), operands, where=self.where)

    def _names(self, letters: Iterable[str]) -> dict[str, str]:
        """Letters that the text of a program can hold: their own, or a, b, c and so on."""
        distinct = dict.fromkeys(letters)
        plain = all(letter.isidentifier() for letter in distinct)
        alphabet = "abcdefghijklmnopqrstuvwxyz"
        return {
            letter: letter if plain else f"{alphabet[n % 26]}{n // 26 or ''}"
            for n, letter in enumerate(distinct)
        }

    def _sizes(self, item: Operand) -> dict[str, int]:
        return dict(zip(item.letters, self.build[item.node].shape, strict=True))

    def _path(self, path: object, given: Sequence[Operand], output: Letters) -> Path:
        try:
            return path_of(path, [self._sizes(item) for item in given], output)
        except EquationError as error:
            spans = self.where.operands
            raise self.error(error, spans[-1] if path is not None and spans else None) from None
