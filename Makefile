# Everything on a fresh machine: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
DEMO_SECONDS ?= 60
export DEMO_SECONDS
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
TSC := $(VENV)/node/node_modules/.bin/tsc
SETUP := pyproject.toml constraints.txt

.PHONY: help demo test lint types tests docs bench bench-motion bench-smo bench-video train train-ten screenshots clean
.DEFAULT_GOAL := help

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed-demo  ## server, page and a live view in this terminal (DEMO_SECONDS=60)
	@$(BIN)/liveground demo --seconds $(DEMO_SECONDS)

test: lint types tests  ## lint, types and tests, as CI runs them

lint: $(VENV)/installed-test  ## ruff: style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/installed-browser  ## mypy, strict for stream and engines; tsc for the browser client
	@$(BIN)/mypy
	@if [ -x $(TSC) ]; then $(TSC) -p clients/browser/jsconfig.json; \
	  else echo "skipped: types of the browser client (install npm, then make types)"; fi

tests: $(VENV)/installed-browser  ## pytest with branch coverage, on two cores
	@PYTHONASYNCIODEBUG=1 $(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered --durations=10

docs: $(VENV)/installed-test  ## write the generated docs anew (protocol, schemas, operations)
	@$(BIN)/python -m stream.protocol_docs
	@$(BIN)/python -m tests.vectors.write
	@$(BIN)/python -m stream.operations_docs

bench: $(VENV)/installed-test  ## print the tables of docs/benchmarks.md
	@$(BIN)/python -m benchmarks

bench-motion: $(VENV)/installed-test  ## print how right the motion model is, method by method
	@$(BIN)/python -m benchmarks.motion

bench-smo: $(VENV)/installed-test  ## print what each part of the soft masks gives
	@$(BIN)/python -m benchmarks.motion.smo

bench-video: $(VENV)/installed-test  ## print how right the video model is, on rendered scenes
	@$(BIN)/python -m benchmarks.video

train: $(VENV)/installed-test  ## make a motion model anew in place of the bundled one (over an hour)
	@$(PIP) --editable '.[cpu,train,sentence]'
	@$(BIN)/python -m training all

TEN := $(BIN)/python -m training --work work/ten
train-ten: $(VENV)/installed-test  ## make the model without ten actions, for bench-motion
	@$(PIP) --editable '.[cpu,train,sentence]'
	@$(TEN) prepare --without ten
	@$(TEN) train
	@$(TEN) export --out benchmarks/motion/motion-ten --version \
	  ten-$$($(BIN)/python -c 'from engines import models; print(models.find("bundled").manifest.version)')

clean:  ## remove what these commands made
	rm -rf $(VENV) build dist *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "liveground needs Python 3.11 or newer: install it, or name it with PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "python3 cannot make a virtual environment: apt-get install python3-venv"; exit 1; }

$(VENV)/installed-demo: $(SETUP) | $(BIN)/python
	@echo "installing liveground with its CPU runtime into $(VENV) ..."
	@$(PIP) --editable '.[cpu]'
	@$(BIN)/python -m stream.pose_files || true
	@touch $@

$(VENV)/installed-browser: .ci/browser .ci/publishers | $(VENV)/installed-test
	@.ci/browser
	@.ci/publishers
	@touch $@

# torch first and alone: its plain CPU build, before anything can ask for another one.
$(VENV)/installed-test: $(SETUP) | $(BIN)/python
	@echo "installing liveground, torch and the development tools into $(VENV) ..."
	@$(PIP) torch==2.13.0
	@$(PIP) --editable '.[cpu,dev,train,tmr]'
	@touch $@ $(VENV)/installed-demo
