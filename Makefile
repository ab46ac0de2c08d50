# The two commands that matter: make demo, make test. The rest is for those who change the code.

PY := .venv/bin/python
SERVE ?= 1
OUT ?= out
MINUTES ?= 1

.PHONY: help demo test test-fast coverage lint format types viewer bench fuzz gallery docs clean

help:
	@echo 'make demo       open the demo (SERVE=0: write $(OUT)/demo.html and $(OUT)/demo.png, then end)'
	@echo 'make test       everything: checks, unit tests, browser tests'
	@echo 'make test-fast  the Python tests without browser, torch and what is slow: a minute or two'
	@echo 'make coverage   lines and branches that no test runs, the browser tests left out'
	@echo 'make lint       the checks alone'
	@echo 'make format     put Python and TypeScript in the house form'
	@echo 'make types      generate the TypeScript types of the border'
	@echo 'make viewer     build the viewer into the Python package'
	@echo 'make bench      measure the hot paths'
	@echo 'make fuzz       random and damaged input for MINUTES=1: whatever reads must read it or refuse it'
	@echo 'make gallery    write $(OUT)/gallery/index.html: pictures and pages of every figure'
	@echo 'make docs       write $(OUT)/docs/index.html: the guide and the Python reference'
	@echo 'make clean      remove what the tools left behind'

demo:
	@sh tools/bootstrap.sh demo
	@mkdir -p $(OUT)
	@.venv/bin/matcube demo $(if $(filter 0 no false,$(SERVE)),--no-serve --out $(OUT))

test:
	@sh tools/bootstrap.sh test
	@sh tools/run_tests.sh

test-fast:
	@sh tools/bootstrap.sh test
	@sh tools/run_tests.sh fast

coverage:
	@sh tools/bootstrap.sh test
	@sh tools/run_tests.sh branches

lint:
	@sh tools/bootstrap.sh test
	@sh tools/run_lint.sh

format:
	@sh tools/bootstrap.sh test
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@cd viewer && npm run --silent format

types:
	@sh tools/bootstrap.sh test
	@$(PY) -m tools.gen_types

viewer:
	@sh tools/bootstrap.sh test
	@cd viewer && npm run --silent build

bench:
	@sh tools/bootstrap.sh test
	@$(PY) -m benchmarks

fuzz:
	@sh tools/bootstrap.sh test
	@$(PY) -m tools.fuzz --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(TARGETS)

gallery:
	@sh tools/bootstrap.sh demo
	@$(PY) -m tools.gallery --out $(OUT)/gallery

docs:
	@sh tools/bootstrap.sh docs
	@$(PY) -m tools.docs --out $(OUT)/docs

clean:
	rm -rf build dist $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage viewer/.tsc
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
