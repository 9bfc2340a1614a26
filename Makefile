.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
PINS := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" -q

.PHONY: run test check fix pins help

run: $(VENV)/ready-to-run ## install, migrate, seed a demonstration the first time, serve on 127.0.0.1
	@$(PY) -m engage run

test: $(VENV)/ready-to-test ## everything that CI runs: style, types, every test on SQLite and on PostgreSQL + Redis
	@$(PY) -m tests.everything

check: $(VENV)/ready-to-test ## style and types only
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

fix: $(VENV)/ready-to-test ## let ruff mend what it can
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

pins: $(VENV)/ready-to-test ## write the pinned requirements anew from pyproject.toml
	$(VENV)/bin/$(PINS) --extra postgres -o requirements.txt
	$(VENV)/bin/$(PINS) --extra test -o requirements-dev.txt

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-6s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/ready-to-run: requirements.txt $(VENV)/bin/python
	@echo "Installing the pinned packages (the first time only)"
	@$(PYTHON) -m pip --python $(PY) install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-to-test: requirements-dev.txt $(VENV)/bin/python
	@echo "Installing the pinned packages and the test tools (the first time only)"
	@$(PYTHON) -m pip --python $(PY) install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/ready-to-run
