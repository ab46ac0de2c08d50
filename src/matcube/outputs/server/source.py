"""The interface between the server and the session that answers it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from matcube.wire import Problem


class Source(Protocol):
    """The figure behind a server. Its methods are called one at a time, from a worker thread.

    Long ones ask ``limits.check_stop`` between their steps.
    """

    @property
    def title(self) -> str:
        """The title of the page."""
        ...

    @property
    def doing(self) -> str:
        """What the present answer is being made of, in words; asked while another thread makes it."""
        ...

    def initial(self) -> bytes:
        """The scene bytes of the first picture."""
        ...

    def answer(self, request: bytes) -> bytes | Problem:
        """Scene bytes for a request in JSON, or the problem with it."""
        ...

    def still(self) -> bytes:
        """The first picture as PNG, for browsers without WebGL."""
        ...


@runtime_checkable
class Described(Source, Protocol):
    """A source whose page carries everything that it shows: several figures side by side."""

    @property
    def blocks(self) -> str:
        """Data blocks of the page, as HTML."""
        ...
