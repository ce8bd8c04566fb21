# Two commands are enough: `make run` and `make test`. `make` alone lists the rest.
PYTHON ?= python3
PY := .venv/bin/python
export PORT DATA_DIR
# An empty PORT= or DATA_DIR= must not reach the settings as an empty value.
ifeq ($(strip $(PORT)),)
unexport PORT
endif
ifeq ($(strip $(DATA_DIR)),)
unexport DATA_DIR
endif

# The checks come before the tests, whatever -j says.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test check lint format types lock bench shots environment environment-dev

help: ## List these commands
	@echo "Understudy: make COMMAND"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-8s %s\n' "$$name" "$$text"; done

run: environment ## Start the portal with demo data (PORT=8000 DATA_DIR=var may be given)
	@exec $(PY) -m portal.up

test: environment-dev ## Run every test this machine can run, on SQLite and on PostgreSQL
	@exec $(PY) -m tests.run

check: lint types ## Lint, types, missing migrations, deploy checks
	@$(PY) -m tests.deploy_check

lint: environment-dev ## Lint Python and templates
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m djlint --lint --quiet templates

types: environment-dev ## Check types
	@ENV_FILE= SECRET_KEY=types-only $(PY) -m mypy accounts agencies replicas portal

format: environment-dev ## Format Python
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

lock: environment-dev ## Lock requirements*.in into hashed requirements*.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@for list in requirements requirements-dev; do \
		$(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
			--no-emit-find-links --custom-compile-command 'make lock' $$list.in -o $$list.txt || exit 1; \
	done
	@! grep -n '://' requirements.txt requirements-dev.txt

bench: environment-dev ## Measure against the limits; writes var/bench/latest.json
	@exec $(PY) -m bench

shots: environment-dev ## Take pictures of every page as every role into var/shots/
	@exec $(PY) -m tests.shots

environment:
	@$(PYTHON) .ci/environment.py requirements.txt

environment-dev:
	@$(PYTHON) .ci/environment.py requirements-dev.txt
