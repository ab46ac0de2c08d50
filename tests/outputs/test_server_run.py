"""The server: start, stop, ports, and the browser."""

import atexit
import threading
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import pytest

from matcube.errors import OptionError
from matcube.outputs.server import run as running
from matcube.outputs.server import start
from matcube.outputs.server.opener import Opener
from matcube.wire import Problem


class Fake:
    """A source that has one answer."""

    title = "A @ B"
    doing = ""

    def initial(self) -> bytes:
        return b"first scene"

    def still(self) -> bytes:
        return b"picture"

    def answer(self, request: bytes) -> bytes | Problem:
        return request


@pytest.fixture
def source():
    return Fake()


@pytest.fixture
def handle(source):
    served = start(source, open_browser=False)
    yield served
    served.close()


def test_it_listens_on_loopback_only(handle):
    assert handle._socket.getsockname()[0] == "127.0.0.1"


def test_close_ends_it_and_frees_the_port(source):
    served = start(source, open_browser=False)
    url, port = served.url, served.port
    served.close()
    served.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    again = start(source, port=port, open_browser=False)
    assert again.port == port
    again.close()


def test_a_taken_port_is_a_plain_error(handle, source):
    with pytest.raises(OptionError, match=f"port {handle.port} cannot be used"):
        start(source, port=handle.port, open_browser=False)
    with pytest.raises(OptionError, match="out of its range"):
        start(source, port=70000, open_browser=False)
    with pytest.raises(OptionError, match="a whole number, not '80'"):
        start(source, port="80", open_browser=False)  # type: ignore[arg-type]


def test_the_thread_ends_with_the_program(handle):
    (thread,) = [
        thread for thread in threading.enumerate() if thread.name == "matcube" and thread is handle._thread
    ]
    assert thread.daemon


def test_the_browser_opens_at_the_token_with_the_fragment(source, monkeypatch):
    opened: list[str] = []
    pages: list[tuple[str, int]] = []

    def browser(url: str) -> bool:
        opened.append(url)
        page = Path(url2pathname(urlsplit(url).path))
        pages.append((page.read_text(encoding="utf-8"), page.parent.stat().st_mode & 0o077))
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", browser)
    served = start(source, fragment="#m1.abc")
    address = served.url + "#m1.abc"
    served.close()
    (url,), ((page, others),) = opened, pages
    assert url.startswith("file:") and "token" not in url  # every user can list the arguments of a program
    assert f"url={address}" in page and others == 0
    assert not Path(url2pathname(urlsplit(url).path)).parent.exists()


def test_without_a_display_no_browser_is_started(source, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(webbrowser, "open", lambda url: pytest.fail("a browser was opened"))
    assert Opener().open("http://127.0.0.1") is False


def test_a_browser_that_cannot_start_is_no_error(source, monkeypatch):
    def failing(url: str) -> bool:
        raise webbrowser.Error("no browser")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", failing)
    output: list[str] = []
    served = start(source, fragment="#m1.abc", say=output.append)
    served.close()
    assert len(output) == 1 and output[0].startswith("matcube is at http://matcube-")
    assert output[0].endswith("#m1.abc")


def test_a_handle_closes_at_the_end_of_a_block_and_names_its_address(source):
    with start(source, open_browser=False) as served:
        assert repr(served) == f"<matcube at 127.0.0.1:{served.port}>"
        assert served._thread is not None and served._thread.is_alive()
    assert served._thread is None


def test_waiting_ends_with_ctrl_c_and_closes(handle, monkeypatch):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(handle, "_wait_until_stopped", interrupted)
    handle.wait()
    assert handle._thread is None and handle._stopped.is_set()


@pytest.mark.parametrize(("interactive", "waits"), [(True, 0), (False, 1)])
def test_a_script_waits_at_its_end_and_a_shell_does_not(source, monkeypatch, interactive, waits):
    registered: list[object] = []
    monkeypatch.setattr(running, "is_interactive", lambda: interactive)
    monkeypatch.setattr(atexit, "register", registered.append)
    served = start(source, open_browser=False, block=None)
    served.close()
    assert registered == [served.wait_at_exit] * waits


def test_in_the_foreground_it_says_where_it_is(source, monkeypatch):
    output: list[str] = []
    monkeypatch.setattr(running._Server, "run", lambda self, sockets: self._listening())
    running.serve(source, fragment="#m1.abc", open_browser=False, say=output.append)
    assert output[0].startswith("matcube is at http://matcube-") and output[0].endswith("#m1.abc")
    assert output[1:] == ["Open the address. Ctrl-C ends it."]


def test_one_ctrl_c_at_the_end_of_a_script_ends_all_figures(source, monkeypatch):
    monkeypatch.setattr(running, "is_interactive", lambda: False)
    monkeypatch.setattr(running, "_interrupted", threading.Event())
    first, second = (start(source, open_browser=False, block=None) for _ in range(2))
    waits = []

    def interrupted(handle):
        waits.append(handle)
        raise KeyboardInterrupt

    monkeypatch.setattr(running.Handle, "_wait_until_stopped", interrupted)
    for handle in (second, first):
        handle.wait_at_exit()
    assert waits == [second]
    assert all(handle._stopped.is_set() for handle in (first, second))
