# Everything a developer of the sandbox runs. A fresh machine needs Python 3.11, make and git; the rest is fetched once.
.PHONY: setup serve test check fix conformance contract contract-prism report-schemas release-check bench docs examples

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

setup: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "ecf-sandbox needs Python 3.11 or newer; run: make setup PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing ecf-sandbox into $(VENV) (once)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable . >&2
	@touch $@

serve: $(STAMP)
	@exec $(BIN)/ecf-sandbox serve $(ARGS)

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto

fix: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

conformance: $(STAMP)
	@$(BIN)/python -m tests.conformance $(ARGS)

contract: $(STAMP)
	@$(BIN)/python -m tests.contract $(ARGS)

contract-prism: $(STAMP)
	@$(BIN)/python -m tests.contract.prism $(ARGS)

# What the standard says of a report, by its own schema, which comes by npm.
report-schemas: $(STAMP)
	@$(BIN)/python -m tests.reporting.official

# What would be released, built, installed where nothing else is, and used from there.
release-check: $(STAMP)
	@$(BIN)/python -m tests.release

bench: $(STAMP)
	@$(BIN)/python -m tests.bench $(ARGS)

# Every example, run against a sandbox of its own; those in a language that is not installed are named.
examples: $(STAMP)
	@$(BIN)/python -m pytest -ra tests/examples $(ARGS)

# Everything that is printed from the code, and what the observer expects from the OpenAPI documents.
docs: $(STAMP)
	@$(BIN)/ecf-sandbox rules --markdown > docs/rules.md
	@$(BIN)/ecf-sandbox findings --markdown > docs/findings.md
	@$(BIN)/ecf-sandbox scenarios docs > docs/scenarios.md
	@$(BIN)/python -m ecf_sandbox.contract.observing.advised > openapi/expected.json
	@$(BIN)/python -m ecf_sandbox.control.description > openapi/control.yaml
	@$(BIN)/python -m ecf_sandbox.control.description --markdown > docs/control-plane.md
	@$(BIN)/python -m ecf_sandbox.cli_reference > docs/command-line.md
	@$(BIN)/python -m ecf_sandbox.control.event_reference > docs/events.md
	@$(BIN)/python -m ecf_sandbox.scenario.file_reference > docs/scenario-file.md
	@$(BIN)/python -m ecf_sandbox.pytest_plugin.reference docs/test-author.md
	@$(BIN)/ecf-sandbox report --schema > docs/report.schema.json
