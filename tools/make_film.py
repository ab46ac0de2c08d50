"""Make docs/head.mp4: an attention head at work, one token at a time.

    python -m tools.make_film [OUT.mp4] [--still SECONDS OUT.png]

The head, its input and the tokens are those of the bundled demo (SmolLM2-135M, layer 18, head 6; see
src/matcube/data/NOTICE): the first three verses of a nursery rhyme. K and V are there from the start; each
token then goes from x through Q, its row of attn and attn @ V to its row of out, as one fused chain of
vector–matrix products. The camera comes near, and goes back at the end. Above the picture are the tokens:
white the one whose row of attn was made last, and those before it as bright as the weights of that row. The
same bytes come out every time, with the same versions of NumPy, Pillow and PyAV.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import matcube as mc
from matcube.api.demo import demo
from matcube.api.figure import Figure
from matcube.outputs import still, video
from matcube.outputs.files import write_whole
from matcube.outputs.still.text import font, readable
from matcube.playback import steps
from matcube.wire import Camera, Film, View
from matcube.wire.container import Scene

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "head.mp4"
PROGRAM = "Q = rope(x @ wQ, base=100000); out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
TOKENS = 43  # three verses
SIZE = (1280, 720)
SECONDS, FPS = 10.0, 30.0

PLAYS = (0.7, 9.2)  # seconds from which and to which the film runs
COMES, GOES = (0.6, 2.4), (8.3, 9.6)  # the camera's ways
FADE_SECS = 0.3

TEXT_PX, LINE_PX, TEXT_AT = 16.0, 25, (44, 30)
FAINT, BRIGHT, WHITE = np.array([112, 116, 124]), np.array([74, 163, 255]), (255, 255, 255)


class Shot(NamedTuple):
    """What all frames share: the scene, the cameras from afar and near, tokens, and the weights (i, j)."""

    scene: Scene
    film: Film
    far: Camera
    near: Camera
    tokens: tuple[str, ...]
    weights: NDArray[np.float32]


def head(count: int) -> Figure:
    """The demo head on its first tokens, with K and V as they come out of the whole figure."""
    whole = demo()
    axis = next(axis for axis in whole.scene().head.axes if axis.labels)
    names = (axis.labels or [])[:count]
    rows = {name: whole.value(name)[:count] for name in ("x", "K", "V")}
    weights = {name: whole.value(name) for name in ("wQ", "wO")}
    labels = {f"{name}.rows": names for name in rows}
    return mc.figure(PROGRAM, labels=labels, **rows, **weights)


def shot() -> Shot:
    """The figure as it plays, with its two cameras."""
    figure = head(TOKENS).animate("vmprod", fuse="async").style(arrows=False)
    near = figure.view(target="attn", yaw=-24, pitch=23, distance=270.0)
    far = figure.view(yaw=-29, pitch=24)
    cameras = [one.state.camera for one in (far, near)]
    assert figure.film is not None and cameras[0] is not None and cameras[1] is not None
    scene = figure.scene()
    names = next(axis.labels for axis in scene.head.axes if axis.labels)
    return Shot(scene, figure.film, cameras[0], cameras[1], tuple(names or ()), figure.value("attn"))


def frames(made: Shot, times: Sequence[float]) -> Iterator[Image.Image]:
    """The picture at each of these seconds."""
    kept = still.FrameCache()
    for done, seconds in enumerate(times, start=1):
        yield frame(made, seconds, kept)
        print(f"\r{done} of {len(times)} frames", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def frame(made: Shot, seconds: float, kept: still.FrameCache) -> Image.Image:
    """One picture; legends fade in while the camera rests, and out while it moves."""
    t = made.film.duration * _share(seconds, PLAYS)
    near = _eased(_share(seconds, COMES)) - _eased(_share(seconds, GOES))
    view = _view(made, t, between(made.far, made.near, near))
    seen = _legends(seconds)
    picture = _drawn(made, view, kept, has_legends=seen > 0)
    if 0 < seen < 1:
        picture = Image.blend(_drawn(made, view, kept, has_legends=False), picture, seen)
    write_tokens(picture, made, steps.done(made.film.sweeps[1], t) - 1)
    return picture


def _view(made: Shot, t: float, camera: Camera) -> View:
    view = made.scene.head.view
    return msgspec.structs.replace(view, camera=camera, film=msgspec.structs.replace(view.film, t=t))


def _drawn(made: Shot, view: View, kept: still.FrameCache, *, has_legends: bool) -> Image.Image:
    style = msgspec.structs.replace(view.style, legends=has_legends, letters=has_legends)
    now = msgspec.structs.replace(view, style=style)
    shared = kept if has_legends else still.FrameCache(sheets=kept.sheets)
    return still.render(made.scene.head, made.scene.buffers, size=SIZE, view=now, cache=shared)


def between(one: Camera, other: Camera, share: float) -> Camera:
    """A camera on the way from one to another; distances in equal ratios."""
    x, y, z = (a + (b - a) * share for a, b in zip(one.target, other.target, strict=True))
    return Camera(
        target=(x, y, z),
        yaw=one.yaw + (other.yaw - one.yaw) * share,
        pitch=one.pitch + (other.pitch - one.pitch) * share,
        distance=one.distance ** (1 - share) * other.distance**share,
    )


def write_tokens(picture: Image.Image, made: Shot, row: int) -> None:
    """The text over the picture, a verse a line, lit by row ``row`` of the weights; none below 0."""
    draw = ImageDraw.Draw(picture)
    (x, y), letters = TEXT_AT, font(TEXT_PX)
    for place, token in enumerate(made.tokens):
        if "\n" in token:
            is_next = place + 1 < len(made.tokens) and "\n" not in made.tokens[place + 1]
            (x, y) = (TEXT_AT[0], y + LINE_PX) if is_next else (x, y)
            continue
        weight = float(made.weights[row, place]) ** 0.5 if 0 <= place < row else 0.0
        ink = tuple(np.rint(FAINT + (BRIGHT - FAINT) * weight).astype(int).tolist())
        word = readable(token)
        draw.text((x, y), word, font=letters, fill=WHITE if place == row else ink)
        x += round(letters.getlength(word))


def _share(seconds: float, span: tuple[float, float]) -> float:
    return min(max((seconds - span[0]) / (span[1] - span[0]), 0.0), 1.0)


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)


def _legends(seconds: float) -> float:
    """How much of the legends is seen: all at rest, none while the camera moves."""
    if seconds < COMES[1]:
        return 1 - _share(seconds, (COMES[0] - FADE_SECS, COMES[0])) if seconds < COMES[0] else 0.0
    if seconds < GOES[1]:
        comes = _share(seconds, (COMES[1], COMES[1] + FADE_SECS))
        return min(comes, 1 - _share(seconds, (GOES[0] - FADE_SECS, GOES[0])))
    return _share(seconds, (GOES[1], GOES[1] + FADE_SECS))


def main(arguments: Sequence[str]) -> None:
    """Write the film, or one frame of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", nargs="?", type=Path, default=OUT)
    parser.add_argument("--still", type=float, metavar="SECONDS", help="one frame as a picture instead")
    given = parser.parse_args(arguments)
    made = shot()
    if given.still is not None:
        picture = io.BytesIO()
        frame(made, given.still, still.FrameCache()).save(picture, format="PNG")
        write_whole(given.out, picture.getvalue())
        return
    count = round(SECONDS * FPS)
    data = video.mp4(frames(made, [n / FPS for n in range(count)]), fps=FPS)
    write_whole(given.out, data)
    print(f"wrote {given.out.name}, {len(data):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
