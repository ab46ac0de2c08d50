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
    from matcube.api.front import figure, from_graph, open_link, show
    from matcube.api.matrix import Matrix, matrix
    from matcube.errors import MatcubeError
    from matcube.wire import View

__version__ = "0.2.0"

__all__ = [
    "Figure",
    "MatcubeError",
    "Matrix",
    "View",
    "__version__",
    "figure",
    "from_graph",
    "matrix",
    "open_link",
    "show",
]

_LATER = {
    "Figure": "matcube.api.figure",
    "Matrix": "matcube.api.matrix",
    "figure": "matcube.api.front",
    "from_graph": "matcube.api.front",
    "matrix": "matcube.api.matrix",
    "open_link": "matcube.api.front",
    "show": "matcube.api.front",
    "MatcubeError": "matcube.errors",
    "View": "matcube.wire",
}


if not TYPE_CHECKING:  # a type checker reads the imports above, and finds typing errors

    def __getattr__(name: str) -> Any:
        """Load what is asked for, and no sooner: ``import matcube`` takes no time."""
        if name not in _LATER:
            raise AttributeError(f"module 'matcube' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
