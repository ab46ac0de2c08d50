"""Solved branches to the faces, boxes and links of a layout."""

from __future__ import annotations

from msgspec.structs import replace

from matcube.layout.frame import add, dot, scale
from matcube.layout.solve import Solved
from matcube.layout.splits import Spacing
from matcube.layout.tree import Branch, Plan
from matcube.layout.types import LayoutOptions
from matcube.wire import Box, Face, Layout, Link, Vec3
from matcube.wire.geometry import FaceRole


def write(plan: Plan, solved: tuple[Solved, ...], options: LayoutOptions, spacing: Spacing) -> Layout:
    """The layout, with faces and boxes in the order of the branches; a branch's sheets follow its face.

    Args:
        plan: the layout tree.
        solved: positions, for each branch.
        options: of the layout.
        spacing: of split letters.
    """
    boxed = [branch.id for branch in plan.branches if branch.product is not None]
    box_of = {branch: number for number, branch in enumerate(boxed)}
    faces: list[Face] = []
    face_of: list[int] = []
    for branch, at in zip(plan.branches, solved, strict=True):
        face_of.append(len(faces))
        faces += _faces(branch, at, box_of, len(faces), spacing)
        faces += _partial_sums(branch, at, box_of, len(faces), options.parts)
    boxes = [_box(plan, plan.branches[branch], solved[branch], box_of, face_of) for branch in boxed]
    behind = [(branch.id, branch.parent) for branch in plan.branches if branch.where == "behind"]
    pairs = [(face_of[start], face_of[end]) for start, end in (*behind, *plan.joins) if end is not None]
    shown = _covered(plan, _aliased(plan, faces, face_of), face_of)
    pairs = [(start, end) for start, end in pairs if start != end and shown[end].cover is None]
    pairs += [*_shared(plan, shown, face_of), *_out_of_place(plan, shown, face_of)]
    is_open = options.sheets != ()
    return Layout(
        key=f"{options.scheme}+sheets" if is_open else options.scheme,
        scheme=options.scheme,
        sheets_open=is_open,
        gap=spacing.gap,
        faces=tuple(shown),
        boxes=tuple(boxes),
        links=tuple(Link(*pair) for pair in dict.fromkeys(pairs)),
        root_face=0,
    )


def _faces(branch: Branch, at: Solved, box_of: dict[int, int], first: int, spacing: Spacing) -> list[Face]:
    """The branch's face, then its open sheets."""
    role, box, letters = _role(branch, box_of)
    result = []
    for place, sheet in enumerate((branch.face, *branch.stack)[: 1 + at.sheets]):
        result.append(
            Face(
                id=first + place,
                node=sheet.node,
                chain=(sheet.node,) if place else branch.chain,
                transposed=sheet.show.transposed,
                origin=add(at.origin, scale(at.away, place * at.spacing)),
                across=at.frame.right,
                down=scale(at.frame.up, -1),
                rows=sheet.rows,
                cols=sheet.cols,
                role="sheet" if place else role,
                box=box,
                row_letter=letters[0],
                col_letter=letters[1],
                sheet=place,
                row_split=spacing.split(sheet.rows, sheet.blocks[0]),
                col_split=spacing.split(sheet.cols, sheet.blocks[1]),
            )
        )
    return result


def _partial_sums(branch: Branch, at: Solved, box_of: dict[int, int], first: int, most: int) -> list[Face]:
    """A sheet of partial sums for each block of k, on the block's side next to the result.

    It lies in the middle of the gap there; before the first block, at the same distance.
    """
    split = at.splits[2]
    if branch.product is None or branch.made is None or split is None or not isinstance(branch.k_blocks, int):
        return []
    rows, cols, depth = branch.product.sizes
    if split.blocks(depth) > most:
        return []
    down, along = scale(at.frame.up, -1), _k_step(branch, at)
    is_near = along == at.away
    result = []
    for block in range(split.blocks(depth)):
        start, stop = block * split.length, min(depth, (block + 1) * split.length)
        edge = split.place(start) - split.gap / 2 if is_near else split.place(stop - 1) + 1 + split.gap / 2
        result.append(
            Face(
                id=first + block,
                node=branch.made.node,
                chain=(branch.made.node,),
                transposed=branch.made.show.transposed,
                origin=add(at.corner, scale(along, edge)),
                across=at.frame.right,
                down=down,
                rows=rows,
                cols=cols,
                role="sheet",
                box=box_of[branch.id],
                row_letter="i",
                col_letter="j",
                row_split=at.splits[0],
                col_split=at.splits[1],
                part=block,
            )
        )
    return result


def _k_step(branch: Branch, at: Solved) -> Vec3:
    return scale(at.frame.front, -1 if branch.arrangement.positive else 1)


def _role(branch: Branch, box_of: dict[int, int]) -> tuple[FaceRole, int | None, str]:
    """A face's role in its box, the box, and the letters of its rows and columns there."""
    if branch.product is not None:
        return "result", box_of[branch.id], "ij"
    if branch.parent is not None and branch.where == "left":
        return "left", box_of[branch.parent], "ik"
    if branch.parent is not None and branch.where == "right":
        return "right", box_of[branch.parent], "kj"
    return "alone", None, "ij"


def _box(plan: Plan, branch: Branch, at: Solved, box_of: dict[int, int], face_of: list[int]) -> Box:
    product = branch.product
    assert product is not None
    rows, cols, depth = product.sizes
    return Box(
        id=box_of[branch.id],
        node=product.node,
        transposed=product.swapped,
        left=face_of[branch.left],
        right=face_of[branch.right],
        result=face_of[branch.id],
        corner=at.corner,
        i_step=scale(at.frame.up, -1),
        j_step=at.frame.right,
        k_step=_k_step(branch, at),
        sizes=(rows, cols, depth),
        arrangement=str(branch.arrangement),
        parent=_parent_box(plan, branch, box_of),
        splits=at.splits,
    )


def _parent_box(plan: Plan, branch: Branch, box_of: dict[int, int]) -> int | None:
    """The box of which the result is an operand; of a parallel box that of the face before it."""
    while branch.where in ("behind", "head", "whole") and branch.parent is not None:
        branch = plan.branches[branch.parent]
    return None if branch.parent is None else box_of[branch.parent]


def _aliased(plan: Plan, faces: list[Face], face_of: list[int]) -> list[Face]:
    """Mark repeated pictures of a node: all but its owner's face, or else the first sheet that shows it."""
    owner = {branch.face.node: face_of[branch.id] for branch in plan.branches if branch.owner}
    for face in faces:
        if face.part is None:
            owner.setdefault(face.node, face.id)
    return [
        face
        if face.part is not None or owner[face.node] == face.id
        else replace(face, alias_of=owner[face.node])
        for face in faces
    ]


def _shared(plan: Plan, faces: list[Face], face_of: list[int]) -> list[tuple[int, int]]:
    """Lines from a matrix shared by heads of a deck to its repeated pictures."""
    owners = {face_of[branch.id]: branch for branch in plan.branches if branch.owner}
    result = []
    for branch in plan.branches:
        alias = faces[face_of[branch.id]].alias_of
        owner = None if alias is None else owners.get(alias)
        if owner is not None and branch.model in (owner.id, owner.model) and branch.model >= 0:
            result.append((face_of[owner.id], face_of[branch.id]))
    return result


def _out_of_place(plan: Plan, faces: list[Face], face_of: list[int]) -> list[tuple[int, int]]:
    """Lines from a head that was pulled out to the whole matrix, and from its sections to theirs."""
    result = []
    for branch in plan.branches:
        first = plan.model(branch)
        whole = first.whole if first.whole >= 0 else branch.parent if branch.where == "head" else None
        if whole is not None and faces[face_of[branch.id]].cover is None and branch.owner:
            result.append((face_of[whole], face_of[branch.id]))
    return result


def _covered(plan: Plan, faces: list[Face], face_of: list[int]) -> list[Face]:
    """Mark heads that coincide with their cells of the whole matrix, and are not drawn."""
    out = list(faces)
    for branch in plan.branches:
        first = plan.model(branch)
        if first.whole >= 0:
            cover = faces[face_of[first.whole]]
        elif branch.where == "head" and branch.parent is not None:
            above = faces[face_of[branch.parent]]
            sheets = (item for item in faces[above.id :] if item.sheet > 0 or item.id == above.id)
            cover = next((sheet for sheet in sheets if sheet.node == branch.decks[-1]), above)
        else:
            continue
        face = out[face_of[branch.id]]
        if _lies_on(face, cover):
            out[face.id] = replace(face, cover=cover.id)
    return out


def _lies_on(face: Face, cover: Face) -> bool:
    """Whether the first cell of a face coincides with that of a block of its cover."""
    away = add(face.origin, scale(cover.origin, -1))
    places = [round(dot(away, way)) for way in (cover.down, cover.across)]
    flat = abs(dot(away, away) - sum(place * place for place in places)) < 1e-6
    sides = zip(places, (cover.row_split, cover.col_split), (cover.high, cover.wide), strict=True)
    starts = [
        0 <= place < size and (split is None or place % (split.length + split.gap) == 0)
        for place, split, size in sides
    ]
    return flat and all(starts)
