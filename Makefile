# make run    open the lab in the browser          make test   lint, types and tests
# make setup  prepare .venv only                   make lint   lint and types
# make verify recompute all recorded files, and compare the numbers in the texts with them
# make test-thorough   the same tests with three times as many examples drawn by hypothesis
# Every target sets up what it needs by itself. PYTHON, HOST, PORT and HEADLESS may be given.

PYTHON ?= python3
HOST ?= localhost
PORT ?= 8501
# A browser is opened where there is a screen to open it on: macOS, X or Wayland.
HEADLESS ?= $(if $(filter Darwin,$(shell uname -s))$(DISPLAY)$(WAYLAND_DISPLAY),false,true)

BIN := .venv/bin
# `make test WORKERS=0` runs the tests one after another, in one process.
WORKERS ?= 2
PARALLEL = $(if $(filter-out 0,$(WORKERS)),-n $(WORKERS) --dist loadscope --no-loadscope-reorder)
CHROMIUM = $(shell command -v chromium || command -v chromium-browser)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --no-input --quiet

.PHONY: run setup setup-dev test test-thorough verify lint format audit
.DELETE_ON_ERROR:

run: setup
	@echo "The lab: http://$(HOST):$(PORT)   (Ctrl-C stops it; runs are kept)"
	@$(BIN)/python -m streamlit run serve.py --server.address $(HOST) --server.port $(PORT) \
	  --server.headless $(HEADLESS) --server.showEmailPrompt false --logger.hideWelcomeMessage true

setup: .venv/.ready
setup-dev: .venv/.ready-dev

# Two workers: one begins with the browser, one with real processes. Types are checked meanwhile.
test-thorough: export HYPOTHESIS_PROFILE := thorough
test test-thorough: setup-dev
	@$(BIN)/python -m ruff check . && $(BIN)/python -m ruff format --check .
	@began=$$(date +%s); failed=0; types=$$(mktemp); \
	  $(BIN)/python -m mypy >"$$types" 2>&1 & mypy=$$!; \
	  $(BIN)/python -m pytest $(PARALLEL) --durations=10 || failed=1; \
	  wait $$mypy || failed=1; \
	  cat "$$types"; rm -f "$$types"; \
	  took=$$(($$(date +%s) - began)); \
	  echo "make $@: $$((took / 60)) min $$((took % 60)) s$$([ $$failed = 0 ] || echo ', FAILED')"; \
	  [ -n "$(CHROMIUM)" ] || echo "The browser tests were left out: no chromium here." \
	    "On Debian and Ubuntu: apt-get install chromium fonts-noto-cjk"; \
	  exit $$failed

lint: setup-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

# Where the corpora are fetched, the metrics of the models that ship are measured again, too.
verify: setup
	$(BIN)/python -m seqgan_core verify assets/comparison/*.json assets/traces/*.json \
	  assets/recorded/*.zip assets/models/*.safetensors
	$(BIN)/python -m tests.support.numbers_in_texts README.md assets/experiments/*.md

format: setup-dev
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

audit: setup-dev
	$(BIN)/python -m pip_audit -r requirements.txt

# The stamps say for which requirements .venv was prepared; a change of these prepares it again.
.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$$($(PYTHON) --version 2>&1) is too old or missing; the lab needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu install python3-venv"; exit 1; }
	@touch $@

.venv/.ready: requirements.txt | .venv/.python
	@echo "Installing what the lab needs into .venv (a few minutes the first time)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	@echo "Installing the test tools into .venv"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@
