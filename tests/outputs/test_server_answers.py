"""The server: what is answered, and what is refused."""

import contextlib
import gzip
import json
import threading

import httpx
import pytest

from matcube.outputs.server.app import MAX_BODY_BYTES
from tests.outputs.served import PNG, cookie_of, raw


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


def test_a_problem_is_an_answer_in_json(reader):
    answer = reader.post("/api", json="problem")
    assert answer.status_code == 200
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


def test_a_reader_that_leaves_stops_its_work_and_others_are_answered(reader, source, origin):
    source.until_stopped = True
    with httpx.Client(base_url=origin, timeout=httpx.Timeout(10, read=0.2), headers=reader.headers) as hasty:
        hasty.cookies = reader.cookies
        with pytest.raises(httpx.ReadTimeout):
            hasty.post("/api", json={})
    assert source.stopped.wait(10)
    source.until_stopped = False
    assert reader.post("/api", json="next").content == b'scene of "next"'


def test_work_that_waited_longer_than_its_reader_never_begins(reader, source, origin):
    source.until_stopped = True
    with httpx.Client(base_url=origin, timeout=httpx.Timeout(10, read=0.2), headers=reader.headers) as hasty:
        hasty.cookies = reader.cookies
        first = threading.Thread(target=lambda: reader.post("/api", json="first"))
        first.start()
        assert source.begun.wait(10)
        with pytest.raises(httpx.ReadTimeout):
            hasty.post("/api", json="second")
        for _ in range(2):  # the server knows by then that it left
            assert hasty.get("/doing").status_code == 200
    source.release.set()
    first.join()
    source.until_stopped = False
    assert reader.post("/api", json="third").status_code == 200
    assert source.asked == [b'"first"', b'"third"']


def test_a_server_that_ends_stops_its_work(handle, reader, source):
    source.until_stopped = True
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(reader.post("/api", json={})))
    waiting.start()
    assert source.begun.wait(10)
    handle.close()
    waiting.join()
    assert source.stopped.wait(10)
    assert answers[0].json()["kind"] == "StoppedError"


def test_how_far_an_answer_is_can_be_asked_meanwhile(reader, source):
    source.until_stopped = True
    waiting = threading.Thread(target=lambda: reader.post("/api", json={}))
    waiting.start()
    assert source.begun.wait(10)
    assert reader.get("/doing").text == "2 of 5: C"
    source.release.set()
    waiting.join()
