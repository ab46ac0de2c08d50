"""Stands with positions, written out as the faces, boxes and links of a placement."""

from __future__ import annotations

from dataclasses import replace

from matcube.layout.frame import add, scale
from matcube.layout.plan import Plan, Stand
from matcube.layout.solve import Solved
from matcube.layout.splits import split_of
from matcube.layout.types import Box, Face, FaceRole, LayoutOptions, Link, Placement, Vec


def write(plan: Plan, solved: tuple[Solved, ...], options: LayoutOptions, gap: float) -> Placement:
    """Number the faces and boxes in the order of the stands; a stand's sheets follow its face."""
    boxed = [stand.id for stand in plan.stands if stand.product is not None]
    box_of = {stand: number for number, stand in enumerate(boxed)}
    faces: list[Face] = []
    face_of: list[int] = []
    for stand, at in zip(plan.stands, solved, strict=True):
        face_of.append(len(faces))
        faces += _faces(stand, at, box_of, len(faces), gap)
        faces += _parts(stand, at, box_of, len(faces), options.parts)
    boxes = [_box(plan, plan.stands[stand], solved[stand], box_of, face_of) for stand in boxed]
    behind = [(stand.id, stand.parent) for stand in plan.stands if stand.where == "behind"]
    pairs = [(face_of[start], face_of[end]) for start, end in (*behind, *plan.joins) if end is not None]
    return Placement(
        options=options,
        gap=gap,
        faces=tuple(_aliased(plan, faces, face_of)),
        boxes=tuple(boxes),
        links=tuple(Link(*pair) for pair in dict.fromkeys(pairs) if pair[0] != pair[1]),
        root_face=0,
    )


def _faces(stand: Stand, at: Solved, box_of: dict[int, int], first: int, gap: float) -> list[Face]:
    """The stand's face, then its open sheets."""
    role, box, letters = _part(stand, box_of)
    found = []
    for place, sheet in enumerate((stand.face, *stand.stack)[: 1 + at.sheets]):
        found.append(
            Face(
                id=first + place,
                node=sheet.node,
                chain=(sheet.node,) if place else stand.chain,
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
                row_split=split_of(sheet.rows, sheet.blocks[0], gap),
                col_split=split_of(sheet.cols, sheet.blocks[1], gap),
            )
        )
    return found


def _parts(stand: Stand, at: Solved, box_of: dict[int, int], first: int, most: int) -> list[Face]:
    """A sheet of partial results to each block of k, at the block's side that is next to the result.

    It stands in the middle of the gap there; before the first block, as far from it.
    """
    split = at.splits[2]
    if stand.product is None or stand.made is None or split is None:
        return []
    rows, cols, depth = stand.product.sizes
    if split.blocks(depth) > most:
        return []
    down, along = scale(at.frame.up, -1), _k_step(stand, at)
    is_near = along == at.away
    found = []
    for part in range(split.blocks(depth)):
        start, stop = part * split.length, min(depth, (part + 1) * split.length)
        edge = split.place(start) - split.gap / 2 if is_near else split.place(stop - 1) + 1 + split.gap / 2
        found.append(
            Face(
                id=first + part,
                node=stand.made.node,
                chain=(stand.made.node,),
                transposed=stand.made.show.transposed,
                origin=add(at.corner, scale(along, edge)),
                across=at.frame.right,
                down=down,
                rows=rows,
                cols=cols,
                role="sheet",
                box=box_of[stand.id],
                row_letter="i",
                col_letter="j",
                row_split=at.splits[0],
                col_split=at.splits[1],
                part=part,
            )
        )
    return found


def _k_step(stand: Stand, at: Solved) -> Vec:
    return scale(at.frame.front, -1 if stand.arrangement.positive else 1)


def _part(stand: Stand, box_of: dict[int, int]) -> tuple[FaceRole, int | None, str]:
    """A face's role, its box, and the letters of its rows and columns there."""
    if stand.product is not None:
        return "result", box_of[stand.id], "ij"
    if stand.parent is not None and stand.where == "left":
        return "left", box_of[stand.parent], "ik"
    if stand.parent is not None and stand.where == "right":
        return "right", box_of[stand.parent], "kj"
    return "alone", None, "ij"


def _box(plan: Plan, stand: Stand, at: Solved, box_of: dict[int, int], face_of: list[int]) -> Box:
    product = stand.product
    assert product is not None
    rows, cols, depth = product.sizes
    return Box(
        id=box_of[stand.id],
        node=product.node,
        transposed=product.swapped,
        left=face_of[stand.left],
        right=face_of[stand.right],
        result=face_of[stand.id],
        corner=at.corner,
        i_step=scale(at.frame.up, -1),
        j_step=at.frame.right,
        k_step=_k_step(stand, at),
        sizes=(rows, cols, depth),
        arrangement=stand.arrangement,
        parent=_taker(plan, stand, box_of),
        splits=at.splits,
    )


def _taker(plan: Plan, stand: Stand, box_of: dict[int, int]) -> int | None:
    """The box that takes the result; a parallel box's result goes where the face before it goes."""
    while stand.where == "behind" and stand.parent is not None:
        stand = plan.stands[stand.parent]
    return None if stand.parent is None else box_of[stand.parent]


def _aliased(plan: Plan, faces: list[Face], face_of: list[int]) -> list[Face]:
    """Mark further uses: a node's own picture is its owner's face, else the first sheet that shows it."""
    owner = {stand.face.node: face_of[stand.id] for stand in plan.stands if stand.owner}
    for face in faces:
        if face.part is None:
            owner.setdefault(face.node, face.id)
    return [
        face
        if face.part is not None or owner[face.node] == face.id
        else replace(face, alias_of=owner[face.node])
        for face in faces
    ]
