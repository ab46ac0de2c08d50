"""Fuzz everything that reads: anything but a MatcubeError, a slow or a huge case is a failure.

    python -m tools.fuzz                         one minute over all targets, from a new seed
    python -m tools.fuzz csv npy --minutes 10    these targets alone
    python -m tools.fuzz --case csv:7:123        one case again

The seed of every failure is printed, with the smallest input that fails in the same way.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from tools.fuzz.hunt import Failure, hunt
from tools.fuzz.targets import TARGETS

MOST_BYTES = 4 << 30
EVERY_SECS = 30.0


def seeds(names: Sequence[str], run: int) -> Iterator[str]:
    """Seeds of cases, target by target in turn: ``csv:7:0`` is the first case of csv in run 7."""
    number = 0
    while True:
        yield from (f"{name}:{run}:{number}" for name in names)
        number += 1


def tried(seed: str) -> Failure | None:
    """The case of a seed."""
    return hunt(TARGETS[seed.partition(":")[0]], seed)


def fuzz(names: Sequence[str], *, run: int, minutes: float) -> int:
    """Try cases until the time is over; returns how many different failures there were.

    Args:
        names: rows of ``TARGETS``.
        run: the seed of the whole run.
        minutes: how long.
    """
    begun = last = time.monotonic()
    count, known = Counter[str](), set[tuple[str, str, str]]()
    print(f"seed {run}: {', '.join(names)}", flush=True)
    for seed in seeds(names, run):
        now = time.monotonic()
        if now - begun >= minutes * 60:
            break
        if now - last >= EVERY_SECS:
            last = now
            print(
                f"{(now - begun) / 60:5.1f} min, {count.total():,} cases, {len(known)} failures", flush=True
            )
        target = seed.partition(":")[0]
        count[target] += 1
        failure = tried(seed)
        if failure is not None and (key := (target, failure.what, failure.where)) not in known:
            known.add(key)
            print(words_of(failure), flush=True)
    print(f"{', '.join(f'{name} {number:,}' for name, number in count.items())}; {len(known)} failures")
    return len(known)


def words_of(failure: Failure) -> str:
    """A failure in two lines."""
    again = f"python -m tools.fuzz --case {failure.seed}"
    return f"{failure.what} at {failure.where}; again: {again}\n    {repr(failure.case)[:2000]}"


def main(arguments: Sequence[str]) -> int:
    """Fuzz for some minutes, or try one case again with its traceback."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all when left out")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, help="of the run; a new one when left out")
    parser.add_argument("--case", help="one case again, by the seed that was printed")
    given = parser.parse_args(arguments)
    if wrong := set(given.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(wrong))}; there are: {', '.join(TARGETS)}")
    _bound_memory()
    if given.case is not None:
        return _again(given.case)
    run = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    return min(1, fuzz(given.targets or list(TARGETS), run=run, minutes=given.minutes))


def _again(seed: str) -> int:
    """One case: what is wrong with it, then the exception itself."""
    failure = tried(seed)
    if failure is None:
        print("no failure")
        return 0
    print(words_of(failure))
    TARGETS[seed.partition(":")[0]].run(failure.case)
    return 1


def _bound_memory() -> None:
    """Bytes within bounds, where the system can count them: a huge case ends in a MemoryError."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
