# Two commands are all a newcomer needs: `make run` and `make test`.
# Both bring uv themselves when it is missing; everything else comes from the lock file.

SHELL := /bin/sh
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.PHONY: run test setup help

help:  ## show the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: setup  ## set up, train if needed, serve the web chat on 127.0.0.1:8080
	$(UV) run --no-sync guichet train
	$(UV) run --no-sync guichet serve

test: setup  ## set up and run all that must pass
	$(UV) run --no-sync poe ci

setup:  ## bring uv and the locked packages
	@command -v $(UV) >/dev/null 2>&1 || { $(PYTHON) -m venv .uv && .uv/bin/pip install --quiet 'uv>=0.8'; }
	$(UV) sync --locked --quiet
