"""Expansion of heads: a program with any number of dimensions as a graph of vectors and matrices to draw."""

from matcube.ir.expand_heads.drawing import MOST_COPIES
from matcube.ir.expand_heads.expand import Drawn, expand_heads
from matcube.ir.expand_heads.isolate import isolate_head

__all__ = ["MOST_COPIES", "Drawn", "expand_heads", "isolate_head"]
