"""The frames of a figure's film, drawn one by one by the still renderer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from matcube.errors import OptionError
from matcube.limits import steps
from matcube.values import Progress
from matcube.wire.container import Scene

if TYPE_CHECKING:
    from PIL import Image


MAX_FRAMES = 20_000
HINT = 'choose an algorithm: fig.animate("vmprod")'


def frames_of(
    scene: Scene, *, size: tuple[int, int], seconds: float, fps: float, progress: Progress | None
) -> Iterator[Image.Image]:
    """Pictures of the film at even times from its beginning to its end.

    Args:
        scene: of a figure that plays.
        size: width and height in pixels.
        seconds: how long the film lasts.
        fps: frames per second.
        progress: called after every frame with how many are done, how many there are, and what they are.

    Raises:
        OptionError: nothing plays, or there are no or too many frames.
    """
    count = _count(seconds, fps)
    film = scene.head.film
    if film is None:
        raise OptionError("nothing plays in this figure", hint=HINT)
    times = [film.duration * at / max(count - 1, 1) for at in range(count)]
    return _frames(scene, times, size, progress)


def _frames(
    scene: Scene, times: list[float], size: tuple[int, int], progress: Progress | None
) -> Iterator[Image.Image]:
    from matcube.outputs import still

    cache = still.FrameCache()
    view = scene.head.view
    for done, t in enumerate(steps(times), start=1):
        now = msgspec.structs.replace(view, film=msgspec.structs.replace(view.film, t=t))
        yield still.render(scene.head, scene.buffers, size=size, view=now, cache=cache)
        if progress is not None:
            progress(done, len(times), "frames of the film")


def _count(seconds: float, fps: float) -> int:
    for name, value, most in (("seconds", seconds, 3600.0), ("fps", fps, 120.0)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            raise OptionError(f"{name}={value!r} cannot be used", hint=f"a number above 0, up to {most:g}")
    count = max(1, round(seconds * fps))
    if count > MAX_FRAMES:
        raise OptionError(
            f"{count:,} frames are too many", hint=f"at most {MAX_FRAMES:,}: fewer seconds or fps"
        )
    return count
