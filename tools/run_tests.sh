#!/bin/sh
# Checks and the viewer's unit tests side by side, then the tests of the page, then all others.
# Every part runs; the end is pytest's closing line, and after it the names of parts that failed.
#
#   sh tools/run_tests.sh         everything; which lines the tests run is measured and printed
#   sh tools/run_tests.sh fast    for daily work: no checks, no browser, no torch, nothing marked slow
#   sh tools/run_tests.sh branches    lines and branches of all tests without a browser; nothing fails by its share
#
# MATCUBE_WORKERS is the number of test processes; by default as many as there are cores, at most 4.
# MATCUBE_CPU_THROTTLE=6 slows the pages of the browser tests down so many times.
set -u
cd "$(dirname "$0")/.."
goal="${1:-all}"
py=.venv/bin/python
failed=""

part() {
    name="$1"; shift
    "$@" </dev/null || failed="$failed $name"
}

viewer_tests() { echo "viewer unit tests"; (cd viewer && npm run --silent test); }

# A file's tests share what they build, so a file stays in one process.
in_processes() { "$@" -n "${MATCUBE_WORKERS:-auto}" --maxprocesses 4 --dist loadfile --no-loadscope-reorder; }

# Not those of the page: in a process, a browser's event loop must not be alive under other tests.
folders() {
    find tests -mindepth 1 -maxdepth 1 \( -type d -o -name 'test_*.py' \) ! -name browser ! -name '__pycache__' |
        LC_ALL=C sort
}

# Any page serves any test, so a process that is done takes over from one that is not. They run the library's
# lines as the other tests do; which ones is not measured here.
browser_tests() {
    "$py" -m pytest -q -n "${MATCUBE_WORKERS:-auto}" --maxprocesses 4 --dist worksteal --durations=5 tests/browser
}

# shellcheck disable=SC2046  # a list of folders without spaces
all_tests() {
    rm -rf .coverage
    mkdir -p .coverage
    in_processes "$py" -m coverage run -m pytest --durations=5 $(folders)
}

# shellcheck disable=SC2046
fast_tests() {
    in_processes "$py" -m pytest -q -m "not torch and not slow" --ignore-glob='*torch*' --ignore-glob='*dtensor*' \
        $(folders)
}

# shellcheck disable=SC2046
branches() {
    rm -rf .coverage
    mkdir -p .coverage
    in_processes "$py" -m coverage run --branch -m pytest -q $(folders)
}

# Fewer lines covered than this share fail, in words printed by pytest's summary.
covered() { "$py" -m coverage report --fail-under=90 >/dev/null 2>&1; }

if [ "$goal" = fast ]; then
    part pytest fast_tests
elif [ "$goal" = branches ]; then
    part pytest branches
else
    scratch="$(mktemp -d)"
    trap 'rm -rf "$scratch"' EXIT
    viewer_tests >"$scratch/viewer" 2>&1 </dev/null &
    viewer=$!
    part checks sh tools/run_lint.sh
    wait "$viewer" || failed="$failed viewer"
    cat "$scratch/viewer"
    if [ -d tests/browser ]; then part browser browser_tests; fi
    part pytest all_tests
    part coverage covered
fi

if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
fi
