# Everything sets itself up: Python >= 3.11, pip, git and make are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SEEDS  ?= 2000
DAYS   ?= 5
CASES  ?= 10000
LAW_CASES ?= 200
PYTEST_ARGS ?=
BENCH_ARGS ?= --million

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint style bench soak load clients docs clean

help:  ## what can be asked for
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 16

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

demo: $(READY)  ## prove the six claims; writes build/verify.json and build/verify.html
	@mkdir -p build
	$(BIN)/scenarios verify --json build/verify.json --html build/verify.html

style: $(READY)  ## style, types and walls
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint: style  ## the same, and the rules of the house
	$(BIN)/pytest -q tests/house $(PYTEST_ARGS)

test: style  ## everything that must hold
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

bench: $(READY)  ## requests per second beside a bare server in the same run; writes build/bench.json
	@mkdir -p build
	$(BIN)/python -m loadtests.bench --json build/bench.json $(BENCH_ARGS)

soak: $(READY)  ## SEEDS storms of 20 calls and DAYS days of 10,000, judged by every law; everything must be seen; twice the cases of each law
	@mkdir -p build
	$(BIN)/scenarios sweep --seeds $(SEEDS) --calls 20 --jobs 2 --require-coverage
	$(BIN)/scenarios day --calls 10000 --seeds $(DAYS) --jobs 2 --json build/days.json
	CENTRAL_LAW_CASES=$(CASES) $(BIN)/pytest -q -s tests/connector/test_central_law.py
	SUITE_CASES=$(LAW_CASES) $(BIN)/pytest -q -n 2 --dist worksteal tests/mocksf -k "laws or machine or any_request or bad_input"

load: $(READY)  ## thirty seconds of callers, then a verdict per claim; writes build/load.json and build/load.html
	@mkdir -p build
	$(BIN)/python -m loadtests run --profile short --json build/load.json --html build/load.html

clients: $(READY)  ## every published client, each in an environment of its own under build/clients
	$(BIN)/python -m tests.clients.environments --into build/clients
	$(BIN)/pytest -q -n 2 --dist loadfile -m "clients or published" -p tests.clients.results --client-results build/clients.json tests/clients $(PYTEST_ARGS)

docs: $(READY)  ## write the generated tables of docs/ anew
	$(BIN)/python docs/generate.py

clean:  ## forget what was built
	rm -rf build $(VENV)
