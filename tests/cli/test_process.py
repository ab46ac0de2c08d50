"""The command as a process of its own."""

import os
import re
import signal
import subprocess
import sys

import httpx
import msgspec
import pytest

from matcube.wire.container import decode

pytestmark = pytest.mark.usefixtures("files")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_the_real_thing_from_start_to_ctrl_c():
    """A process of its own: it prints the address, lets its reader in, answers, and ends cleanly."""
    command = [sys.executable, "-m", "matcube", "show", "Q @ K.T", "--data", "head.npz", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"matcube is at http://matcube-\w+\.localhost:(\d+)(/\?token=\S+)\n", line)
            assert found is not None
            address = f"http://127.0.0.1:{found[1]}"
            with httpx.Client(follow_redirects=True, base_url=address) as reader:
                assert reader.get(found[2]).status_code == 200
                scene = decode(reader.get("/scene").content)
                assert scene.head.view.program == "Q @ K.T"
                request = {
                    "kind": "edit",
                    "view": {**msgspec.to_builtins(scene.head.view), "program": "Q @ K"},
                }
                answer = reader.post("/api", json=request, headers={"origin": address})
                assert answer.status_code == 200
                assert answer.json()["message"].endswith("did you mean K.T?")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) in (0, 130)  # 130 where the machine is too busy to end in time
            assert process.stderr.read() == ""
        finally:
            process.kill()


def _hear_ctrl_c() -> None:
    """Also where the tests run in the background: a shell lets such jobs ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_the_demo_prints_its_address_first_and_enter_prints_a_fresh_one(tmp_path):
    keyboard, terminal = os.openpty()
    folder = tmp_path / "empty"
    folder.mkdir()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "matcube", "demo", "--no-open"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, cwd=folder, preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 (no threads are begun before)
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None and process.stderr is not None
            tokens: list[str] = []
            for _ in range(2):
                line = process.stdout.readline()
                found = re.fullmatch(r"matcube is at http://\S+\.localhost:(\d+)(/\?token=\S+)\n", line)
                assert found is not None
                if not tokens:
                    keys = "Open the address. Enter prints a fresh address, Ctrl-C ends it.\n"
                    assert process.stdout.readline() == keys
                tokens.append(found[2])
                address = f"http://127.0.0.1:{found[1]}{found[2]}"
                assert [httpx.get(address).status_code for _ in range(2)] == [303, 403]
                os.write(keyboard, b"\n")
            assert tokens[0] != tokens[1]
            assert list(folder.iterdir()) == []
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) in (0, 130)
            assert process.stderr.read() == ""
        finally:
            process.kill()
            os.close(keyboard)
            os.close(terminal)


def test_a_refusal_of_the_real_thing_has_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "matcube", "save", "A @@ A", "--let", "A=eye(2,2)", "a.png"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("ProgramError: ")
    assert done.stdout == ""
