"""Random and damaged input is read, or refused with an error of matcube: a short run of ``tools.fuzz``."""

import pytest

from matcube.errors import DataError
from tools.fuzz.__main__ import main, tried
from tools.fuzz.hunt import Case, Target, case_of, hunt
from tools.fuzz.targets import TARGETS

FIXED = {
    "npy": [
        b"\x93NUMPY\x01\x00J\x00{'descr': {}, 'fortran_order': True, 'shape': (4611686018427387904, 4), }\n"
    ],
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_finds_nothing(name: str) -> None:
    for number in range(20):
        assert tried(f"{name}:0:{number}") is None


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in FIXED.items() for case in cases])
def test_what_was_found_is_refused(name: str, case: bytes) -> None:
    with pytest.raises(DataError):
        TARGETS[name].run(case)


def faulty(case: Case) -> None:
    """Refuses what has no x, and fails over x before y."""
    before, x, after = bytes(case).partition(b"x")
    if not x:
        raise DataError(f"no x in {before!r}")
    if b"y" in after:
        raise KeyError("y")


def test_a_failure_is_made_small() -> None:
    failure = hunt(Target(lambda rng: b"..x.." + rng.randbytes(40) + b"y.y", faulty), "seed:0:0")
    assert failure is not None
    assert (failure.what, failure.case, failure.seed) == ("KeyError", b"xy", "seed:0:0")


def test_a_seed_is_one_case() -> None:
    for target in TARGETS.values():
        assert case_of(target, "a:1:2") == case_of(target, "a:1:2")


def test_a_run_names_its_seed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.fuzz.__main__._bound_memory", lambda: None)
    monkeypatch.setitem(TARGETS, "csv", Target(lambda _: b"xy", faulty))
    ticks = iter([0.0, 0.0, 1.0, 100.0])
    monkeypatch.setattr("tools.fuzz.__main__.time.monotonic", lambda: next(ticks))
    assert main(["csv", "--seed", "5"]) == 1
    out = capsys.readouterr().out
    assert "seed 5: csv" in out
    assert "python -m tools.fuzz --case csv:5:0\n    b'xy'" in out
    assert "csv 2; 1 failures" in out
