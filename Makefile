# `make` alone lists what you can do. Each target sets up what it needs in .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY ?= python3
BIN := .venv/bin
# What takes longest begins first (tests/conftest.py), so the order stays as it is.
BESIDE = --dist loadfile --no-loadscope-reorder
# As many test processes as there are cores: so many at least, and eight at most, for each journey has a browser.
CORES := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
at_least = $(shell n=$(CORES); [ $$n -gt $(1) ] || n=$(1); [ $$n -lt 8 ] || n=8; echo $$n)
export PYTHONDONTWRITEBYTECODE ?=

help:            ## what you can do here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / — /' | sort

run: .venv/web   ## show the demonstration clinic in a browser, on this machine only (PORT=8000)
	@$(BIN)/openipt serve --port $(or $(PORT),8000)

test: .venv/dev browser  ## all tests, with two of the browser journeys (ARGS="-k record" for some)
	$(BIN)/pytest -n $(call at_least,2) $(BESIDE) -m "not nightly and not durability and not long and (not journey or short_journey)" $(ARGS)

test-all: .venv/dev browser  ## everything CI runs: all tests, all journeys in a real browser, and again on PostgreSQL
	$(BIN)/pytest -n $(call at_least,4) $(BESIDE) -m "not nightly and not in_part" $(ARGS)  # journeys and kills wait much of their time
	$(MAKE) --no-print-directory test-postgres

# What is about SQLite alone stays out, and what opens no database at all (tests/site/test_what_runs_where.py holds it);
# what kills processes of its own has the whole server to itself.
NO_DATABASE = tests/therapy tests/spec tests/pictures tests/policy tests/docs tests/exchange/paper tests/shelf
ON_POSTGRES = $(BIN)/python scripts/with_postgres.py $(BIN)/pytest -m "not nightly and not journey and not durability"
test-postgres: .venv/dev  ## all tests without a browser, on a PostgreSQL that comes and goes with them
	$(ON_POSTGRES) -n $(call at_least,3) $(BESIDE) $(addprefix --ignore ,$(NO_DATABASE) tests/site tests/durability tests/evidence) $(ARGS)
	$(ON_POSTGRES) tests/evidence $(ARGS)

test-nightly: .venv/dev browser  ## the long figures
	$(BIN)/pytest -m nightly $(ARGS)

check: .venv/dev ## style, types, floors, templates, the shelf, how plain the client's texts are
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --config .importlinter
	$(BIN)/mypy openipt
	$(BIN)/djlint --lint --quiet openipt/rooms
	$(BIN)/openipt library check
	$(BIN)/python scripts/check_docstrings.py openipt
	$(BIN)/python scripts/reading_grade.py

fix: .venv/dev   ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev browser ## measure the budgets (the clinic of 2,000 clients is built once, in a few minutes)
	$(BIN)/python bench/run.py $(ARGS)
	$(BIN)/python bench/memory.py $(ARGS)
	$(BIN)/python bench/fifty.py
	$(BIN)/python bench/phone.py

picture: .venv/dev browser  ## make the three pictures of the README anew
	$(BIN)/python scripts/picture.py

gallery: .venv/dev browser  ## take a picture of every page of the workspace, to be looked at (shots/workspace/index.html)
	$(BIN)/python scripts/gallery.py $(ARGS)

phone-gallery: .venv/dev browser  ## the same for the client's room on a phone (shots/phone/index.html)
	$(BIN)/python scripts/phone_gallery.py $(ARGS)

lock: .venv/uv   ## make the lock files anew (they hold hashes and no addresses)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra web --extra paper --extra postgres -q pyproject.toml -o requirements/web.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra web --extra paper --extra postgres --group dev -q pyproject.toml -o requirements/dev.txt

clean:           ## remove what the other targets made
	rm -rf .venv var shots .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# ---- setting up: each mark is made once, and again when what it depends on changes ----

.venv/uv:
	@command -v $(PY) >/dev/null || { echo "Python 3.11 or newer is needed and $(PY) was not found. Install it, or say where it is: make PY=/path/to/python3"; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PY) is $$($(PY) -V 2>&1 | cut -d" " -f2)."; exit 1; }
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv and pip are needed (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(PY) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<0.14' || { echo "uv could not be installed: is the package registry within reach?"; exit 1; }
	@touch $@

.venv/web: .venv/uv requirements/web.txt pyproject.toml
	@echo "Setting up (once) ..."
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements/web.txt
	@$(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

.venv/dev: .venv/uv requirements/dev.txt pyproject.toml
	@echo "Setting up for development (once) ..."
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --no-deps --editable .
	@touch .venv/web $@

browser:
	@bash scripts/browser.sh

.PHONY: help run test test-all test-postgres test-nightly check fix bench picture gallery phone-gallery lock clean browser
