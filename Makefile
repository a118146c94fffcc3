# Verbs for people and for CI. Needs python3 (3.11 or later) with venv, and make; nothing else.
.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi

.PHONY: help
help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/made: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rapporteur needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V)."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# --no-deps: a lock file is complete, and resolving it once more fails as soon as an index offers something newer.
.venv/runtime: .venv/made requirements.txt
	@echo "Installing what the service needs (hash-checked) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/testing: .venv/made requirements-test.txt
	@echo "Installing what the tests need (hash-checked) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.txt
	@touch $@ .venv/runtime

.PHONY: install
install: .venv/runtime ## Make .venv from the hashed lock file

.PHONY: demo
demo: .venv/runtime ## Load the demonstration, start server (PORT, 8000) and worker, print sign-in links
	@RAPPORTEUR_ENV=demo PORT=$(PORT) exec $(FLASK) demo serve

.PHONY: demo-links
demo-links: .venv/runtime ## Print the sign-in links of the running demonstration again
	@RAPPORTEUR_ENV=demo PORT=$(PORT) $(FLASK) demo links

.PHONY: demo-reset
demo-reset: .venv/runtime ## Throw the demonstration's database away and load it anew
	@RAPPORTEUR_ENV=demo $(FLASK) demo reset

.PHONY: run
run: .venv/runtime ## Start the server with the settings of the environment
	@exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT) wsgi:app

.PHONY: work
work: .venv/runtime ## Send letters, read returned ones, remind: the worker beside the server, until Ctrl-C
	@exec $(FLASK) jobs work

.PHONY: migrate
migrate: .venv/runtime ## Bring the database to the newest schema
	@$(FLASK) database upgrade

.PHONY: check
check: .venv/testing ## Style, types, import contracts, templates, spelling: no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet app/templates
	$(BIN)/codespell README.md CHANGELOG.md docs app questionnaires bench tools
	$(FLASK) questionnaires check

.PHONY: browser
browser: .venv/testing
	@tools/browser.sh

# Three processes on two cores: the one that is at the browser tests waits most of its time.
.PHONY: test
test: .venv/testing browser check ## Everything CI runs: checks, all tests on SQLite and PostgreSQL, browser tests with axe
	$(BIN)/pytest -n 3 --dist worksteal

.PHONY: bench-quick
bench-quick: .venv/testing ## Measure pages, saves and compiling against bare baselines
	@$(BIN)/python -m bench.quick

.PHONY: format
format: .venv/testing ## Format code and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lock
lock: .venv/made ## Resolve the two lock files anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal --extra test pyproject.toml -o requirements-test.txt

.PHONY: clean
clean: ## Remove caches (keeps .venv and instance)
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
