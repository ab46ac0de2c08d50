"""A program computed once: graph, values, statistics, layouts, heads, scene bytes.

::

    View.program, leaves ──parse──> Graph ──evaluate──> Values ──> Facts
    View.layout, partition ────────── place ──> Layout

An ``Engine`` holds the arrays that are bound to names, and the last few programs. Each result is cached by
what it depends on: values by program and leaves, a placement by these and the layout. So a change of layout
or looks computes no value. Used by ``session`` and ``api``.
"""

from matcube.engine.bindings import Bindings, BoundArray, bind
from matcube.engine.engine import Engine
from matcube.engine.program import Program

__all__ = ["Bindings", "BoundArray", "Engine", "Program", "bind"]
