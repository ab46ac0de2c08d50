"""Run the server: in the foreground for the command line, in a thread for Python."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import sys
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType

import uvicorn

from matcube.errors import OptionError
from matcube.errors.values import switch
from matcube.outputs.server.app import build
from matcube.outputs.server.enter import hear_enter, terminal
from matcube.outputs.server.guard import LOOPBACK, Keys
from matcube.outputs.server.opener import Opener
from matcube.outputs.server.patience import PatientProtocol
from matcube.outputs.server.source import Source

_interrupted = Event()  # Ctrl-C at the end of a script, for all figures that wait there


class _Server(uvicorn.Server):
    """A server with a callback for when it listens, and an event for when it ends."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None], ending: Event) -> None:
        super().__init__(config)
        self._listening = listening
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C: end, and let work that is under way stop."""
        self._ending.set()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call back."""
        await super().startup(sockets=sockets)
        self._listening()


class Handle:
    """A served figure.

    Example:
        >>> handle = fig.show(open_browser=False)  # doctest: +SKIP
        >>> handle.url  # doctest: +SKIP
        'http://matcube-0f6c1e8a52b94d37.localhost:40123/?token=...'
        >>> handle.close()  # doctest: +SKIP
    """

    def __init__(self, source: Source, *, port: int = 0) -> None:
        self._socket = _bind(port)
        self.port: int = self._socket.getsockname()[1]
        self._keys = Keys(port=self.port)
        self._ready = Event()
        self._ending = Event()
        self._stopped = Event()
        config = uvicorn.Config(
            build(source, keys=self._keys, ending=self._ending),
            http=PatientProtocol,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config, self._ready.set, self._ending)
        self._thread: Thread | None = None
        self._opener = Opener()

    def __repr__(self) -> str:
        return f"<matcube at {LOOPBACK}:{self.port}>"

    @property
    def url(self) -> str:
        """An address that opens the page once, in one browser; then a new one."""
        return f"{self._keys.origin}/?token={self._keys.token()}"

    def open(self, fragment: str = "") -> bool:
        """Open the page in the reader's browser; False without a display or a browser."""
        return self._opener.open(self.url + fragment)

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve here until Ctrl-C."""
        self._server._listening = on_ready
        try:
            with contextlib.suppress(KeyboardInterrupt):
                self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self._opener.close()

    def start(self) -> None:
        """Serve in a thread that ends with the program."""
        self._thread = Thread(target=self._serve, name="matcube", daemon=True)
        self._thread.start()
        if not self._ready.wait(timeout=10):
            raise OptionError(f"the server at {LOOPBACK}:{self.port} did not start")

    def __enter__(self) -> Handle:
        """The handle itself: ``with fig.show() as handle:``."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self.close()

    def wait(self) -> None:
        """Wait until Ctrl-C, then stop; for scripts, which would otherwise end, and the server with them."""
        with contextlib.suppress(KeyboardInterrupt):
            self._wait_until_stopped()
        self.close()

    def wait_at_exit(self) -> None:
        """Wait at the end of a script; Ctrl-C ends all figures that wait there."""
        try:
            if not _interrupted.is_set():
                self._wait_until_stopped()
        except KeyboardInterrupt:
            _interrupted.set()
        self.close()

    def close(self) -> None:
        """Stop serving; a second call does nothing."""
        atexit.unregister(self.wait_at_exit)
        self._ending.set()
        self._server.should_exit = True
        if self._thread is not None:
            self._stopped.wait(timeout=10)
            self._thread = None
        self._socket.close()
        self._opener.close()

    def _serve(self) -> None:
        """What the thread does."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._stopped.set()

    def _wait_until_stopped(self) -> None:
        # An event: Ctrl-C in Thread.join makes Python 3.11 take a running thread for one that has ended.
        while self._thread is not None and not self._stopped.wait(timeout=0.5):
            pass


def serve(
    source: Source,
    *,
    fragment: str = "",
    port: int = 0,
    open_browser: bool = True,
    meanwhile: Callable[[], None] | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve in the foreground until Ctrl-C; Enter prints a fresh address.

    Args:
        source: the figure.
        fragment: ``#m1....``, the first view of the page, or "".
        port: 0 for a free one.
        open_browser: open the address in the reader's browser, if there is a display.
        meanwhile: work that is done while the figure is served already.
        say: called with each line of output.

    Raises:
        OptionError: the port is taken or not allowed.
    """
    handle = Handle(source, port=port)
    keyboard = terminal()

    def address() -> None:
        say(f"matcube is at {handle.url}{fragment}")

    def ready() -> None:
        address()
        opened = open_browser and handle.open(fragment)
        keys = "Ctrl-C ends it." if keyboard is None else "Enter prints a fresh address, Ctrl-C ends it."
        say(f"It opens in your browser. {keys}" if opened else f"Open the address. {keys}")
        if keyboard is not None:
            hear_enter(keyboard, address, handle._ending)

    if meanwhile is None:
        handle.run(ready)
        return
    with handle:
        handle.start()
        ready()
        meanwhile()
        handle.wait()


def start(
    source: Source,
    *,
    fragment: str = "",
    port: int = 0,
    open_browser: bool = True,
    block: bool | None = False,
    say: Callable[[str], None] = print,
) -> Handle:
    """Serve in a thread, for Python programs and the interactive shell.

    Args:
        source: who answers.
        fragment: ``#m1....``, the state that the page opens with, or "".
        port: 0 takes a free one.
        open_browser: open the address in the reader's browser, where there is a display.
        block: wait here until Ctrl-C; None waits at the end of a script.
        say: called with the address when no browser opens.

    Returns:
        A handle with ``url`` and ``close()``; the thread ends with the program.

    Raises:
        OptionError: the port is taken or not allowed.
    """
    block = None if block is None else switch(block, "block")
    open_browser = switch(open_browser, "open_browser")
    handle = Handle(source, port=port)
    handle.start()
    if open_browser and not handle.open(fragment):
        say(f"matcube is at {handle.url}{fragment}")
    if block:
        handle.wait()
    elif block is None and not is_interactive():
        atexit.register(handle.wait_at_exit)
    return handle


def is_interactive() -> bool:
    """Whether Python runs on after the last line of the program: in a shell, or in a notebook."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive) or "ipykernel" in sys.modules


def _bind(port: int) -> socket.socket:
    if not isinstance(port, int):
        raise OptionError(f"a port is a whole number, not {port!r}", hint="0 takes a free one")
    if not 0 <= port <= 65535:
        raise OptionError(f"port {port} is out of its range", hint="0 to 65535; 0 takes a free one")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise OptionError(
            f"port {port} cannot be used: {error.strerror or error}",
            hint="port=0 takes a free one",
        ) from None
    return listener
