.DEFAULT_GOAL := help
.PHONY: help install run test check bench screenshots lock clean
.DELETE_ON_ERROR:

# The Python to build .venv with; found by itself when not given.
PYTHON ?=
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --requirement

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

install: .venv/.runtime ## Make .venv with what Postern needs to run

run: install ## Serve Postern on 127.0.0.1 (PORT and POSTERN_HOME are heeded)
	@exec .venv/bin/flask --app app postern serve

test: .venv/.development ## Run all tests: SQLite, PostgreSQL, Redis and a browser, all real
	@.venv/bin/python -m tests.real.chromium
	@.venv/bin/python -m pytest --numprocesses auto --dist worksteal

check: .venv/.development ## Lint, check the format and the types, and hold the architecture to its rules
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/python -m pytest tests/architecture

bench: .venv/.development ## Measure verifications and pages, into bench/results.json (BENCH_SECONDS shortens it)
	@.venv/bin/python -m bench

screenshots: .venv/.development ## Take the pictures of the README and the guide anew
	@.venv/bin/python -m tools.screenshots

lock: .venv/.development ## Rewrite the lock files from pyproject.toml
	@tools/lock

clean: ## Remove .venv and every cache; ./instance stays
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Stamps: a lock file newer than its stamp is installed again, and nothing else is.
.venv/.made:
	@python=$$(PYTHON="$(PYTHON)" tools/find-python) && echo "Making .venv" && "$$python" -m venv .venv
	@touch $@

.venv/.runtime: requirements.txt | .venv/.made
	@echo "Installing what Postern runs on into .venv"
	@$(PIP) $<
	@touch $@

.venv/.development: requirements-dev.txt | .venv/.made
	@echo "Installing what Postern is tested with into .venv"
	@$(PIP) $<
	@touch $@ .venv/.runtime
