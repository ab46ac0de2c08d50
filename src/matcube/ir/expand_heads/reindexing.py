"""Re-indexings of tensors with heads: a change of letters needs no drawn node; slices and joins do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from matcube.ir.expand_heads.drawing import Copies, Drawing
from matcube.ir.expand_heads.unfolding import Dims, Unfolding, plain, usual
from matcube.ir.graph import Leaf, Node, Reindex, Shape
from matcube.ir.spec import IndexSpec
from matcube.ops.reindex import Concat, Merge, Permute, Repeat, Slice, Split


class HeadReindexing(Drawing):
    """Conversions between unfoldings of a node, and the re-indexings of a program."""

    # --- requests for a form ------------------------------------------------------------------------

    def at_home(self, node: int) -> Copies:
        """The copies of a node in its home form."""
        if node not in self.home:
            self.request(node, usual(len(self.graph[node].shape)))
        return self.drawn[node, self.home[node]]

    def request_sides(self, node: int, form: Unfolding) -> tuple[Unfolding, Copies]:
        """The copies in a form, or with rows and columns exchanged where those are drawn already."""
        own = self.graph[node]
        if node not in self.home and (axes := _permuted(own)):
            source, _ = self.request_sides(own.inputs[0], _ascending(_before(axes, form)))
            self._permute(own, axes, source)
            return self.home[node], self.drawn[node, self.home[node]]
        turned = Unfolding(form.stack, form.groups[::-1])
        home = self.home.get(node)
        if (home == turned or (home is not None and _cores_turned(home, form))) and form != turned:
            form = turned
        return form, self.request(node, form)

    def request(self, node: int, form: Unfolding) -> Copies:
        """The copies of a node in a form; they are drawn if necessary."""
        if (node, form) not in self.drawn and node not in self.home:
            self._decide(self.graph[node], form)
        if (node, form) not in self.drawn and not self._under_permute(self.graph[node], form):
            self._convert(self.graph[node], self.home[node], form)
        return self.drawn[node, form]

    def _under_permute(self, node: Node, form: Unfolding) -> bool:
        """Heads of an unnamed transpose are heads of its operand."""
        axes = _permuted(node)
        if node.name is not None or not axes:
            return False
        before, shape = _before(axes, form), self.graph[node.inputs[0]].shape
        source = _ascending(before)
        ids = self.request(node.inputs[0], source)
        self.drawn[node.id, form] = tuple(ids[source.number(shape, at)] for at in before.places(shape))
        return True

    def _decide(self, node: Node, form: Unfolding) -> None:
        if axes := _permuted(node):
            source = _ascending(_before(axes, form))
            self.request(node.inputs[0], source)
            self._permute(node, axes, source)
        elif isinstance(node.kind, Reindex) and isinstance(
            node.kind.op, Split | Merge | Repeat | Slice | Concat
        ):
            for operand in node.inputs:
                self.at_home(operand)
            self.move(node)
        else:
            self.first(node, form)

    def first(self, node: Node, form: Unfolding) -> None:
        """Draw a leaf, or a re-indexing without a rule, in the unfolding of its first use."""
        inputs = tuple(copy for operand in node.inputs for copy in self.at_home(operand))
        letters = form.letters
        is_flat = all(len(self.graph[operand].shape) <= 2 for operand in node.inputs)
        is_plain = is_flat and len(inputs) == len(node.inputs) and form == plain(len(node.shape))
        spec = node.spec if is_plain else IndexSpec(((),) * len(inputs), letters)
        kind = _leaf(node.kind, node.shape, form) if isinstance(node.kind, Leaf) else node.kind
        self.settle(
            node, form, [self.emit(node, form, at, kind, inputs, spec) for at in form.places(node.shape)]
        )

    # --- moves of the program -----------------------------------------------------------------------

    def move(self, node: Node) -> None:
        """Draw a re-indexing whose operands are drawn; that of a leaf with heads waits for its first use."""
        assert isinstance(node.kind, Reindex)
        op, homes = node.kind.op, [self.home.get(operand) for operand in node.inputs]
        shapes = [self.graph[operand].shape for operand in node.inputs]
        flat = len(node.shape) <= 2 and all(len(shape) <= 2 for shape in shapes)
        if flat and all(home == plain(len(shape)) for home, shape in zip(homes, shapes, strict=True)):
            inputs = tuple(self.at_home(operand)[0] for operand in node.inputs)
            form = plain(len(node.shape))
            self.settle(node, form, [self.emit(node, form, {}, node.kind, inputs, node.spec)])
            return
        if any(home is None for home in homes):
            return
        source = homes[0]
        assert source is not None
        match op:
            case Permute(axes):
                self._permute(node, axes, source)
            case Split(axis):
                self._split(node, axis % len(shapes[0]), source)
            case Merge(axis):
                self._merge(node, axis % len(shapes[0]), source)
            case Repeat(axis, times):
                self._repeat(node, axis % len(shapes[0]), times, source)
            case Slice(start, stop):
                self._slice(node, start, stop, source)
            case Concat(axis):
                self._concat(node, axis % len(node.shape), source)

    def _alias(self, node: Node, form: Unfolding, ids: Sequence[int]) -> None:
        """The same cells under other letters; a name goes to what has none yet."""
        for copy in ids if node.name is not None else ():
            if self.nodes[copy].name is None:
                head = ", ".join(str(index) for _, index in self.copies[copy].at)
                self.nodes[copy] = replace(
                    self.nodes[copy], name=f"{node.name}[{head}]" if head else node.name
                )
        self.settle(node, form, list(ids))

    def _permute(self, node: Node, axes: Dims, source: Unfolding) -> None:
        form = source.renamed({axis: (dim,) for dim, axis in enumerate(axes)})
        self._alias(node, form, self.drawn[node.inputs[0], source])

    def _split(self, node: Node, axis: int, source: Unfolding) -> None:
        names = {dim: (dim + (dim > axis),) for dim in source.dims} | {axis: (axis, axis + 1)}
        self._alias(node, source.renamed(names), self.drawn[node.inputs[0], source])

    def _merge(self, node: Node, axis: int, source: Unfolding) -> None:
        """Two dimensions become one: directly where they are neighbours, else the copies are joined first."""
        pair = (axis, axis + 1)
        if not any(_follow(pair, dims) for dims in (source.stack, *source.groups)):
            at = axis + 1 if any(axis + 1 in group for group in source.groups) else axis
            rest = [tuple(dim for dim in group if dim not in pair or dim == at) for group in source.groups]
            groups = [
                tuple(new for dim in group for new in (pair if dim == at else (dim,)))
                for group in rest
                if group
            ]
            stack = tuple(dim for dim in source.stack if dim not in pair)
            source = Unfolding(stack, tuple(groups))
        ids = self.request(node.inputs[0], source)
        names = {dim: (dim - (dim > axis),) for dim in source.dims if dim != axis + 1} | {axis + 1: ()}
        self._alias(node, source.renamed(names), ids)

    def _repeat(self, node: Node, axis: int, times: int, source: Unfolding) -> None:
        """Shared heads are the same copies, several times over."""
        groups = tuple(
            rest for group in source.groups if (rest := tuple(dim for dim in group if dim != axis))
        )
        if axis not in source.stack:
            source = Unfolding(tuple(sorted((*source.stack, axis))), groups)
        ids, shape = self.request(node.inputs[0], source), self.graph[node.inputs[0]].shape
        copies = [
            ids[source.number(shape, {**at, axis: at[axis] // times})] for at in source.places(node.shape)
        ]
        self.settle(node, source, copies)

    def _slice(self, node: Node, start: Dims, stop: Dims, source: Unfolding) -> None:
        """Some of the copies, and the same slice of each."""
        shape = self.graph[node.inputs[0]].shape
        cut = [dim for dim, size in enumerate(node.shape) if size != shape[dim]]
        form = (
            source
            if all(dim in source.stack or (dim,) in source.groups for dim in cut)
            else usual(len(shape))
        )
        ids = self.request(node.inputs[0], form)
        bounds = [
            (start[group[0]], stop[group[0]]) if len(group) == 1 else (0, size)
            for group, size in zip(form.groups, form.sizes(shape), strict=True)
        ]
        op = Reindex(Slice(tuple(low for low, _ in bounds), tuple(high for _, high in bounds)))
        whole = form.sizes(shape) == form.sizes(node.shape)
        copies = []
        for at in form.places(node.shape):
            copy = ids[form.number(shape, {dim: index + start[dim] for dim, index in at.items()})]
            copies.append(
                copy if whole else self.emit(node, form, at, op, (copy,), _cut_spec(form, form.groups, cut))
            )
        self.settle(node, form, copies)

    def _concat(self, node: Node, axis: int, source: Unfolding) -> None:
        """More copies, or longer copies."""
        leads = any(group[0] == axis for group in source.groups)
        form = source if axis in source.stack or leads else usual(len(node.shape))
        parts = [self.request(operand, form) for operand in node.inputs]
        shapes = [self.graph[operand].shape for operand in node.inputs]
        copies = []
        for at in form.places(node.shape):
            if axis in form.stack:
                place, index = 0, at[axis]
                while index >= shapes[place][axis]:
                    index, place = index - shapes[place][axis], place + 1
                copies.append(parts[place][form.number(shapes[place], {**at, axis: index})])
            else:
                inputs = tuple(ids[form.number(shape, at)] for ids, shape in zip(parts, shapes, strict=True))
                side = next(n for n, group in enumerate(form.groups) if axis in group)
                kind, spec = Reindex(Concat(side)), _join_spec(len(form.groups), side, len(inputs))
                copies.append(self.emit(node, form, at, kind, inputs, spec))
        self.settle(node, form, copies)

    # --- conversion between forms -------------------------------------------------------------------

    def _convert(self, node: Node, home: Unfolding, form: Unfolding) -> None:
        """Cut, join or transpose the copies until they have the form."""
        out, into = set(form.stack) - set(home.stack), set(home.stack) - set(form.stack)
        before, after = _core(home, out | into), _core(form, out | into)
        if sorted(before) != sorted(after):
            middle = Unfolding(
                tuple(sorted(set(form.dims) - {group[-1] for group in form.groups})),
                tuple((group[-1],) for group in form.groups),
            )
            if middle in (home, form):
                self._gather(node, home, form)
            else:
                self._convert_by(node, home, middle, form)
        elif out and into:
            stack = tuple(sorted({*home.stack, *form.stack}))
            self._convert_by(node, home, Unfolding(stack, before), form)
        elif out:
            self._cut(node, home, form)
        elif into:
            self._join(node, home, form)
        else:
            self._turn(node, home, form)

    def _convert_by(self, node: Node, home: Unfolding, middle: Unfolding, form: Unfolding) -> None:
        for start, end in ((home, middle), (middle, form)):
            if (node.id, end) not in self.drawn:
                self._convert(node, start, end)

    def _turn(self, node: Node, home: Unfolding, form: Unfolding) -> None:
        kind, spec = Reindex(Permute((1, 0))), IndexSpec.parse("i j -> j i")
        ids = self.drawn[node.id, home]
        self.drawn[node.id, form] = tuple(
            self.emit(node, form, at, kind, (copy,), spec)
            for at, copy in zip(form.places(node.shape), ids, strict=True)
        )

    def _cut(self, node: Node, home: Unfolding, form: Unfolding) -> None:
        """Each copy is a slice of a larger one: a block of columns, if its letter is outermost."""
        out = set(form.stack) - set(home.stack)
        target = Unfolding(form.stack, _core(home, out))
        spec = _cut_spec(target, home.groups, sorted(out))
        copies = []
        for at in target.places(node.shape):
            whole = self.drawn[node.id, home][home.number(node.shape, at)]
            if all(node.shape[dim] == 1 for dim in out) and len(target.groups) == len(home.groups):
                copies.append(whole)  # one head is the whole
            else:
                copies.append(self.emit(node, target, at, _part(node, home, out, at), (whole,), spec))
        self.drawn[node.id, target] = tuple(copies)
        if target != form:
            self._turn(node, target, form)

    def _join(self, node: Node, home: Unfolding, form: Unfolding) -> None:
        """Copies become the blocks of one matrix, one letter after the other."""
        into = [dim for dim in home.stack if dim not in form.stack]
        for dim in reversed(into):
            group = next(side for side in form.groups if dim in side)
            rest = group[group.index(dim) + 1 :]
            if rest in home.groups:
                side = home.groups.index(rest)
                groups = (*home.groups[:side], (dim, *rest), *home.groups[side + 1 :])
                joined = Unfolding(tuple(other for other in home.stack if other != dim), groups)
                self._joined(node, home, joined, dim, side)
                if joined != form:
                    self._convert(node, joined, form)
                return
        self._gather(node, home, form)

    def _joined(self, node: Node, home: Unfolding, form: Unfolding, dim: int, side: int) -> None:
        self._check(node, home)
        ids, count = self.drawn[node.id, home], node.shape[dim]
        kind, spec = Reindex(Concat(side)), _join_spec(len(form.groups), side, count)
        copies = []
        for at in form.places(node.shape):
            inputs = tuple(ids[home.number(node.shape, {**at, dim: index})] for index in range(count))
            if count == 1:
                copies.append(inputs[0])
                continue
            copies.append(self.emit(self._called(node, inputs), form, at, kind, inputs, spec))
        self.drawn[node.id, form] = tuple(copies)

    def _called(self, node: Node, heads: Copies) -> Node:
        """An unnamed matrix of heads has the name of its heads."""
        name = self.graph[self.copies[heads[0]].of].name
        return replace(node, name=node.name or name)

    def _gather(self, node: Node, home: Unfolding, form: Unfolding) -> None:
        """Any other conversion: every copy of the new form depends on all copies of the old form."""
        inputs = self.drawn[node.id, home]
        kind = Reindex(Concat(0))
        spec = IndexSpec(
            tuple(
                tuple(f"a{n}b{side}" for side in range(len(self.nodes[copy].shape)))
                for n, copy in enumerate(inputs)
            ),
            form.letters,
        )
        self.drawn[node.id, form] = tuple(
            self.emit(node, form, at, kind, inputs, spec) for at in form.places(node.shape)
        )


def _permuted(node: Node) -> Dims:
    """The axes of a permutation; () for any other node."""
    op = node.kind.op if isinstance(node.kind, Reindex) else None
    return op.axes if isinstance(op, Permute) else ()


def _before(axes: Dims, form: Unfolding) -> Unfolding:
    """The form of the operand of a permutation with a result in ``form``."""
    return form.renamed({dim: (axis,) for dim, axis in enumerate(axes)})


def _ascending(form: Unfolding) -> Unfolding:
    return Unfolding(tuple(sorted(form.stack)), form.groups)


def _follow(pair: tuple[int, int], dims: Dims) -> bool:
    return any(dims[n : n + 2] == pair for n in range(len(dims) - 1))


def _core(form: Unfolding, without: set[int]) -> tuple[Dims, ...]:
    """The sides without some dimensions."""
    rest = (tuple(dim for dim in group if dim not in without) for group in form.groups)
    return tuple(group for group in rest if group)


def _cores_turned(home: Unfolding, form: Unfolding) -> bool:
    """Whether the form with its sides exchanged needs no transpose."""
    moved = set(home.stack) ^ set(form.stack)
    before, after = _core(home, moved), _core(form, moved)
    return len(after) == 2 and before != after and before == after[::-1]


def _part(node: Node, home: Unfolding, out: set[int], at: dict[int, int]) -> Reindex:
    """A slice if the cut letters are outermost; else a strided selection, written as a split."""
    start, stop = [], []
    for group, size in zip(home.groups, home.sizes(node.shape), strict=True):
        lead = [dim for dim in group if dim in out]
        if tuple(lead) != group[: len(lead)]:
            return Reindex(Split(axis=home.groups.index(group), parts=prod(node.shape[dim] for dim in lead)))
        block = size // max(1, prod(node.shape[dim] for dim in lead))
        offset = 0
        for dim in lead:
            offset = offset * node.shape[dim] + at[dim]
        start.append(offset * block)
        stop.append(offset * block + block)
    return Reindex(Slice(tuple(start), tuple(stop)))


def _cut_spec(form: Unfolding, groups: tuple[Dims, ...], cut: Sequence[int]) -> IndexSpec:
    """``i c -> i j``: a letter continues along sides that are not cut."""
    output = form.letters
    sides = {group[-1]: letter for group, letter in zip(form.groups, output, strict=True)}
    letters = [
        sides[group[-1]] if group[-1] in sides and not set(group) & set(cut) else f"whole{n}"
        for n, group in enumerate(groups)
    ]
    return IndexSpec((tuple(letters),), output)


def _join_spec(rank: int, side: int, count: int) -> IndexSpec:
    """``i j0, i j1 -> i (j0 + j1)``."""
    output = ("i", "j")[2 - rank :]
    pieces = [f"{output[side]}{n}" for n in range(count)]
    whole = f"({' + '.join(pieces)})" if count > 1 else output[side]
    inputs = tuple(
        (*output[:side], piece if count > 1 else output[side], *output[side + 1 :]) for piece in pieces
    )
    return IndexSpec(inputs, (*output[:side], whole, *output[side + 1 :]))


def _leaf(leaf: Leaf, shape: Shape, form: Unfolding) -> Leaf:
    labels = tuple(_along(leaf, shape, group) for group in form.groups) if leaf.labels else ()
    titles = tuple(_title(leaf, group) for group in form.groups) if leaf.titles else ()
    return Leaf(leaf.source, labels, titles)


def _title(leaf: Leaf, group: Dims) -> str | None:
    """The name of one side: ``head·token`` where both are in it."""
    return "·".join(title for dim in group if (title := leaf.titles[dim])) or None


def _along(leaf: Leaf, shape: Shape, group: Dims) -> tuple[str, ...] | None:
    """Labels along one side: ``a``, or ``2·a`` where a row of the third matrix is labelled a."""
    if len(group) == 1 or all(leaf.labels[dim] is None for dim in group):
        return leaf.labels[group[0]] if group else None
    sides = [leaf.labels[dim] or tuple(map(str, range(shape[dim]))) for dim in group]
    return tuple("·".join(names) for names in product(*sides))
