"""A scene on paper: vectors and text instead of pixels, as SVG and PDF."""

from matcube.outputs.still.paper.drawing import drawing_of
from matcube.outputs.still.paper.items import Drawing
from matcube.outputs.still.paper.pdf import check_pdf, pdf
from matcube.outputs.still.paper.svg import svg

__all__ = ["Drawing", "check_pdf", "drawing_of", "pdf", "svg"]
