# Everything runs from .venv, installed from the locked, hashed requirements.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
ARGS ?=
# What is compiled once is kept, wherever that is switched off: each start would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
# One more than two processors have: a third of the tests' time is waiting.
WORKERS ?= 3

.PHONY: install demo test lint bench lock

install: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements into $(VENV) …"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

demo: $(STAMP)
	@$(VENV)/bin/tot demo $(ARGS)

test: $(STAMP)
	@$(VENV)/bin/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(STAMP)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(STAMP)
	@$(VENV)/bin/python -m bench $(ARGS)

# Needs uv. Writes one lock for Python 3.11 to 3.13, with hashes and without index addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  -c requirements.txt --all-extras pyproject.toml -o requirements-dev.txt
