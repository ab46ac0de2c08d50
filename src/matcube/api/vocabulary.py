"""Options with a fixed vocabulary, for type checkers; a test compares each with the rows of its table."""

from __future__ import annotations

from typing import Literal

Scheme = Literal["blocks", "zigzag", "wheel", "custom"]
Algorithm = Literal["none", "dot_row", "dot_col", "vmprod", "mvprod", "outer", "axpy", "online", "tiled"]
Fusion = Literal["none", "sync", "async", "decode"]
Theme = Literal["dark", "light", "auto"]
Palette = Literal["glow", "hue", "blue-orange", "purple-green", "grey"]
Sensitivity = Literal["robust", "local", "semilocal", "global", "superlocal"]
Format = Literal["html", "png", "svg", "pdf", "json", "gif", "mp4"]
Count = Literal["multiply_add", "multiply", "each_operation"]
Preset = Literal["data", "megatron", "sequence", "blockwise", "ring", "fsdp", "expert"]
