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


def test_a_refusal_of_the_real_thing_has_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "matcube", "save", "A @@ A", "--let", "A=eye(2,2)", "a.png"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("ProgramError: ")
    assert done.stdout == ""
