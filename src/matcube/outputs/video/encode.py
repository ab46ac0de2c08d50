"""Encoders: frames to the bytes of a film file."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

from PIL import Image

from matcube.errors import DataError

_CRF = "20"  # of x264: visually lossless is about 18


def gif(frames: Iterator[Image.Image], *, fps: float, loop: bool = True) -> bytes:
    """An animated GIF; each frame has its own 256 colours.

    Args:
        frames: pictures of one size.
        fps: frames per second; a GIF counts in hundredths of a second.
        loop: begin again at the end.
    """
    out = io.BytesIO()
    quantised = map(_of_256_colours, frames)
    first = next(quantised)
    again = {"loop": 0} if loop else {}
    first.save(
        out, format="GIF", save_all=True, append_images=quantised, duration=round(100 / fps) * 10,
        disposal=1, optimize=False, **again,
    )  # fmt: skip
    return out.getvalue()


def mp4(frames: Iterator[Image.Image], *, fps: float) -> bytes:
    """An H.264 film in an MP4 file.

    Args:
        frames: pictures of one size, both sides even.
        fps: frames per second.

    Raises:
        DataError: PyAV is not installed, or there is no room for the film.
    """
    check_mp4()
    import av

    first = next(frames)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "film.mp4"  # a file, because faststart moves the index to its start
            with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
                stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
                stream.width, stream.height = first.size
                stream.pix_fmt = "yuv420p"
                stream.options = {"crf": _CRF, "preset": "medium"}
                for frame in chain([first], frames):
                    container.mux(stream.encode(av.VideoFrame.from_image(frame)))
                container.mux(stream.encode())
            return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the film cannot be encoded in {tempfile.gettempdir()}: {error.strerror or error}",
            hint="make room there, or set TMPDIR to another folder",
        ) from None


def check_mp4() -> None:
    """Check for a video encoder, before anything is drawn.

    Raises:
        DataError: PyAV is not installed.
    """
    try:
        import av  # noqa: F401
    except ImportError:
        raise DataError(
            "an MP4 needs a video encoder, which is not installed",
            hint="pip install 'matcube[video]', or save a .gif, which needs nothing more",
        ) from None


def _of_256_colours(frame: Image.Image) -> Image.Image:
    return frame.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
