"""The operations of the language: maps (epilogues), initialisers, re-indexings; one table row each."""

from matcube.ops.base import Array, Cells, Initialiser, MapOp, Notation, ReindexOp
from matcube.ops.initialisers import INITIALISERS
from matcube.ops.maps import MAPS
from matcube.ops.precision import working, working_dtype
from matcube.ops.reindex import REINDEXES
from matcube.ops.vocabulary import OpInfo, ParamInfo, vocabulary

__all__ = [
    "INITIALISERS",
    "MAPS",
    "REINDEXES",
    "Array",
    "Cells",
    "Initialiser",
    "MapOp",
    "Notation",
    "OpInfo",
    "ParamInfo",
    "ReindexOp",
    "vocabulary",
    "working",
    "working_dtype",
]
