# Everything runs from .venv, installed from the locked, hashed requirements.
PYTHON ?= python3
VENV := .venv
# Makes a release and checks the locks: a place of its own, since the bot needs none of it.
RELEASE := .venv-release
# Whoever tries the demo needs no tests; what they need besides is installed by the first target that does.
STAMP := $(VENV)/.installed
DEMO := $(VENV)/.demo
ARGS ?=
# What is compiled once is kept, wherever that is switched off: each start would compile it anew.
unexport PYTHONDONTWRITEBYTECODE
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
# One more than two processors have: a third of the tests' time is waiting.
WORKERS ?= 3

.PHONY: install demo test test-slow test-all look docs samples lint bench dist release audit lock lock-more

# Installs a lock with the hashes in it, and says how far it is.
define INSTALL
@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
@echo "Installing $(1) into $(VENV) …"
@$(VENV)/bin/python -m pip install --disable-pip-version-check --require-hashes -r $(1) | \
	{ of=$$(cat requirements.txt $(2) $(1) | grep -c '^[a-z].*=='); while read -r step what _; do case $$step in \
	Collecting) printf '\r\033[K  %d of %d: %s' $$((++n)) $$of "$$what";; \
	Installing) printf '\r\033[K  unpacking …';; esac; done; echo; }
endef

install: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	$(call INSTALL,requirements-dev.txt,requirements-demo.txt)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@ $(DEMO)

$(DEMO): requirements-demo.txt
	$(call INSTALL,requirements-demo.txt)
	@touch $@

demo: $(DEMO)
	@$(VENV)/bin/python -c "from bot.cli import main; main()" demo $(ARGS)

PYTEST := $(VENV)/bin/python -m pytest -n $(WORKERS) --dist worksteal

test: $(STAMP)
	@$(PYTEST) $(ARGS)

# What takes long and seldom finds anything that `make test` does not.
test-slow: $(STAMP)
	@$(PYTEST) -m slow $(ARGS)

test-all: $(STAMP)
	@$(PYTEST) -m "" $(ARGS)

look: $(STAMP)
	@$(VENV)/bin/python -m tests.page.look $(ARGS)

# Writes all that derives from the code: of the documents, the stored candidate.
docs: $(STAMP)
	@$(VENV)/bin/python -m tests.docs $(ARGS)

# Plays all stories and keeps one of each message and form: what «tot doctor --blocks» shows to Slack.
samples: $(STAMP)
	@$(VENV)/bin/python -m tests.docs.samples -n $(WORKERS) $(ARGS)

lint: $(STAMP)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/hadolint Containerfile

bench: $(STAMP)
	@$(VENV)/bin/python -m bench $(ARGS)

release: lint test-all dist

# Nothing is uploaded. dist/ holds a wheel, an sdist, a list of all that they bring along (CycloneDX) and hashes.
dist: $(RELEASE)/.installed
	@rm -rf dist build
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(RELEASE)/bin/python -m build --no-isolation --outdir dist . >/dev/null
	@# setuptools writes into an sdist when it was made: packed anew, so that the same commit has the same hashes.
	@cd dist && sdist=$$(basename *.tar.gz .tar.gz) && tar xzf $$sdist.tar.gz && tar --sort=name --mtime=@$$(git log -1 --format=%ct) --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -cf - $$sdist | gzip -n9 >packed && mv packed $$sdist.tar.gz && rm -r $$sdist
	@PYTHONWARNINGS=ignore $(RELEASE)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.cdx.json requirements.txt
	@cp requirements.txt dist/
	@cd dist && sha256sum -- * >SHA256SUMS && cat SHA256SUMS

# Asks the Python Package Index what is known of each locked version.
audit: $(RELEASE)/.installed
	@$(RELEASE)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt $(ARGS)

$(RELEASE)/.installed: requirements-release.txt
	@test -x $(RELEASE)/bin/python || $(PYTHON) -m venv $(RELEASE)
	@$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-release.txt
	@touch $@

# Needs uv. One lock for each use, for Python 3.11 to 3.13, with hashes and without index addresses. Each has
# the lines that those it names first have not.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
MORE = awk 'NR == FNR {if (/^[a-z]/) known[$$0]; next} /^[a-z]/ {skip = $$0 in known} !skip'
lock:
	$(COMPILE) pyproject.toml -o requirements.txt
	@$(MAKE) --no-print-directory lock-more OF=demo FIRST=requirements.txt EXTRAS='--extra demo'
	@$(MAKE) --no-print-directory lock-more OF=dev FIRST=requirements-demo.txt \
		EXTRAS='--extra demo --extra test --extra lint'
	$(COMPILE) requirements-release.in -o requirements-release.txt

# What was locked before stays as it is, where it can.
lock-more:
	@cat requirements.txt $(FIRST) requirements-$(OF).txt | grep -v '^-r ' >requirements-$(OF).all
	$(COMPILE) $(addprefix -c ,$(FIRST)) $(EXTRAS) pyproject.toml -o requirements-$(OF).all
	@(printf -- '-r %s\n' $(FIRST); cat requirements.txt $(FIRST) | $(MORE) - requirements-$(OF).all) >requirements-$(OF).txt
	@rm requirements-$(OF).all
