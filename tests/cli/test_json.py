"""``--json``: stable keys, results on stdout, notes on stderr."""

import json
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("files")


def test_ls(command):
    np.savez("odd.npz", **{"a.b": np.array(2.0), "t": np.array("no")})  # type: ignore[arg-type]
    ended = command("ls", "odd.npz", "C.csv", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == {
        "files": [
            {
                "file": "odd.npz",
                "arrays": [
                    {
                        "name": "a.b",
                        "shape": [],
                        "dtype": "float64",
                        "bytes": 8,
                        "note": "",
                        "program_name": "a_b",
                    },
                    {
                        "name": "t",
                        "shape": [],
                        "dtype": "str64",
                        "bytes": 8,
                        "note": "",
                        "program_name": None,
                    },
                ],
            },
            {
                "file": "C.csv",
                "arrays": [
                    {
                        "name": "C",
                        "shape": [2, 2],
                        "dtype": "float64",
                        "bytes": 32,
                        "note": "",
                        "program_name": "C",
                    }
                ],
            },
        ]
    }


def test_ls_of_several_files(command):
    said = command("ls", "B.csv", "C.csv").out
    assert said == command("ls", "*.csv").out
    assert said.splitlines()[0] == "B.csv:" and said.splitlines()[3] == "C.csv:"
    Path("runs").mkdir()
    Path("C.csv").rename("runs/C.csv")
    assert command("ls", "runs").out.split()[0] == "C"
    assert command("ls", "csv:-", stdin=b"1,2\n").out.split()[0] == "stdin"


def test_cost(command):
    lets = ("--let", "x=shape(2, 8)", "--let", "W=shape(8, 4)", "--let", "y=ones(2,2)")
    ended = command("cost", "x @ W", *lets, "--json", "--machine", "h100", "--dtype", "bfloat16")
    assert ended.err == "note: y is not used\n"
    result = json.loads(ended.out)
    assert list(result) == ["program", "count", "dtype", "rows", "total", "roofline"]
    assert (result["program"], result["count"], result["dtype"]) == ("x @ W", "multiply_add", "bfloat16")
    assert result["rows"][-1] == {
        "name": "x @ W", "shape": [2, 4], "flops": 128, "bytes_read": 96, "bytes_written": 16,
        "flops_per_byte": 128 / 112, "parameters": 0,
    }  # fmt: skip
    assert result["total"]["flops"] == 128 and result["total"]["parameters"] == 32
    assert list(result["roofline"]) == ["machine", "rows", "seconds", "share"]
    assert result["roofline"]["machine"] == {"name": "h100", "peak": 989.4e12, "bandwidth": 3.35e12}
    assert list(result["roofline"]["rows"][-1]) == ["name", "bound", "flops_per_sec", "share", "seconds"]
    assert json.loads(command("cost", "x @ W", *lets, "--json").out)["roofline"] is None
