"""The server: who is let in, what is answered, and what is refused."""

import contextlib
import gzip
import http.client
import json
import threading

import httpx
import pytest

from matcube.errors import ProgramError
from matcube.outputs.server import Handle, start
from matcube.outputs.server.app import MAX_BODY_BYTES
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
        match json.loads(request):
            case "problem":
                return Problem(kind="ProgramError", message="no", text="A @", span=(2, 3), hint="more")
            case "raise":
                raise ProgramError("said")
            case "crash":
                raise ZeroDivisionError("not foreseen")
        return b"scene of " + request


@pytest.fixture
def source():
    return Fake()


@pytest.fixture
def handle(source):
    served = start(source, open_browser=False)
    yield served
    served.close()


@pytest.fixture
def origin(handle):
    return f"http://127.0.0.1:{handle.port}"


@pytest.fixture
def reader(handle, origin):
    """A browser that came in with its token."""
    with httpx.Client(base_url=origin, follow_redirects=False) as client:
        assert client.get(handle.url).status_code == 303
        client.headers["origin"] = origin
        yield client


@pytest.fixture
def stranger(origin):
    with httpx.Client(base_url=origin) as client:
        yield client


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


# --- the way in -------------------------------------------------------------------------------------


def test_the_token_becomes_a_cookie_and_leaves_the_address(handle, stranger):
    answer = stranger.get(handle.url)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"  # no fragment of its own: the browser keeps the reader's
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == f"matcube_{handle.port}"
    flags = {flag.strip().lower() for flag in rest.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)
    token = handle.url.partition("token=")[2]
    assert token not in answer.headers["set-cookie"]
    assert len(token) >= 40


def test_after_that_the_page_reloads_without_the_token(reader):
    for _ in range(3):
        page = reader.get("/")
        assert page.status_code == 200
        assert '<div id="matcube"' in page.text


def test_a_token_works_once(handle, reader, stranger, origin):
    used = handle.url
    assert stranger.get(used).status_code == 303
    with httpx.Client() as third:
        refused = third.get(used)
    assert refused.status_code == 403
    assert "a token works once" in refused.text
    assert "set-cookie" not in refused.headers
    assert reader.get(used).headers["location"] == "/"  # the back button of an admitted reader


def test_a_token_is_not_spent_by_a_mere_look(handle):
    assert httpx.head(handle.url).status_code == 403
    assert httpx.get(handle.url).status_code == 303


def test_the_handle_gives_a_new_address_after_the_first_was_used(handle):
    first = handle.url
    assert handle.url == first
    assert httpx.get(first).status_code == 303
    assert handle.url != first
    assert httpx.get(handle.url).status_code == 303


def test_a_click_on_a_foreign_page_still_gets_in(handle, stranger):
    step = stranger.get(handle.url, headers={"sec-fetch-site": "cross-site"})
    assert step.status_code == 200
    assert "httponly" in step.headers["set-cookie"].lower()
    assert '<script src="/enter.js">' in step.text
    script = stranger.get("/enter.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "location.hash" in script.text


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=é", "?other=1", "?token=a&token=b"])
def test_without_a_good_token_there_is_a_sentence(stranger, query):
    answer = stranger.get("/" + query)
    assert answer.status_code == 403
    assert answer.text.startswith("This page of matcube is locked.")
    assert "set-cookie" not in answer.headers
    assert "\n" not in answer.text.strip()


@pytest.mark.parametrize(
    "path",
    ["/scene", "/still.png", "/viewer.js", "/viewer.css", "/page.css", "/enter.js", "/nothing", "/api"],
)
def test_nothing_else_answers_a_stranger(source, stranger, origin, path):
    ask = stranger.post if path == "/api" else stranger.get
    answer = ask(path, headers={"origin": origin, "content-type": "application/json"})
    assert answer.status_code == 403
    assert source.asked == []


@pytest.mark.parametrize("value", ["", "wrong", "é"])
def test_a_made_up_cookie_is_no_key(handle, stranger, value):
    cookie = f"matcube_{handle.port}={value}".encode()
    assert stranger.get("/scene", headers=[(b"cookie", cookie)]).status_code == 403


def test_two_servers_have_cookies_of_their_own(handle, reader):
    other = start(Fake(), open_browser=False)
    try:
        assert (
            httpx.get(f"http://127.0.0.1:{other.port}/scene", cookies=dict(reader.cookies)).status_code == 403
        )
    finally:
        other.close()


# --- Host and Origin --------------------------------------------------------------------------------


def cookie_of(reader: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in reader.cookies.items())


HOSTS = ["evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.example:{port}", "[::1]:{port}"]


@pytest.mark.parametrize("host", [*HOSTS, "127.0.0.1:{port}.evil.example", ""])
def test_a_foreign_host_is_refused_even_with_the_cookie(handle, reader, host):
    headers = {"Host": host.format(port=handle.port), "Cookie": cookie_of(reader)}
    status, text = raw(handle, "GET", "/scene", headers)
    assert status in (400, 403)
    assert "first scene" not in text


def test_a_token_is_not_spent_by_a_foreign_host(handle):
    path = handle.url.removeprefix(f"http://127.0.0.1:{handle.port}")
    assert raw(handle, "GET", path, {"Host": "evil.example"})[0] == 403
    assert httpx.get(handle.url).status_code == 303


def test_localhost_is_the_same_place(handle, reader):
    headers = {"Host": f"LocalHost:{handle.port}", "Cookie": cookie_of(reader)}
    assert raw(handle, "GET", "/scene", headers) == (200, "first scene")


ORIGINS = ["null", "http://evil.example", "https://127.0.0.1:{port}", "http://localhost:{port}"]


@pytest.mark.parametrize("given", [None, *ORIGINS, "http://127.0.0.1:1", "http://127.0.0.1:{port}/"])
def test_a_post_needs_our_origin(handle, reader, source, given):
    reader.headers.pop("origin")
    headers = {} if given is None else {"origin": given.format(port=handle.port)}
    answer = reader.post("/api", json={}, headers=headers)
    assert answer.status_code == 403
    assert "Origin" in answer.text
    assert source.asked == []


# --- headers ----------------------------------------------------------------------------------------

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@pytest.mark.parametrize(
    "path", ["/", "/?token=wrong", "/viewer.js", "/viewer.css", "/page.css", "/scene", "/still.png", "/none"]
)
def test_every_answer_is_marked(reader, stranger, path):
    for client in (reader, stranger):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


def test_the_page_obeys_its_own_policy(reader):
    page = reader.get("/").text
    assert page.count("<script") == 1
    assert '<script type="module" src="/viewer.js"' in page
    assert "<style" not in page
    assert " style=" not in page
    assert " on" not in page.partition("<body>")[0].replace(" only", "")
    assert "http" not in page


def test_the_title_is_text_and_not_html():
    served = start(Fake(title='<script>alert("x")</script>'), open_browser=False)
    try:
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(served.url).text
    finally:
        served.close()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)" in page


# --- answers ----------------------------------------------------------------------------------------


def test_the_scene_the_still_and_the_files(reader):
    scene = reader.get("/scene")
    assert scene.content == b"first scene"
    assert scene.headers["content-type"] == "application/octet-stream"
    still = reader.get("/still.png")
    assert (still.content, still.headers["content-type"]) == (PNG, "image/png")
    assert "sha256" in reader.get("/viewer.js").text
    assert reader.get("/viewer.js").headers["content-type"].startswith("text/javascript")
    assert reader.get("/viewer.css").headers["content-type"].startswith("text/css")


def test_a_question_is_answered_in_bytes(reader, source):
    answer = reader.post("/api", json={"kind": "edit"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.content == b"scene of " + source.asked[0]


@pytest.mark.parametrize(
    ("offer", "packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip; q=0.5", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("br, gzip; q=0.0", False),
        ("xgzip", False),
    ],
)
def test_an_answer_is_packed_for_a_reader_who_unpacks(reader, offer, packed):
    question = json.dumps("long " * 1000)
    headers = {"accept-encoding": offer, "content-type": "application/json"}
    with reader.stream("POST", "/api", content=question, headers=headers) as answer:
        sent = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
        assert answer.headers["content-length"] == str(len(sent))
    assert (gzip.decompress(sent) if packed else sent) == b"scene of " + question.encode()
    assert (len(sent) < 200) == packed


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_small_and_large_answers_are_sent_as_they_are(reader, size):
    answer = reader.post("/api", json="x" * size)
    assert "content-encoding" not in answer.headers
    assert len(answer.content) == len("scene of ") + size + 2


def test_a_problem_is_422_in_json(reader):
    answer = reader.post("/api", json="problem")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "kind": "ProgramError", "message": "no", "text": "A @", "span": [2, 3], "hint": "more",
    }  # fmt: skip
    assert reader.post("/api", json="raise").json()["message"] == "said"


def test_what_was_not_foreseen_tells_the_page_nothing_of_its_inside(reader, caplog):
    answer = reader.post("/api", json="crash")
    assert answer.status_code == 500
    assert answer.json()["kind"] == "InternalError"
    assert "ZeroDivisionError" not in answer.text
    assert "not foreseen" in caplog.text  # but the terminal knows
    assert reader.get("/scene").status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_content_type_is_refused(reader, source, kind):
    answer = reader.post("/api", content=b"{}", headers={"content-type": kind})
    assert answer.status_code == 415
    assert source.asked == []


def test_a_body_too_large_is_refused_declared_or_not(reader, source):
    headers = {"content-type": "application/json"}
    body = b" " * (MAX_BODY_BYTES + 1)
    assert reader.post("/api", content=body, headers=headers).status_code == 413

    def chunks():
        for _ in range(MAX_BODY_BYTES // 65536 + 2):
            yield b" " * 65536

    # Or the server closes the connection while we are still sending: refused as well.
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        assert reader.post("/api", content=chunks(), headers=headers).status_code == 413
    assert source.asked == []
    assert reader.post("/api", content=b"1" + b" " * 1000, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(reader, source, method):
    assert reader.request(method, "/api").status_code in (403, 404, 405)
    assert reader.request(method, "/").status_code in (403, 404, 405)
    assert source.asked == []


PATHS = [
    "/../../pyproject.toml",
    "/viewer.js/../../../errors/__init__.py",
    "/%2e%2e/%2e%2e/errors/__init__.py",
    "/..%2fhtml%2fpage.py",
    "//etc/passwd",
    "/viewer.js%00",
    "/viewer.map",
    "/html/page.py",
    "/scene/",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_another_file(handle, reader, path):
    headers = {"Host": f"127.0.0.1:{handle.port}", "Cookie": cookie_of(reader)}
    status, text = raw(handle, "GET", path, headers)
    assert status in (307, 400, 403, 404)
    assert "import" not in text
    assert "root:" not in text


def test_one_question_at_a_time(reader, source):
    source.patience_secs = 0.05  # each answer waits so long for a second to join it

    def ask():
        reader.post("/api", json={})

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(source.asked) == 6
    assert not source.two_at_once.is_set()
