# make run    sets everything up and shows a monitored newsroom; FEEDS=deploy/feeds.yaml follows real feeds;
#             ARCHIVE=https://HOST:9200 keeps the result in Elasticsearch
# make test   sets everything up and passes all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FEEDS ?=
ARCHIVE ?= sqlite:///$(if $(FEEDS),parley,newsroom).db

.PHONY: run test check setup

run: $(VENV)/.ready
ifeq ($(FEEDS),)
	$(BIN)/python -m tests.newsroom demo --archive "$(ARCHIVE)"
else
	$(BIN)/parley run --feeds "$(FEEDS)" --archive "$(ARCHIVE)"
endif

test: $(VENV)/.ready-test check
	$(BIN)/pytest -q

check: $(VENV)/.ready-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

setup: $(VENV)/.ready

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer: make run PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test,train]'
	touch $@ $(VENV)/.ready
