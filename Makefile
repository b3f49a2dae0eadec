# make run: set up and start.   make test: everything CI checks.   Both need only Python >= 3.11 with venv, and make.
.DEFAULT_GOAL := help
.PHONY: help run sandbox claim test lint unit bench clean
export UV_SYSTEM_CERTS := 1
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1
# Compiled modules are kept: without them every start compiles some 1,000 files again, which takes longer than all the rest.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
PY := .venv/bin/python
UV = $$(command -v uv || echo .venv/bin/uv)
SYNC = $(UV) sync --locked --inexact --no-install-project

help:
	@echo "make run      set up and start: with TELEGRAM_BOT_TOKEN on Telegram, without one in the browser"
	@echo "make test     lint, types, import contract, content, and every test"
	@echo "make claim    print a link that makes whoever opens it an admin"

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found."; exit 1; }
	@echo "Setting up in .venv (once) ..."
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; \
		echo "Python's venv is missing. Install it first, on Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@command -v uv >/dev/null 2>&1 || .venv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

.venv/ready-run: .venv/bin/python uv.lock pyproject.toml
	@echo "Installing what the bot needs ..."
	@$(SYNC) --no-dev
	@touch $@

.venv/ready-test: .venv/bin/python uv.lock pyproject.toml
	@echo "Installing what the tests need ..."
	@$(SYNC)
	@touch $@ .venv/ready-run

run: .venv/ready-run
	@exec $(PY) -m bot start

claim: .venv/ready-run
	@exec $(PY) -m bot claim

lint: .venv/ready-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) -m knowledge lint --examples

unit: .venv/ready-test
	.venv/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder

test: lint unit

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
