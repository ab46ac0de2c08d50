"""Stands with positions, written out as the faces, boxes and links of a placement."""

from __future__ import annotations

from msgspec.structs import replace

from matcube.layout.frame import add, scale
from matcube.layout.solve import Solved
from matcube.layout.splits import Spacing
from matcube.layout.tree import Plan, Stand
from matcube.layout.types import LayoutOptions, Placement
from matcube.wire import Box, Face, Link, Vec3
from matcube.wire.geometry import FaceRole


def write(plan: Plan, solved: tuple[Solved, ...], options: LayoutOptions, spacing: Spacing) -> Placement:
    """Number the faces and boxes in the order of the stands; a stand's sheets follow its face."""
    boxed = [stand.id for stand in plan.stands if stand.product is not None]
    box_of = {stand: number for number, stand in enumerate(boxed)}
    faces: list[Face] = []
    face_of: list[int] = []
    for stand, at in zip(plan.stands, solved, strict=True):
        face_of.append(len(faces))
        faces += _faces(stand, at, box_of, len(faces), spacing)
        faces += _parts(stand, at, box_of, len(faces), options.parts)
    boxes = [_box(plan, plan.stands[stand], solved[stand], box_of, face_of) for stand in boxed]
    behind = [(stand.id, stand.parent) for stand in plan.stands if stand.where == "behind"]
    pairs = [(face_of[start], face_of[end]) for start, end in (*behind, *plan.joins) if end is not None]
    shown = _covered(plan, _aliased(plan, faces, face_of), face_of)
    pairs = [(start, end) for start, end in pairs if start != end and shown[end].cover is None]
    pairs += [*_shared(plan, shown, face_of), *_out_of_place(plan, shown, face_of)]
    return Placement(
        options=options,
        gap=spacing.gap,
        faces=tuple(shown),
        boxes=tuple(boxes),
        links=tuple(Link(*pair) for pair in dict.fromkeys(pairs)),
        root_face=0,
    )


def _faces(stand: Stand, at: Solved, box_of: dict[int, int], first: int, spacing: Spacing) -> list[Face]:
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
                row_split=spacing.split(sheet.rows, sheet.blocks[0]),
                col_split=spacing.split(sheet.cols, sheet.blocks[1]),
            )
        )
    return found


def _parts(stand: Stand, at: Solved, box_of: dict[int, int], first: int, most: int) -> list[Face]:
    """A sheet of partial results to each block of k, at the block's side that is next to the result.

    It stands in the middle of the gap there; before the first block, as far from it.
    """
    split = at.splits[2]
    if stand.product is None or stand.made is None or split is None or not isinstance(stand.k_blocks, int):
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


def _k_step(stand: Stand, at: Solved) -> Vec3:
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
        arrangement=str(stand.arrangement),
        parent=_taker(plan, stand, box_of),
        splits=at.splits,
    )


def _taker(plan: Plan, stand: Stand, box_of: dict[int, int]) -> int | None:
    """The box that takes the result; a parallel box's result goes where the face before it goes."""
    while stand.where in ("behind", "head", "whole") and stand.parent is not None:
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


def _shared(plan: Plan, faces: list[Face], face_of: list[int]) -> list[tuple[int, int]]:
    """Lines from what several heads of a deck share to each place where a further head takes it."""
    owners = {face_of[stand.id]: stand for stand in plan.stands if stand.owner}
    found = []
    for stand in plan.stands:
        alias = faces[face_of[stand.id]].alias_of
        owner = None if alias is None else owners.get(alias)
        if owner is not None and stand.model in (owner.id, owner.model) and stand.model >= 0:
            found.append((face_of[owner.id], face_of[stand.id]))
    return found


def _out_of_place(plan: Plan, faces: list[Face], face_of: list[int]) -> list[tuple[int, int]]:
    """Lines from the parts of a head that was pulled out to the matrices that they belong to."""
    found = []
    for stand in plan.stands:
        first = stand if stand.model < 0 else plan.stands[stand.model]
        whole = first.whole if first.whole >= 0 else stand.parent if stand.where == "head" else None
        if whole is not None and faces[face_of[stand.id]].cover is None and stand.owner:
            found.append((face_of[whole], face_of[stand.id]))
    return found


def _covered(plan: Plan, faces: list[Face], face_of: list[int]) -> list[Face]:
    """A head that lies where the matrix of all heads shows its cells is not drawn again."""
    out = list(faces)
    for stand in plan.stands:
        first = stand if stand.model < 0 else plan.stands[stand.model]
        if first.whole >= 0:
            cover = faces[face_of[first.whole]]
        elif stand.where == "head" and stand.parent is not None:
            above = faces[face_of[stand.parent]]
            sheets = (one for one in faces[above.id :] if one.sheet > 0 or one.id == above.id)
            cover = next((one for one in sheets if one.node == stand.decks[-1]), above)
        else:
            continue
        face = out[face_of[stand.id]]
        if _lies_on(face, cover):
            out[face.id] = replace(face, cover=cover.id)
    return out


def _lies_on(face: Face, cover: Face) -> bool:
    """Whether the first cell of a face is where a block of its cover begins; pulled out it is not."""
    away = add(face.origin, scale(cover.origin, -1))
    places = [round(_dot(away, way)) for way in (cover.down, cover.across)]
    flat = abs(_dot(away, away) - sum(place * place for place in places)) < 1e-6
    sides = zip(places, (cover.row_split, cover.col_split), (cover.high, cover.wide), strict=True)
    starts = [
        0 <= place < size and (split is None or place % (split.length + split.gap) == 0)
        for place, split, size in sides
    ]
    return flat and all(starts)


def _dot(a: Vec3, b: Vec3) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
