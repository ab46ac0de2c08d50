"""matcube: see what your matrices do, as cubes you can turn, read and share.

::

    import matcube as mc
    fig = mc.figure("softmax(tril(Q @ K.T / sqrt(16))) @ V", Q=q, K=k, V=v)
    fig.save("attention.html")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcube.api.figure import Figure
    from matcube.api.front import compare, figure, from_graph, open_figure, show
    from matcube.api.matrix import Matrix, einsum, einsum_path, matrix
    from matcube.errors import (
        DataError,
        GraphError,
        LimitError,
        MatcubeError,
        OptionError,
        ProgramError,
        ShapeError,
        StoppedError,
        UnknownNameError,
        WireError,
    )
    from matcube.outputs.server import Handle
    from matcube.wire import View as State

__version__ = "0.2.0"

__all__ = [
    "DataError",
    "Figure",
    "GraphError",
    "Handle",
    "LimitError",
    "MatcubeError",
    "Matrix",
    "OptionError",
    "ProgramError",
    "ShapeError",
    "State",
    "StoppedError",
    "UnknownNameError",
    "WireError",
    "__version__",
    "compare",
    "einsum",
    "einsum_path",
    "figure",
    "from_graph",
    "matrix",
    "open_figure",
    "show",
]

_FRONT = ("compare", "figure", "from_graph", "open_figure", "show")

# Each name with its module, and its name there where that is another.
_LATER = {
    "Figure": ("matcube.api.figure", "Figure"),
    "Handle": ("matcube.outputs.server", "Handle"),
    "Matrix": ("matcube.api.matrix", "Matrix"),
    "State": ("matcube.wire", "View"),
    **{name: ("matcube.api.matrix", name) for name in ("einsum", "einsum_path", "matrix")},
    **{name: ("matcube.api.front", name) for name in _FRONT},
    **{name: ("matcube.errors", name) for name in __all__ if name.endswith("Error")},
}

_RENAMED = {"View": "State", "open_link": "open_figure"}


if not TYPE_CHECKING:  # a type checker reads the imports above, and finds typing errors

    def __getattr__(name: str) -> Any:
        """Import a name on its first use: ``import matcube`` takes no time."""
        from importlib import import_module

        if name in _RENAMED:
            warn = import_module("matcube.api.renamed").warn_renamed
            warn(f"matcube.{name}", f"matcube.{_RENAMED[name]}", stacklevel=2)
            name = _RENAMED[name]
        if name not in _LATER:
            raise AttributeError(f"module 'matcube' has no attribute {name!r}")
        module, own = _LATER[name]
        return getattr(import_module(module), own)


def __dir__() -> list[str]:
    return sorted(__all__)
