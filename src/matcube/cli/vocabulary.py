"""Names that options take, out of the tables of the layers below, read when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def schemes() -> Iterable[str]:
    """Layout schemes."""
    from matcube.layout import SCHEMES

    return (*SCHEMES, "custom")


def themes() -> Iterable[str]:
    """Themes, and the one that follows the system."""
    from matcube.scene import colour

    return (*(theme.name for theme in colour.themes()), "auto")


def palettes() -> Iterable[str]:
    """Palettes."""
    from matcube.scene import colour

    return (palette.name for palette in colour.palettes())


def sensitivities() -> Iterable[str]:
    """Meanings of full brightness."""
    from matcube.scene import scales

    return scales.SENSITIVITIES


def algorithms() -> Iterable[str]:
    """Matmul algorithms, and "none" for no film."""
    from matcube.timeline import ALGORITHMS

    return ALGORITHMS


def numbers() -> Iterable[str]:
    """When cells show their values."""
    return "auto", "always", "never"


def fuses() -> Iterable[str]:
    """Ways to play neighbours of a film as one."""
    from matcube.timeline import FUSES

    return FUSES


def counts() -> Iterable[str]:
    """Ways to count operations."""
    from matcube.cost import MODELS

    return MODELS


def dtypes() -> Iterable[str]:
    """Types of a cell that a cost is counted for."""
    from matcube.cost.count import DTYPES

    return DTYPES


def machines() -> Iterable[str]:
    """Machines of a roofline."""
    from matcube.cost import MACHINES

    return MACHINES


def presets() -> Iterable[str]:
    """Ways to share the work among devices."""
    from matcube.partition.presets import PRESETS

    return PRESETS


def formats() -> Iterable[str]:
    """Formats that a figure is saved in."""
    from matcube.api.save import WRITERS

    return WRITERS


VOCABULARIES: dict[str, Callable[[], Iterable[str]]] = {
    "algorithm": algorithms,
    "count": counts,
    "dtype": dtypes,
    "format": formats,
    "fuse": fuses,
    "layout": schemes,
    "machine": machines,
    "numbers": numbers,
    "palette": palettes,
    "preset": presets,
    "sensitivity": sensitivities,
    "theme": themes,
}
