# Two commands: `make run` starts the assistant, `make test` runs every check. Both set up what they need first.
SHELL := /bin/sh
PYTHON := $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
WORKERS := 2

.PHONY: help run test bench setup setup-test build serve check pins shots clean

help:  ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: setup build serve  ## Set up, build what is stale, start everything

setup:  ## Make the two environments (does nothing if they are up to date)
	@$(PYTHON) deploy/setup.py --for run

setup-test:
	@$(PYTHON) deploy/setup.py --for test
	@sh deploy/system-packages.sh

build: setup  ## Build the encoder, the index and the dialogue model where stale
	@$(BIN)/send-assistant build

serve:
	@exec $(BIN)/send-assistant serve

check: setup-test  ## Style, types, imports and content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/send-assistant check --summary

test: setup-test build check  ## Everything: checks, unit, contract, dialogue, conversations, browser
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

bench: setup-test build  ## Speed and memory, against their budgets; on a machine with nothing else to do
	@$(BIN)/python -m pytest tests/benchmarks

pins:  ## Refresh the pinned requirement files
	@sh deploy/pins.sh

shots: setup-test  ## Pictures of every state of the widget at three widths, into .build/shots
	@$(BIN)/python -m tests.browser.widget.screenshots .build/shots

clean:  ## Remove what was built (the environments stay)
	@rm -rf .build/encoder .build/terms .build/knowledge .build/dialogue .rasa
