"""Faults of the server: cookies that reach others, half-open connections, uploads that are broken off."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from matcube.outputs.server import Handle, guard, patience, start
from tests.outputs.served import Fake


@pytest.fixture
def handle() -> Iterator[Handle]:
    with start(Fake(), open_browser=False) as served:
        yield served


def wire(handle: Handle) -> socket.socket:
    return socket.create_connection(("127.0.0.1", handle.port), timeout=20)


def test_each_run_has_a_host_of_its_own(handle: Handle) -> None:
    with start(Fake(), open_browser=False) as other:
        hosts = [urlsplit(one.url).hostname or "" for one in (handle, other)]
    assert hosts[0] != hosts[1] and all(host.endswith(".localhost") for host in hosts)


def test_the_cookie_reaches_no_other_server(handle: Handle) -> None:
    with start(Fake(), open_browser=False) as other, httpx.Client() as browser:
        assert browser.get(handle.url).status_code == 303
        for address in (other.url, f"http://127.0.0.1:{other.port}/", f"http://localhost:{other.port}/"):
            assert "cookie" not in browser.build_request("GET", address).headers
        assert "cookie" in browser.build_request("GET", handle.url).headers


def test_other_programs_may_use_the_plain_address(handle: Handle) -> None:
    query = urlsplit(handle.url).query
    assert httpx.get(f"http://127.0.0.1:{handle.port}/?{query}").status_code == 303


def test_a_host_of_another_run_is_refused(handle: Handle) -> None:
    with start(Fake(), open_browser=False) as other:
        host = urlsplit(other.url).hostname
    assert httpx.get(f"http://{host}:{handle.port}/").status_code == 403


@pytest.mark.parametrize("resolves", [True, False])
def test_a_mac_that_does_not_resolve_the_name_gets_the_number(
    monkeypatch: pytest.MonkeyPatch, resolves: bool
) -> None:
    def asked(host: str, port: None) -> list[object]:
        if not resolves:
            raise socket.gaierror("not known")
        return []

    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(socket, "getaddrinfo", asked)
    assert (guard._own_host() == "127.0.0.1") is not resolves


HALVES = [
    b"",
    b"GET / HTTP/1.1\r\nHost: ",
    b"POST /api HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nhalf",
]


@pytest.mark.parametrize("half", HALVES)
def test_a_half_open_connection_is_closed(monkeypatch: pytest.MonkeyPatch, half: bytes) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECS", 0.05)
    with start(Fake(), open_browser=False) as handle, wire(handle) as line:
        line.sendall(half.replace(b"{host}", f"127.0.0.1:{handle.port}".encode()))
        try:
            while line.recv(4096):  # a refusal may come first
                pass
        except ConnectionResetError:
            pass


def test_the_second_request_of_a_connection_must_arrive_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECS", 0.05)
    with start(Fake(), open_browser=False) as handle, wire(handle) as line:
        host = f"127.0.0.1:{handle.port}"
        line.sendall(f"GET /scene HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 403")
        line.sendall(b"GET /sce")
        try:
            while line.recv(4096):
                pass
        except ConnectionResetError:
            pass


def test_an_upload_that_is_broken_off_says_nothing(handle: Handle, caplog: pytest.LogCaptureFixture) -> None:
    origin = handle.url.partition("/?")[0]
    with httpx.Client() as browser:
        cookie = browser.get(handle.url).headers["set-cookie"].partition(";")[0]
    lines = [
        "POST /api HTTP/1.1", f"Host: {urlsplit(origin).netloc}", f"Origin: {origin}", f"Cookie: {cookie}",
        "Content-Type: application/json", "Content-Length: 1000", "", "half",
    ]  # fmt: skip
    with caplog.at_level(logging.DEBUG), wire(handle) as line:
        line.sendall("\r\n".join(lines).encode())
    handle.close()  # waits for what is under way
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
