"""Charts as SVG text: no library, one string."""

from matcube.outputs.chart.roofline import Machine, Point, roofline

__all__ = ["Machine", "Point", "roofline"]
