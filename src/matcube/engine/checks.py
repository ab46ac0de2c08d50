"""Names in a view that come from our tables: schemes, arrangements, palettes, sensitivities, algorithms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcube.errors import unknown
from matcube.layout import SCHEMES, Arrangement
from matcube.scene import colour, scales
from matcube.timeline import ALGORITHMS
from matcube.wire import LayoutView, StyleView


def check_layout(layout: LayoutView) -> None:
    """Refuse a layout with unknown names.

    Raises:
        OptionError: the scheme or an arrangement is unknown.
    """
    check_scheme(layout.scheme)
    check_root(layout.root)


def check_style(style: StyleView) -> None:
    """Refuse a style with unknown names.

    Raises:
        OptionError: the palette or the sensitivity is unknown.
    """
    check_palette(style.palette)
    check_sensitivity(style.sensitivity)


def check_scheme(name: str) -> None:
    """Refuse an unknown layout scheme."""
    if name not in SCHEMES and name != "custom":
        raise unknown(name, dict.fromkeys([*SCHEMES, "custom"]), what="layout")


def check_root(text: str) -> None:
    """Refuse an arrangement such as ``"-LTF"`` that cannot be read."""
    Arrangement.parse(text)


def check_palette(name: str) -> None:
    """Refuse an unknown palette."""
    names = [palette.name for palette in colour.palettes()]
    if name not in names:
        raise unknown(name, names, what="palette")


def check_sensitivity(name: str) -> None:
    """Refuse an unknown sensitivity."""
    if name not in scales.SENSITIVITIES:
        raise unknown(name, scales.SENSITIVITIES, what="sensitivity")


def check_algorithm(name: str) -> None:
    """Refuse an unknown algorithm of a film."""
    if name not in ALGORITHMS:
        raise unknown(name, ALGORITHMS, what="algorithm")


CHECKS: dict[str, Callable[[Any], None]] = {
    "algorithm": check_algorithm,
    "scheme": check_scheme,
    "root": check_root,
    "palette": check_palette,
    "sensitivity": check_sensitivity,
}
