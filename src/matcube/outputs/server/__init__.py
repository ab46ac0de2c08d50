"""The server of a figure on the loopback address: one page, one reader, one request at a time."""

from matcube.outputs.server.run import Handle, serve, start
from matcube.outputs.server.source import Source

__all__ = ["Handle", "Source", "serve", "start"]
