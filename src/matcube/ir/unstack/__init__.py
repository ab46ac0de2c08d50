"""Batch letters taken apart: a program of any number of dimensions as a graph of vectors and matrices."""

from matcube.ir.unstack.alone import alone
from matcube.ir.unstack.graph import MOST_COPIES, Drawn, unstack

__all__ = ["MOST_COPIES", "Drawn", "alone", "unstack"]
