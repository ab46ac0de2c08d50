"""``matcube cost``."""

import pytest
from click.testing import CliRunner

from matcube.cli import main as cli

LINE = ["cost", "relu(x @ W)", "--let", "x=shape(1, 8192)", "--let", "W=shape(8192, 28672)"]


def run(*more: str) -> str:
    result = CliRunner().invoke(cli.cli, [*LINE, *more], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_table() -> None:
    output = run()
    assert output.splitlines()[-1] == (
        "469,762,048 FLOPs (multiply_add), 234,881,024 parameters, cells of float32"
    )
    assert "bound by" not in output


def test_machine() -> None:
    output = run("--machine", "h100")
    assert "cells of float32" in output
    assert "memory" in output
    assert output.splitlines()[-1].startswith("h100: 989.4 TFLOP/s, 3.35 TB/s")
    assert "mine: 1 TFLOP/s" in run(
        "--machine", "mine", "--peak", "1e12", "--bandwidth", "1e9", "--dtype", "int8"
    )


def test_options() -> None:
    assert ", 8,192 parameters, cells of int8" in run("--parameter", "x", "--dtype", "int8")
    assert "469,790,720 FLOPs (each_operation)" in run("--count", "each_operation")


@pytest.mark.parametrize(
    "wrong", [("--dtype", "int9"), ("--machine", "h10"), ("--peak", "1e12"), ("--parameter", "z")]
)
def test_refusals(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*LINE, *wrong])
    assert ended.value.code == 2
    output = capsys.readouterr()
    assert "OptionError: " in output.err
    assert output.out == ""  # no table of half an answer
