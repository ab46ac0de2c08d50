"""Access to the server: one browser of this user, through this address.

Threats, and the measure against each:

- another user or program on this machine: the address has a random token that works once, and is
  exchanged for a cookie that scripts cannot read; the browser is given it in a file of this user, not as an
  argument, which every user can list;
- another server on this machine: browsers send a cookie to every port of its host, so each run has a host of
  its own, a random name under ``localhost``;
- a foreign web page that requests our address: the cookie is ``SameSite=Strict``, a POST needs our Origin;
- a foreign name that was pointed at 127.0.0.1 (DNS rebinding): the Host must be ours;
- code in the page that is not ours: the Content-Security-Policy allows the viewer's three files only.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import sys
from dataclasses import dataclass, field
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcube.outputs.server.locked import LOCKED

LOOPBACK = "127.0.0.1"
PLAIN_HOSTS = (LOOPBACK, "localhost")
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src blob:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def _own_host() -> str:
    """A host for one run; 127.0.0.1 on a Mac that does not resolve names under localhost, as Safari needs.

    Chrome, Edge and Firefox resolve them to this machine by themselves.
    Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    """
    host = f"matcube-{secrets.token_hex(8)}.localhost"
    if sys.platform == "darwin":
        try:
            socket.getaddrinfo(host, None)
        except OSError:
            return LOOPBACK
    return host


@dataclass
class Keys:
    """The secrets of a server: tokens that work once, and the cookie in exchange for them."""

    port: int
    host: str = field(default_factory=_own_host)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _unused: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies are shared by all ports of a host, so the port is part of it."""
        return f"matcube_{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which this server may be addressed; the plain ones are for other programs."""
        return tuple(f"{host}:{self.port}" for host in (self.host, *PLAIN_HOSTS))

    @property
    def origin(self) -> str:
        """Where the page is: ``http://matcube-….localhost:40123``."""
        return f"http://{self.host}:{self.port}"

    def token(self) -> str:
        """A token that has not been used yet."""
        with self._lock:
            if not self._unused:
                self._unused.append(secrets.token_urlsafe(32))
            return self._unused[-1]

    def redeem(self, token: str) -> bool:
        """Whether a token is valid; it is valid once."""
        with self._lock:
            rest = [
                unused for unused in self._unused if not hmac.compare_digest(unused.encode(), token.encode())
            ]
            is_valid, self._unused = len(rest) < len(self._unused), rest
            return is_valid

    def admits(self, headers: Headers) -> bool:
        """Whether a request has the cookie."""
        cookie = cookie_parser(headers.get("cookie", "")).get(self.cookie, "")
        return hmac.compare_digest(cookie.encode(), self.secret.encode())


class Guard:
    """The outermost layer: refuses foreign hosts, origins and readers, and adds headers to every answer.

    ``open_paths`` need no cookie: the page's own address, where the token is exchanged.
    """

    def __init__(self, app: ASGIApp, *, keys: Keys, open_paths: tuple[str, ...] = ("/",)) -> None:
        self.app = app
        self.keys = keys
        self.open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with a sentence."""
        if scope["type"] != "http":
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        app = self.app if refusal is None else PlainTextResponse(refusal + "\n", status_code=403)
        await app(scope, receive, marked)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.keys.hosts:
            return (
                "matcube answers only at the address it printed, and at that port of 127.0.0.1 and localhost."
            )
        if scope["method"] not in ("GET", "HEAD"):
            origins = headers.getlist("origin")
            if origins != [f"http://{hosts[0].lower()}"]:
                return "matcube answers only its own page: the Origin of this request is another one."
        if scope["path"] not in self.open_paths and not self.keys.admits(headers):
            return LOCKED
        return None
