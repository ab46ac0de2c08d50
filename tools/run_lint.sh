#!/bin/sh
# Every check that needs no test run. All run, even if one fails; the last line names those that did.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=""

# check NAME COMMAND...: one line if it passes, the whole output if it fails.
check() {
    name="$1"; shift
    if output="$("$@" 2>&1)"; then
        printf '  ok      %s\n' "$name"
    else
        printf '  FAILED  %s\n%s\n' "$name" "$output"
        failed="$failed $name"
    fi
}

in_viewer() { (cd viewer && npm run --silent "$@"); }

echo "checks"
check ruff $bin/ruff check --quiet .
check ruff-format $bin/ruff format --check --quiet .
# shellcheck disable=SC2046  # a list of folders, some of which may not be there
check mypy $bin/mypy --no-error-summary $(ls -d src tools tests benchmarks examples 2>/dev/null)
check layers $bin/lint-imports --no-cache
check circles $bin/python -m tools.circles
check prose $bin/python -m tools.prose
check generated-types $bin/python -m tools.gen_types --check
check tsc in_viewer types
check biome in_viewer lint
check bundle in_viewer check

if [ -n "$failed" ]; then
    echo "failed checks:$failed"
    exit 1
fi
