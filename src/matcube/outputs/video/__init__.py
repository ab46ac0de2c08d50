"""Film files: GIF by Pillow, MP4 by the optional PyAV."""

from matcube.outputs.video.encode import check_mp4, gif, mp4

__all__ = ["check_mp4", "gif", "mp4"]
