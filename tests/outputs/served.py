"""What the tests of the server share."""

import http.client
import json
import threading

import httpx

from matcube.errors import ProgramError, StoppedError
from matcube.limits import check_stop
from matcube.outputs.server import Handle
from matcube.wire import Problem

PNG = b"\x89PNG\r\n\x1a\n picture"


class Fake:
    """A source that writes down what it was asked."""

    def __init__(self, title: str = "A @ B"):
        self.title = title
        self.asked: list[bytes] = []
        self.answering = 0
        self.two_at_once = threading.Event()
        self.patience_secs = 0.0
        self.until_stopped = False  # an answer takes until it is stopped, or released
        self.begun, self.stopped, self.release = (threading.Event() for _ in range(3))

    doing = "2 of 5: C"

    def initial(self) -> bytes:
        return b"first scene"

    def still(self) -> bytes:
        return PNG

    def answer(self, request: bytes) -> bytes | Problem:
        self.asked.append(request)
        self.answering += 1
        if self.answering > 1:
            self.two_at_once.set()
        self.two_at_once.wait(self.patience_secs)
        self.answering -= 1
        if self.until_stopped:
            self._work()
        match json.loads(request):
            case "problem":
                return Problem(kind="ProgramError", message="no", text="A @", span=(2, 3), hint="more")
            case "raise":
                raise ProgramError("said")
            case "crash":
                raise ZeroDivisionError("not foreseen")
        return b"scene of " + request

    def _work(self) -> None:
        self.begun.set()
        try:
            while not self.release.wait(0.01):
                check_stop()
        except StoppedError:
            self.stopped.set()
            raise


def raw(handle: Handle, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """A request with exactly these headers and exactly this path."""
    connection = http.client.HTTPConnection("127.0.0.1", handle.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text


def cookie_of(reader: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in reader.cookies.items())
