"""One case at a time: run it, judge it, and make a failing one small."""

from __future__ import annotations

import random
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from matcube.errors import MatcubeError

CPU_SECS = 20.0  # a case that takes longer is a failure
TRIALS = 300  # of a failing case that is made smaller

Case = Sequence[Any]


@dataclass(frozen=True)
class Target:
    """What is fuzzed.

    Args:
        make: a random case: bytes, or a tuple of tokens or steps, of which any part may be left out.
        run: reads it.
    """

    make: Callable[[random.Random], Case]
    run: Callable[[Case], object]


@dataclass(frozen=True)
class Failure:
    """A failing case: its seed, what happened and where, and the smallest case that does the same."""

    seed: str
    what: str
    where: str
    case: Case


class SlowError(Exception):
    """A case took too much processor time."""


def case_of(target: Target, seed: str) -> Case:
    """The case of a seed."""
    return target.make(random.Random(seed))


def hunt(target: Target, seed: str) -> Failure | None:
    """Run the case of a seed; a failing one is made small.

    Args:
        target: what reads it.
        seed: of the case.
    """
    case = case_of(target, seed)
    found = judged(target, case)
    if found is None:
        return None
    small = smaller(case, lambda part: judged(target, part) == found)
    return Failure(seed, *found, small)


def judged(target: Target, case: Case) -> tuple[str, str] | None:
    """What is wrong with a case, and the place in the code; None if it is read or refused as documented."""
    try:
        with _limited(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", RuntimeWarning)  # a number that NumPy had to warn about
            target.run(case)
    except MatcubeError:
        return None
    except Exception as error:
        return type(error).__name__, _place(error)
    return None


def smaller(case: Case, fails: Callable[[Case], bool]) -> Case:
    """A case without the parts that its failure does not need.

    Args:
        case: fails.
        fails: whether a part of it fails in the same way.
    """
    trials, step = TRIALS, max(1, len(case) // 2)
    while trials > 0:
        at = 0
        while at < len(case) and trials > 0:
            trials -= 1
            part = case[:at] + case[at + step :]  # type: ignore[operator]
            if fails(part):
                case = part
            else:
                at += step
        if step == 1:
            break
        step //= 2
    return case


def _place(error: Exception) -> str:
    """The innermost line of matcube that an exception went through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "matcube" in Path(frame.filename).parts] or list(frames)
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}"


@contextmanager
def _limited() -> Iterator[None]:
    """Processor time within bounds, where the system can count it."""
    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise SlowError

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECS)
    try:
        yield
    finally:
        with suppress(SlowError):
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
