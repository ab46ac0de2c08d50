"""Figures side by side, and where they differ."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from matcube.api.figure import Figure
from matcube.engine.comparison import MOST_PANELS, Compared
from matcube.engine.difference import Differences
from matcube.engine.matching import LETTERS
from matcube.engine.panels import Panels, panels_of
from matcube.engine.still import SIZE, checked_paper, checked_scale, checked_size
from matcube.errors import DataError, OptionError, unknown
from matcube.errors.values import bounded
from matcube.ir.shapes import shape_text
from matcube.outputs.files import write_whole
from matcube.wire import ScaleChoice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from matcube.api.save import Writable
    from matcube.outputs.server import Handle
    from matcube.session.compared import ComparedSession

ComparisonFormat = Literal["html", "png", "svg", "pdf"]
FORMATS: tuple[ComparisonFormat, ...] = ("html", "png", "svg", "pdf")
SCALES: tuple[ScaleChoice, ...] = ("one", "own")
NOTEBOOK_SIZE = (960, 600)


def compare(
    *figures: Figure,
    titles: Sequence[str] | None = None,
    matrix: str | None = None,
    scale: ScaleChoice = "one",
) -> Comparison:
    """Figures side by side; see ``matcube.compare``.

    Args:
        figures: two to nine.
        titles: one for each figure.
        matrix: what the comparison is about.
        scale: one for each matrix, or each figure its own.
    """
    for at, each in enumerate(figures):
        if not isinstance(each, Figure):
            raise OptionError(
                f"compare takes figures, and number {at + 1} is {type(each).__name__}",
                hint='mc.compare(mc.figure("A @ B", A=a, B=b), mc.figure("A @ B", A=a, B=c))',
            )
    if not 2 <= len(figures) <= MOST_PANELS:
        raise OptionError(
            f"compare takes 2 to {MOST_PANELS} figures, not {len(figures)}", hint="mc.compare(fig_a, fig_b)"
        )
    given = [figure.title for figure in figures] if titles is None else bounded(titles, MOST_PANELS, "titles")
    if isinstance(titles, str) or len(given) != len(figures) or not all(isinstance(t, str) for t in given):
        raise OptionError(
            f"titles={titles!r} does not fit {len(figures)} figures", hint='titles=["before", "after"]'
        )
    if scale not in SCALES:
        raise OptionError(f"scale={scale!r} cannot be used", hint='scale="one", or scale="own"')
    made = Comparison(tuple(figures), tuple(given), matrix, scale)
    made._compared.subject  # noqa: B018  # what does not fit is said where it was made
    return made


@dataclass(frozen=True, eq=False)
class Comparison:
    """Several figures, matched by the names of their matrices; make one with ``matcube.compare``.

    Args:
        figures: two to nine; looks and camera are those of the first.
        titles: what the panels are called.
        matrix: what the comparison is about; None is the result.
        scale: one for each matrix in all panels, or each figure its own.

    Example:
        >>> import matcube as mc
        >>> a = mc.figure("C = A @ B", A=[[1, 2]], B=[[3], [4]])
        >>> b = mc.figure("C = A @ B", A=[[1, 2]], B=[[3], [5]])
        >>> mc.compare(a, b)
        <matcube comparison of 2 figures, C is 1 × 1 · A: C = A @ B · B: C = A @ B>
        >>> mc.compare(a, b).differences("C")[0].difference
        2.0
    """

    figures: tuple[Figure, ...]
    titles: tuple[str, ...]
    matrix: str | None = None
    scale: ScaleChoice = "one"

    @cached_property
    def _compared(self) -> Compared:
        views = tuple(figure.state for figure in self.figures)
        return Compared(views, tuple(figure._engine for figure in self.figures), self.matrix, self.scale)

    @cached_property
    def _panels(self) -> Panels:
        return panels_of(self._compared, self.titles)

    def __repr__(self) -> str:
        name, nodes, _ = self._compared.subject
        size = shape_text(self._compared.programs[0].graph[nodes[0]].shape)
        titles = " · ".join(
            f"{letter}: {title}" for letter, title in zip(LETTERS, self.titles, strict=False)
        )  # fmt: skip
        return f"<matcube comparison of {len(self.figures)} figures, {name} is {size} · {titles}>"

    @property
    def name(self) -> str:
        """The matrix that the comparison is about."""
        return self._compared.subject.name

    @property
    def names(self) -> tuple[str, ...]:
        """The matrices that all figures have: those of one name and one size, and the results."""
        return tuple(pair.name for pair in self._compared.matched if pair.is_named)

    def differences(self, name: str | None = None, *, top: int = 20, figure: str = "B") -> Differences:
        """The cells that differ most between the first figure and another, and what is said of all cells.

        Differences are computed in float64. First come cells that are finite in one figure alone, then those
        of the largest |B − A|; cells that are masked, or NaN, in both are counted and not listed.

        Args:
            name: of a matrix (``"attn"``), or of one head of it (``"attn[3]"``); None for what
                it is about.
            top: how many cells.
            figure: letter of the other figure.

        Returns:
            A list of (cell, labels, a, b, difference), a table when printed, with ``largest``, ``mean``,
            ``relative`` (√Σ(b − a)² / √Σa²), ``total``, ``differing``, ``nonfinite`` and ``alike``.

        Raises:
            OptionError: there is no such matrix in all figures, or no such figure.
            DataError: the matrix has a shape and no values.

        Example:
            >>> import matcube as mc
            >>> a = mc.figure("A", A=[[1.0, 2.0, 3.0]])
            >>> print(mc.compare(a, mc.figure("A", A=[[1.0, 2.5, 1.0]])).differences("A", top=1))
            A: Largest |B − A| 2; Cells that differ 2 of 3; Mean |B − A| 0.8333; Size of B − A against A 55 %
            cell      A    B  B − A
            [0, 2]  3.0  1.0   −2.0
        """
        letters = LETTERS[1 : len(self.figures)]
        if not isinstance(figure, str) or figure not in tuple(letters):
            raise unknown(str(figure), letters, what="figure beside A")
        if isinstance(top, bool) or not isinstance(top, int) or top < 0:
            raise OptionError(f"top={top!r} cannot be used", hint="a number of cells: top=20")
        return self._compared.differences(name, top=top, other=LETTERS.index(figure))

    # --- outputs ---------------------------------------------------------------------------------

    def to_html(self, *, size: tuple[int, int] = SIZE) -> str:
        """The self-contained page; ``size`` is that of the still picture in it, in pixels."""
        from matcube.outputs.html import comparison_page
        from matcube.session.compared import encoded

        comparison, scenes = self._panels
        return comparison_page(comparison, scenes=encoded(scenes), still=self.to_png(size=size))

    def to_png(self, *, size: tuple[int, int] = SIZE, scale: float = 1) -> bytes:
        """All panels as one picture, with the cells that differ most where there is room.

        Args:
            size: width and height in pixels.
            scale: pixels per pixel; 2 for print and sharp screens.
        """
        from matcube.outputs import still

        image = still.sheet(*self._panels, size=checked_size(size), zoom=checked_scale(scale))
        return still.png(image)

    def _on_paper(
        self, kind: Literal["svg", "pdf"], size: tuple[int, int], width_mm: float | None
    ) -> bytes:  # fmt: skip
        from matcube.outputs.still import paper, sheet_drawing

        drawing = sheet_drawing(*self._panels, size=checked_paper(size, width_mm))
        title = self._panels.comparison.title
        if kind == "pdf":
            return paper.pdf(drawing, width_mm=width_mm, title=title)
        return paper.svg(drawing, width_mm=width_mm, title=title).encode()

    def save(
        self,
        file: str | PathLike[str] | Writable,
        *,
        format: ComparisonFormat | None = None,
        size: tuple[int, int] = SIZE,
        scale: float = 1,
        width_mm: float | None = None,
    ) -> Path | None:
        """Save all panels as one page or one picture.

        Args:
            file: a path, or a binary stream.
            format: ``"html"``, ``"png"``, ``"svg"`` or ``"pdf"``; None is the ending of the path.
            size: of the picture, in pixels.
            scale: pixels per pixel of a PNG.
            width_mm: width on paper of SVG and PDF; 170 is a page of two columns.

        Returns:
            The path, or None for a stream.

        Raises:
            OptionError: another ending or format, or a size that cannot be drawn.
            DataError: the file cannot be written.
        """
        path = Path(file) if not hasattr(file, "write") else None
        form = format or (path.suffix.lower()[1:] if path is not None else None)
        if form not in FORMATS:
            raise OptionError(
                f"a comparison is not saved as {form!r}", hint=f"it writes {', '.join(FORMATS)}"
            )
        if path is not None and not path.parent.is_dir():
            raise DataError(f"there is no folder {path.parent}", hint="make it first")
        data = self._bytes(form, size, scale, width_mm)
        if path is not None:
            write_whole(path, data)
            return path
        if isinstance(file, io.TextIOBase):
            raise OptionError("a stream of text takes no bytes", hint='open it with "wb"')
        file.write(data)  # type: ignore[union-attr]
        return None

    def _bytes(self, form: str, size: tuple[int, int], scale: float, width_mm: float | None) -> bytes:
        match form:
            case "html":
                return self.to_html(size=size).encode()
            case "png":
                return self.to_png(size=size, scale=scale)
            case "svg" | "pdf" as kind:
                return self._on_paper(kind, size, width_mm)
        raise AssertionError(form)

    def show(self, *, port: int = 0, open_browser: bool = True, block: bool | None = None) -> Handle:
        """Serve the page to this machine's browser, and open it; see ``Figure.show``.

        Args:
            port: 0 takes a free one.
            open_browser: open the browser, where there is a display.
            block: whether to wait here until Ctrl-C; None waits at the end of a script alone.

        Returns:
            A handle with ``url``, ``close()`` and ``wait()``; in a ``with`` block it closes at the end.
        """
        from matcube.outputs.server import start

        return start(self.session(), port=port, open_browser=open_browser, block=block)

    def session(self) -> ComparedSession:
        """What a server sends of this comparison."""
        from matcube.session.compared import ComparedSession

        return ComparedSession(*self._panels, self.to_png())

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """What a notebook shows: the page in a frame, and a picture of it."""
        from matcube.outputs.notebook import bundle, wanted_forms

        return bundle(
            title=self._panels.comparison.title,
            page=lambda: self.to_html(size=NOTEBOOK_SIZE),
            still=lambda: self.to_png(size=NOTEBOOK_SIZE),
            text=repr(self),
            forms=wanted_forms(include, exclude),
            height=760,
        )
