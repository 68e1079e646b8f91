# make run    open the lab in the browser          make test   lint, types and tests
# make setup  prepare .venv only                   make lint   lint and types
# make test-thorough   the same tests with three times as many examples drawn by hypothesis
# Every target sets up what it needs by itself. PYTHON, HOST, PORT and HEADLESS may be given.

PYTHON ?= python3
HOST ?= localhost
PORT ?= 8501
# A browser is opened where there is a screen to open it on: macOS, X or Wayland.
HEADLESS ?= $(if $(filter Darwin,$(shell uname -s))$(DISPLAY)$(WAYLAND_DISPLAY),false,true)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --no-input --quiet

.PHONY: run setup setup-dev test test-thorough lint format audit
.DELETE_ON_ERROR:

run: setup
	@echo "The lab: http://$(HOST):$(PORT)   (Ctrl-C stops it; runs are kept)"
	@$(BIN)/python -m streamlit run app.py --server.address $(HOST) --server.port $(PORT) \
	  --server.headless $(HEADLESS) --server.showEmailPrompt false --logger.hideWelcomeMessage true

setup: .venv/.ready
setup-dev: .venv/.ready-dev

test: lint
	$(BIN)/python -m pytest

test-thorough: export HYPOTHESIS_PROFILE := thorough
test-thorough: test

lint: setup-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

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
