"""Random and damaged input is read, or refused with an error of matcube: a short run of ``tools.fuzz``."""

import random
import time

import pytest

import matcube as mc
from matcube.errors import DataError, OptionError
from tools.fuzz import damage
from tools.fuzz.__main__ import main, tried
from tools.fuzz.figures import PROGRAMS
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


def test_scores_that_another_product_waits_for_do_not_stream() -> None:
    """Found in run 91130: gradients of gradients, of which some lie between the scores and the values."""
    steps: Case = ("animate", ("online",), {"tiles": ()}), ("backward", (), {}), ("backward", (), {})
    TARGETS["figure"].run((("program", 1, {}), *steps))
    text, leaves = PROGRAMS[1]
    twice = mc.figure(text, leaves, d=4).animate("online").backward().backward()
    with pytest.raises(OptionError, match="cannot stream past") as caught:
        twice.scene()
    assert caught.value.hint == 'choose another algorithm: fig.animate("vmprod")'
    twice.animate("vmprod").scene()


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


def test_a_seed_is_one_case_whatever_was_made_before() -> None:
    seeds = [f"a:1:{number}" for number in range(200)]
    for name in TARGETS:
        first = [repr(case_of(TARGETS[name], seed)) for seed in seeds]
        assert [repr(case_of(TARGETS[name], seed)) for seed in seeds] == first


def test_damage_leaves_its_own_tables_alone() -> None:
    before = repr(damage.WORDS)
    for number in range(2000):
        damage.json_of(random.Random(number), {"a": [[1, 2], {"b": 3}], "c": {}})
    assert repr(damage.WORDS) == before


def test_an_archive_has_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = [f"npz:1:{number}" for number in range(20)]
    first = [case_of(TARGETS["npz"], seed) for seed in seeds]
    monkeypatch.setattr("zipfile.time.localtime", lambda _: time.gmtime(10**9))
    assert [case_of(TARGETS["npz"], seed) for seed in seeds] == first


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
