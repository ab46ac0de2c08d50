"""The server: who is let in, and what headers say."""

import base64
import hashlib

import httpx
import pytest

from matcube.outputs.server import start
from tests.outputs.served import Fake, cookie_of, raw

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


def test_a_browser_gets_a_page_that_says_what_to_do(stranger, source):
    answer = stranger.get("/?token=used", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 403
    assert "Press <kbd>Enter</kbd> there" in answer.text and "<code>handle.url</code>" in answer.text
    assert "set-cookie" not in answer.headers and "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert source.asked == []


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
            httpx.get(other.url.partition("?")[0] + "scene", cookies=dict(reader.cookies)).status_code == 403
        )
    finally:
        other.close()


# --- Host and Origin --------------------------------------------------------------------------------


HOSTS = ["evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.example:{port}", "[::1]:{port}"]


@pytest.mark.parametrize("host", [*HOSTS, "127.0.0.1:{port}.evil.example", ""])
def test_a_foreign_host_is_refused_even_with_the_cookie(handle, reader, host):
    headers = {"Host": host.format(port=handle.port), "Cookie": cookie_of(reader)}
    status, text = raw(handle, "GET", "/scene", headers)
    assert status in (400, 403)
    assert "first scene" not in text


def test_a_token_is_not_spent_by_a_foreign_host(handle):
    path = "/" + handle.url.rpartition("/")[2]
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
