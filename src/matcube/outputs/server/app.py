"""The routes: the page, its three files, the first scene, the still, requests, and how far they are."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable
from html import escape
from importlib.resources import files
from threading import Event, Lock

import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from matcube.errors import MatcubeError
from matcube.limits import check_stop, stopped_by
from matcube.outputs.server.guard import POLICY, Guard, Keys
from matcube.outputs.server.locked import LOCKED, PAGE, STYLE_SOURCE
from matcube.outputs.server.source import Described, Source
from matcube.wire import Problem

MAX_BODY_BYTES = 2_000_000
# Small answers are compressed: they are mostly text. Large ones are mostly values, which hardly compress.
LEAST_PACKED_BYTES, MOST_PACKED_BYTES = 1_000, 1_000_000
LOOK_AFTER_SECS = 0.1  # how often a long answer looks whether the server ends
OCTETS = "application/octet-stream"


_log = logging.getLogger("matcube")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<link rel="stylesheet" href="/viewer.css">
</head>
<body>
<div id="matcube"{own}></div>
{blocks}<noscript><p>The figure turns only with JavaScript. This is its picture.</p>
<img id="matcube-still" src="/still.png" alt="{title}"></noscript>
<script type="module" src="/viewer.js"></script>{more}
</body>
</html>
"""

# Several figures have a script and a style sheet of their own; a sheet may be in the body.
_COMPARE = '\n<link rel="stylesheet" href="/compare.css">\n<script type="module" src="/compare.js"></script>'

# A link clicked on a foreign page arrives without Strict cookies even after a redirect; a navigation by our
# own page is same-site again. The fragment is part of it, as of a redirect.
_STEP = '<!doctype html><meta charset="utf-8"><title>matcube</title><script src="/enter.js"></script>'
_ENTER = 'location.replace("/" + location.hash);\n'


class Routes:
    """The answers to each address, for one source."""

    def __init__(self, source: Source, *, keys: Keys, ending: Event) -> None:
        self.source = source
        self.keys = keys
        self.ending = ending
        self.one_at_a_time = Lock()

    async def page(self, request: Request) -> Response:
        """The page; with a valid token, a redirect with the cookie."""
        token = request.query_params.get("token")
        admitted = self.keys.admits(request.headers)
        if token is None:
            return HTMLResponse(self._page()) if admitted else _locked(request)
        if request.method == "GET" and self.keys.redeem(token):
            return self._entered(foreign=request.headers.get("sec-fetch-site") == "cross-site")
        return RedirectResponse("/", status_code=303) if admitted else _locked(request)

    def _page(self) -> str:
        source = self.source
        if not isinstance(source, Described):
            return _PAGE.format(title=escape(source.title), own=" data-page", blocks="", more="")
        return _PAGE.format(title=escape(source.title), own="", blocks=source.blocks, more=_COMPARE)

    def _entered(self, *, foreign: bool) -> Response:
        answer = HTMLResponse(_STEP) if foreign else RedirectResponse("/", status_code=303)
        answer.set_cookie(self.keys.cookie, self.keys.secret, path="/", httponly=True, samesite="strict")
        return answer

    async def enter(self, request: Request) -> Response:
        """The script of the navigation after a click on a foreign page."""
        return PlainTextResponse(_ENTER, media_type="text/javascript")

    async def asset(self, request: Request) -> Response:
        """The viewer's script or style sheet, or the page's style sheet."""
        name = request.url.path.removeprefix("/")
        asset = files("matcube").joinpath("outputs", "assets", name)
        media_type = "text/css" if name.endswith(".css") else "text/javascript"
        return Response(asset.read_bytes() if asset.is_file() else b"", media_type=media_type)

    async def scene(self, request: Request) -> Response:
        """The first scene."""
        return _reply(await self._asked(request, self.source.initial), OCTETS, request)

    async def still(self, request: Request) -> Response:
        """The first picture."""
        return _reply(await self._asked(request, self.source.still), "image/png")

    async def doing(self, request: Request) -> Response:
        """How far the present answer is, in words."""
        return PlainTextResponse(self.source.doing)

    async def api(self, request: Request) -> Response:
        """A request of the viewer, in JSON."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse("A request to matcube is application/json.\n", status_code=415)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # of an upload that was broken off: it has no reader
        if body is None:
            return PlainTextResponse(
                f"A request to matcube has at most {MAX_BODY_BYTES:,} bytes.\n", status_code=413
            )
        return _reply(await self._asked(request, lambda: self.source.answer(body)), OCTETS, request)

    async def _asked(self, request: Request, ask: Ask) -> bytes | Problem | None:
        """Ask the source in a thread; the work stops when its reader leaves, or the server ends."""
        left = Event()
        work = asyncio.ensure_future(
            anyio.to_thread.run_sync(self._guarded, ask, left.is_set, abandon_on_cancel=True)
        )
        leaves = asyncio.ensure_future(_disconnected(request))
        try:
            while not (work.done() or leaves.done() or self.ending.is_set()):
                await asyncio.wait(
                    {work, leaves}, timeout=LOOK_AFTER_SECS, return_when=asyncio.FIRST_COMPLETED
                )
            return work.result() if work.done() else STOPPED
        finally:
            left.set()
            leaves.cancel()
            work.cancel()

    def _guarded(self, ask: Ask, unwanted: Callable[[], bool]) -> bytes | Problem | None:
        """Ask the source, one request at a time; None after an unexpected error, which is logged."""
        with self.one_at_a_time, stopped_by(unwanted):
            try:
                check_stop()  # it may have waited for its turn for longer than its reader
                return ask()
            except MatcubeError as error:
                return Problem(kind=error.kind, message=error.message, hint=error.hint)
            except Exception:
                _log.exception("a request to matcube failed")
                return None


Ask = Callable[[], bytes | Problem]
STOPPED = Problem(kind="StoppedError", message="stopped before it was ready")


def build(source: Source, *, keys: Keys, ending: Event | None = None) -> ASGIApp:
    """The whole application behind its guard.

    Args:
        source: who answers.
        keys: tokens and the cookie.
        ending: set when the server ends; long answers stop then.
    """
    routes = Routes(source, keys=keys, ending=ending or Event())
    table = [
        Route("/", routes.page, methods=["GET"]),
        Route("/enter.js", routes.enter, methods=["GET"]),
        Route("/viewer.js", routes.asset, methods=["GET"]),
        Route("/viewer.css", routes.asset, methods=["GET"]),
        Route("/page.css", routes.asset, methods=["GET"]),
        Route("/compare.js", routes.asset, methods=["GET"]),
        Route("/compare.css", routes.asset, methods=["GET"]),
        Route("/scene", routes.scene, methods=["GET"]),
        Route("/still.png", routes.still, methods=["GET"]),
        Route("/doing", routes.doing, methods=["GET"]),
        Route("/api", routes.api, methods=["POST"]),
    ]
    return Guard(Starlette(routes=table), keys=keys)


async def _disconnected(request: Request) -> None:
    """Wait until the reader of an answer has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is too large."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _takes_gzip(request: Request) -> bool:
    offers = [offer.replace(" ", "") for offer in request.headers.get("accept-encoding", "").split(",")]
    return any(offer.partition(";")[0] == "gzip" and not _is_refused(offer) for offer in offers)


def _is_refused(offer: str) -> bool:
    _, sign, weight = offer.partition(";q=")
    return sign != "" and weight.strip("0.") == ""


def _locked(request: Request) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(LOCKED + "\n", status_code=403)
    policy = POLICY.replace("style-src 'self'", f"style-src {STYLE_SOURCE}")
    return HTMLResponse(PAGE, status_code=403, headers={"content-security-policy": policy})


def _reply(answer: bytes | Problem | None, media_type: str, request: Request | None = None) -> Response:
    """The answer; a problem is an answer in JSON, for browsers write other statuses on their console."""
    if isinstance(answer, bytes):
        small = LEAST_PACKED_BYTES <= len(answer) < MOST_PACKED_BYTES
        if request is None or not (small and _takes_gzip(request)):
            return Response(answer, media_type=media_type)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(
            gzip.compress(answer, compresslevel=6, mtime=0), media_type=media_type, headers=headers
        )
    status = 500 if answer is None else 200
    problem = answer or Problem(
        kind="InternalError", message="matcube could not answer; what happened is in its terminal"
    )
    return Response(msgspec.json.encode(problem), status_code=status, media_type="application/json")
