# Everything a person does with this repository. `make help` lists it.

PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
BASE_URL ?= http://127.0.0.1:$(PORT)
export HOST PORT BASE_URL

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint format clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(VENV)/run.stamp $(VENV)/dev.stamp ## Make the virtual environment and install every dependency

run: $(VENV)/run.stamp ## Serve Tocsin on http://127.0.0.1:8000, with demo data the first time (PORT=…)
	@$(BIN)/python .ci/port_is_free.py $(HOST) $(PORT)
	@$(BIN)/python manage.py prepare --demo
	@echo
	@echo "  Tocsin is on http://$(HOST):$(PORT)  (stop it with Ctrl-C)"
	@echo
	@exec $(BIN)/gunicorn

test: setup ## Run every test: on SQLite, on PostgreSQL and in a browser
	@$(BIN)/python -m tests.run

bench: setup ## Measure every promise about speed, on up to 1,000,000 incidents (ARGS="--only list-cpu")
	@$(BIN)/python -m tests.bench $(ARGS)

lint: setup ## Check style, types, layers, templates, migrations and production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	TOCSIN_ENVIRONMENT=production BASE_URL=https://tocsin.example.com \
		SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: setup ## Rewrite Python and templates in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

clean: ## Remove the virtual environment and what tools leave behind; var/ stays
	rm -rf $(VENV) staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "Tocsin needs Python 3.11 or newer, and found none."; \
		echo "Install it (on Debian and Ubuntu: apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.11"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is too old: Tocsin needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Virtual environment: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Dependencies: installing what Tocsin needs to run"
	@$(PIP) install -r requirements.txt || { echo "The installation failed; its reason is above. It needs a package index: see pip config list."; exit 1; }
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Dependencies: installing what the tests and checks need"
	@$(PIP) install -r requirements-dev.txt || { echo "The installation failed; its reason is above. It needs a package index: see pip config list."; exit 1; }
	@touch $@
