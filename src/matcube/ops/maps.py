"""All maps by their name in the language; a new map is a row in the table of its own file."""

from __future__ import annotations

from matcube.ops.base import MapOp
from matcube.ops.elementwise import ELEMENTWISE
from matcube.ops.pointwise import POINTWISE
from matcube.ops.rows import ROWS
from matcube.ops.scalars import SCALARS

MAPS: dict[str, type[MapOp]] = {**POINTWISE, **ROWS, **SCALARS, **ELEMENTWISE}
