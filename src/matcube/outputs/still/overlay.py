"""Overlay in the corners of a picture: the program, and the colour bar with its scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from matcube.outputs.still.text import Run, rgb, shortened, width_of, write
from matcube.playback.colour import linear_from_srgb, split, srgb_from_linear
from matcube.playback.home import is_softmax
from matcube.playback.ink import Look
from matcube.playback.labels import Rect, covers, overlap
from matcube.playback.moment import Moment
from matcube.playback.outlines import Outline
from matcube.playback.visible import Shown
from matcube.wire import Matrix, Scale, Theme

SMALL_PX = 11.0
LINE = 15
PAD = 14
BALLS = 11
BALL_PX, LEAST_BALL_PX, PER_BALL = 22, 12, 40  # by the width of the picture
LEAST_ROOM = 170  # pixels of a line beside a small bar
LEAST_SIZE = (300, 300)
NARROW = 640
UNITY = "1.0"
VEIL = 0.7  # opacity of the ground behind the bar


@dataclass(frozen=True)
class Bar:
    """The texts of the colour bar, its rectangle, and what its dots look like."""

    lines: tuple[tuple[Run, ...], ...]
    ends: tuple[str, str]
    rect: Rect
    ball_px: int
    look: Look
    unity: float | None  # where 1.0 of a softmax is, of the way from 0 to the right end


def draw_corners(
    image: Image.Image, shown: Shown, program: str, *,
    outlines: Sequence[Outline] = (), moment: Moment | None = None, clear: bool = False,
    zoom: float = 1.0,
) -> list[Rect]:  # fmt: skip
    """Draw the colour bar and the program, beside the result.

    Args:
        image: the picture; changed.
        shown: the visible part of the scene.
        program: its text, for a scene without a title.
        outlines: of the faces.
        moment: of the film, or None at rest.
        clear: leave out a colour bar that would lie on a face.
        zoom: pixels of the picture per pixel.

    Returns:
        The rectangles that they cover, before the zoom.
    """
    width, height = (round(side / zoom) for side in image.size)
    if width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
        return []
    taken = []
    root = shown.layout.root_face
    bar = bar_of(shown, (width, height), moment or Moment())
    bar = bar and placed_bar(bar, outlines, root, width, clear=clear)
    if bar is not None:
        _draw_bar(image, shown, bar, zoom)
        taken.append(bar.rect)
    text = shown.head.title or " ".join(program.split())
    if text:
        taken += _draw_program(image, text, shown.theme, bar, (outlines, root), zoom)
    return taken


def placed_bar(
    bar: Bar, outlines: Sequence[Outline], root: int, width: int, *, clear: bool = False
) -> Bar | None:
    """The bar in the corner with the fewest faces under it, never on the result; lower right first.

    Args:
        bar: in the lower right corner.
        outlines: of the faces.
        root: id of the result's face.
        width: of the picture, pixels.
        clear: leave it out where it would lie on any face.
    """
    across, down = (width - PAD - bar.rect.w, PAD), (bar.rect.y, PAD + LINE)
    corners = [replace(bar, rect=replace(bar.rect, x=x, y=y)) for y in down for x in across]

    def under(corner: Bar) -> list[int]:
        return [outline.face.id for outline in outlines if covers(outline.polygon, corner.rect)]

    free = [corner for corner in corners if not (under(corner) if clear else root in under(corner))]
    return min(free, key=lambda corner: len(under(corner)), default=None)


def _draw_program(
    image: Image.Image,
    text: str,
    theme: Theme,
    bar: Bar | None,
    faces: tuple[Sequence[Outline], int],
    zoom: float,
) -> list[Rect]:
    """The title or the program in a single line at the lower left, else at the top, where it is on no face.

    In a picture of some width it may be on a face that is not the result; a small picture has none then.
    """
    width, height = (round(side / zoom) for side in image.size)
    narrow = width < NARROW
    beside = not narrow and bar is not None and bar.rect.x > PAD and bar.rect.y > height / 2
    room = width - 2 * PAD - (width - bar.rect.x if bar is not None and beside else 0)
    text = shortened(text, room, SMALL_PX + 1)
    below = not narrow and (bar is None or beside or bar.rect.y < height / 2)
    middles = (height - PAD - 4, PAD + 4) if below else (PAD + 4, height - PAD - 4)
    places = [Rect(PAD, middle - LINE / 2, width_of(text, SMALL_PX + 1), LINE) for middle in middles]
    outlines, root = faces

    def under(rect: Rect) -> list[int]:
        return [outline.face.id for outline in outlines if covers(outline.polygon, rect)]

    beside_bar = [rect for rect in places if bar is None or not overlap(rect, bar.rect)]
    free = [rect for rect in beside_bar if not (under(rect) if narrow else root in under(rect))]
    rect = min(free, key=lambda rect: len(under(rect)), default=None)
    if rect is None:
        return []
    run = (Run(text, theme.muted),)
    middle = rect.y + LINE / 2
    write(image, run, left=PAD, middle=middle, px=SMALL_PX + 1, ground=theme.ground, zoom=zoom)
    return [rect]


def bar_of(shown: Shown, size: tuple[int, int], moment: Moment) -> Bar | None:
    """The colour bar, in the lower right corner; None if no matrix has values.

    Args:
        shown: the visible part of the scene.
        size: of the picture, pixels.
        moment: of the film.
    """
    matrix = _subject(shown)
    if matrix is None:
        return None
    (width, height), theme = size, shown.theme
    matrix, raw = _at_moment(matrix, shown, moment)
    scale, contrast = _scale(matrix, shown), shown.style.contrast
    full = scale.hi / contrast
    special = _special(shown)
    if special:
        special = (Run("at the end: ", theme.muted), *special) if moment.faces else special
    ball_px = round(min(max(width / PER_BALL, LEAST_BALL_PX), BALL_PX))
    wide = max(BALLS * ball_px + 40, LEAST_ROOM, sum(width_of(run.text, SMALL_PX) for run in special))
    room = min(width - 2 * PAD, wide)
    from_text = f"; nothing below {number(scale.lo / contrast)}" if scale.lo > 0 else ""
    brightest = f", brightest: {number(full)}{from_text}"
    name = shortened(matrix.name, room - width_of(brightest, SMALL_PX), SMALL_PX)
    lines: list[tuple[Run, ...]] = [(Run(name + brightest, theme.text),)]
    if raw is not None:
        sums = f", brightest: {number(_scale(raw, shown).hi / contrast)}"
        name = shortened(f"raw sums, {raw.name}", room - width_of(sums, SMALL_PX), SMALL_PX)
        lines.append((Run(name + sums, theme.text),))
    lines += [special] if special else []
    tall = ball_px + LINE * (len(lines) + 1)
    unity = (contrast - scale.lo) / (scale.hi - scale.lo) if is_softmax(matrix) else None
    most = f"{number(full)} … 1.0" if unity is not None and unity > 1 else number(full)
    rect = Rect(width - PAD - room, height - PAD - tall, room, tall)
    look = shown.look_of(matrix.node)
    return Bar(
        tuple(lines), (number(-full), most), rect, ball_px, look, unity if unity and unity < 1 else None
    )


def bar_texts(bar: Bar) -> list[tuple[str, float]]:
    """The texts under the dots of a bar, each with its left edge in the picture."""
    rect, span = bar.rect, BALLS * bar.ball_px
    left, half = round(rect.x + rect.w - span), bar.ball_px / 2
    middle, reach = left + span / 2, span / 2 - half
    wanted = [(bar.ends[0], left + half), ("0", middle), (bar.ends[1], left + span - half)]
    result = []
    for text, at in wanted:
        wide = width_of(text, SMALL_PX)
        result.append((text, min(max(at - wide / 2, rect.x), rect.x + rect.w - wide)))
    if bar.unity is not None:
        start = middle + reach * bar.unity - width_of(UNITY, SMALL_PX) / 2
        if start > middle + 10 and start + width_of(UNITY, SMALL_PX) + 6 < result[-1][1]:
            result.append((UNITY, start))
    return result


def tick_of(bar: Bar) -> float | None:
    """Where the line at 1.0 is across the picture; None where it is not marked."""
    if bar.unity is None:
        return None
    left = round(bar.rect.x + bar.rect.w - BALLS * bar.ball_px)
    return left + bar.ball_px * (BALLS / 2 + (BALLS - 1) / 2 * bar.unity)


def _scale(matrix: Matrix, shown: Shown) -> Scale:
    name = matrix.pooled.sensitivity if matrix.pooled else ""
    return matrix.scales[name] if name in matrix.scales else shown.scale(matrix.node)


def _at_moment(matrix: Matrix, shown: Shown, moment: Moment) -> tuple[Matrix, Matrix | None]:
    """The matrices with the scales of a face: its own, that of raw sums, or both."""
    layers = [
        layer for face in shown.faces if face.node == matrix.node for layer in moment.faces.get(face.id, ())
        if layer.seen.any()
    ]  # fmt: skip
    raw = next((shown.matrices[layer.node] for layer in layers if layer.node != matrix.node), None)
    has_own = any(layer.node == matrix.node for layer in layers)
    return (matrix, raw) if has_own or raw is None else (raw, None)


def _subject(shown: Shown) -> Matrix | None:
    """The matrix of the bar's scale: the selected matrix, else the root, else the first with values."""
    root = shown.by_id.get(shown.layout.root_face)
    visible = [face.node for face in shown.faces]
    for node in (shown.selected, root and root.node, *visible):
        if node in visible:
            matrix = shown.matrices[node]
            if not matrix.hollow and matrix.rows * matrix.cols:
                return matrix
    return None


def _special(shown: Shown) -> tuple[Run, ...]:
    """Counts of NaN, infinite and masked cells over the visible matrices, each in its own colour."""
    ink = shown.ink
    stats = [s for n in {f.node for f in shown.faces} if (s := shown.matrices[n].stats) is not None]
    rows = (
        ("NaN", ink.nan, sum(s.nan for s in stats)),
        ("+Inf", ink.pos_inf, sum(s.pos_inf for s in stats)),
        ("−Inf", ink.neg_inf, sum(s.neg_inf for s in stats)),
        ("masked", shown.theme.muted, sum(s.masked for s in stats)),
    )
    return tuple(Run(f"● {count} {name}   ", colour) for name, colour, count in rows if count)


def _draw_bar(image: Image.Image, shown: Shown, bar: Bar, zoom: float) -> None:
    rect, theme = bar.rect, shown.theme
    span = BALLS * bar.ball_px
    veil(image, rect, theme, zoom)
    left = round(rect.x + rect.w - span)
    _draw_balls(image, shown, bar.look, left * zoom, rect.y * zoom, bar.ball_px * zoom)
    middle = rect.y + bar.ball_px + LINE / 2
    if (tick := tick_of(bar)) is not None:
        line = Image.new("RGB", (max(1, round(zoom)), round(bar.ball_px * zoom)), rgb(theme.text))
        image.paste(line, (round((tick - 0.5) * zoom), round(rect.y * zoom)))
    for text, at in bar_texts(bar):
        run = (Run(text, theme.muted),)
        write(image, run, left=round(at), middle=middle, px=SMALL_PX, ground=theme.ground, zoom=zoom)
    for n, runs in enumerate(bar.lines):
        wide = sum(width_of(run.text, SMALL_PX) for run in runs)
        write(
            image, runs, left=round(rect.x + rect.w - wide), middle=middle + LINE * (n + 1),
            px=SMALL_PX, ground=theme.ground, zoom=zoom,
        )  # fmt: skip


def veil(image: Image.Image, rect: Rect, theme: Theme, zoom: float) -> None:
    """The ground over most of what a rectangle covers; a text on it can be read.

    Args:
        image: the picture; changed.
        rect: before the zoom.
        theme: with the ground.
        zoom: pixels of the picture per pixel.
    """
    x, y = round(rect.x * zoom), round(rect.y * zoom)
    behind = image.crop((x, y, x + round(rect.w * zoom), y + round(rect.h * zoom)))
    image.paste(Image.blend(behind, Image.new("RGB", behind.size, rgb(theme.ground)), VEIL), (x, y))


def _draw_balls(image: Image.Image, shown: Shown, look: Look, left: float, top: float, step: float) -> None:
    """A dot for each step from the most negative to the most positive value."""
    px = max(1, round(step))
    grid = (np.arange(px, dtype=np.float32) + 0.5) / px - 0.5
    x, y = (side.ravel().astype(np.float32) for side in np.meshgrid(grid, -grid))
    pixel = np.full(x.size, 1 / px, np.float32)
    ground = linear_from_srgb(split(shown.theme.ground))
    for n in range(BALLS):
        value = 2 * n / (BALLS - 1) - 1
        size = np.array([abs(value)])
        area = float(look.area(size)[0])
        if value == 0:
            continue
        colour = look.dot(size, positive=value > 0)[0]
        cover = np.clip((np.sqrt(area / np.pi) - np.hypot(x, y)) / pixel + 0.5, 0.0, 1.0)
        out = srgb_from_linear(np.clip(ground + (colour - ground) * cover[:, None], 0, 1))
        tile = np.rint(out * 255).astype(np.uint8).reshape(px, px, 3)
        image.paste(Image.fromarray(tile), (round(left + n * step), round(top)))


def number(value: float) -> str:
    """Four digits, with a real minus sign.

    Example:
        >>> number(-0.000123456)
        '−0.0001235'
    """
    return f"{value:.4g}".replace("-", "−")
