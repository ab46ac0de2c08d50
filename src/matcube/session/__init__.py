"""One live page: edits, rewrites, tiles, presets, and the options that an edit retains.

Works on a view and an engine; used by ``api`` and served by ``outputs.server``.
"""

from matcube.session.session import Session

__all__ = ["Session"]
