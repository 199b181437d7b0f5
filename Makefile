# raylens: every task starts here. Needs Python >= 3.11 and make; nothing is installed outside .venv and console/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-cache-dir
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# What the console is built from, folders too, so that a file that went away counts as a change.
CONSOLE := $(shell find console/. -name node_modules -prune -o -name dist -prune -o -name generated -prune -o -print 2>/dev/null)
BUNDLE := src/raylens/console/bundle/index.html
# Node.js comes from PyPI into .venv, but only where the machine has none that will do.
NODE = $(BIN)/python hatch_build.py node >/dev/null || \
  { echo "fetching Node.js from PyPI (60 MB)"; $(PIP) install --quiet --require-hashes -r requirements/node.txt; }

.PHONY: help install console demo test check unit bench bench-insights soak docs lock clean

help:  ## Show what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Stamps make repeated calls instant and offline: pip runs again only when the pinned list changes.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "raylens needs Python >= 3.11, this is " + sys.version.split()[0] + ": set PYTHON=/path/to/python3.11")'
	@echo "[1/4] making a local environment in $(VENV)/"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.packages: $(VENV)/pyvenv.cfg requirements/lab.txt
	@echo "[2/4] installing pinned packages (about 400 MB to fetch the first time)"
	@$(PIP) install --quiet --progress-bar on --require-hashes -r requirements/lab.txt
	@touch $@

$(BUNDLE): $(VENV)/.packages hatch_build.py docs/reference/openapi.json $(CONSOLE)
	@echo "[3/4] building the console"
	@$(NODE)
	@$(BIN)/python hatch_build.py build
	@touch $@

# The bundle comes first, so that pip's build finds it and has nothing to do; a new one needs no new installation.
$(VENV)/.installed: $(VENV)/.packages pyproject.toml | $(BUNDLE)
	@echo "[4/4] installing raylens itself"
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	@echo "installing what the tests need"
	@$(PIP) install --quiet --progress-bar on --require-hashes -r requirements/dev.txt
	@touch $@

install: $(VENV)/.installed $(BUNDLE)  ## Make .venv/ with the raylens command in it
	@echo "ready: $(BIN)/raylens --help"

console: $(BUNDLE)  ## Build the console

# ONCE=1 stops after the printing; exit 0 only if everything expected was traced.
demo: $(VENV)/.installed $(BUNDLE)  ## Run raylens and the QuickTable lab, traced end to end
	@$(BIN)/raylens demo $(if $(ONCE),--once)

test: check unit  ## Static checks and every test

check: $(VENV)/.installed-dev $(BUNDLE)  ## Format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NODE)
	@$(BIN)/python hatch_build.py run check

# Two at a time; a file stays whole, so that what it starts is started once.
unit: $(VENV)/.installed-dev $(BUNDLE)  ## The tests alone
	@$(NODE)
	@$(BIN)/python hatch_build.py run test
	@$(BIN)/pytest -m 'not soak' -n 2 --dist loadfile

soak: $(VENV)/.installed-dev  ## Long runs: kill -9 under load, fuzzing
	@$(BIN)/pytest -m soak

bench: $(VENV)/.installed-dev  ## Measure the figures of docs/benchmarks.md
	@$(BIN)/python -m benchmarks

# DATA is a folder in the layout of benchmarks/data/insights.
bench-insights: $(VENV)/.installed-dev  ## Score insights on recorded incidents
	@$(BIN)/python benchmarks/insights_eval.py --score $(if $(DATA),--data "$(DATA)") $(if $(OUT),--out "$(OUT)")

docs: $(VENV)/.installed  ## Renew docs/reference/ from the code
	@$(BIN)/python -m docs.generate

lock:  ## Renew the pinned package lists (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra lab \
	  pyproject.toml requirements/build.in -o requirements/lab.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra lab --group dev \
	  -c requirements/lab.txt pyproject.toml requirements/build.in -o requirements/dev.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  requirements/node.in -o requirements/node.txt

clean:  ## Remove the environment, caches and the demo's data
	rm -rf $(VENV) console/node_modules console/dist $(dir $(BUNDLE)) .raylens .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
