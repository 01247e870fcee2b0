PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test benchmark

# served to this machine alone, since others on a school's network have no business with it
run: $(VENV)/app
	$(BIN)/streamlit run app.py --server.address 127.0.0.1

test: $(VENV)/dev
	$(BIN)/python -m pytest

benchmark: $(VENV)/dev
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/grouping.py --rounds
	$(BIN)/python benchmarks/submissions.py
	$(BIN)/python benchmarks/scale.py 1000 10000

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/app: $(BIN)/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: $(VENV)/app
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
