#!/bin/sh
# Checks, then the viewer's unit tests, then all Python tests with the browser's last.
# Every part runs; the end is pytest's closing line, and after it the names of parts that failed.
set -u
cd "$(dirname "$0")/.."
failed=""

part() {
    name="$1"; shift
    "$@" </dev/null || failed="$failed $name"
}

viewer_tests() { echo "viewer unit tests"; (cd viewer && npm run --silent test); }

# tests/browser goes last: a browser's event loop must not be alive under other tests.
python_tests() {
    # shellcheck disable=SC2046  # a list of folders without spaces
    .venv/bin/python -m pytest --durations=5 \
        $(find tests -mindepth 1 -maxdepth 1 \( -type d -o -name 'test_*.py' \) \
            ! -name browser ! -name '__pycache__' | LC_ALL=C sort) \
        $([ -d tests/browser ] && echo tests/browser)
}

part checks sh tools/run_lint.sh
part viewer viewer_tests
part pytest python_tests

if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
fi
