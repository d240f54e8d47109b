# Everything a developer of the sandbox runs. A fresh machine needs Python 3.11 or newer and make; the rest is fetched once.
.PHONY: setup anew lock serve test test-all test-newest test-oldest check fix conformance contract contract-prism \
        contract-lint contract-generators contract-postman \
        report-schemas release-check container bench docs examples browser fuzz attack soak mutants \
        bench-peers bench-scale
.DEFAULT_GOAL := setup

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What was installed last, and when: what the sandbox needs to run (run), what tests and checks it too (dev), and what
# drives a browser as well (browser).
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
BROWSER := $(VENV)/.browser
LOCKS := requirements/install.sh requirements/build.txt requirements/run.txt
ARGS ?=

# A Python that is asked for by name makes the environment anew, unless it is the one that made it.
ifneq ($(origin PYTHON),file)
VERSION := -c 'import platform; print(platform.python_version())' 2>/dev/null
ifneq ($(shell $(PYTHON) $(VERSION)),$(shell $(BIN)/python $(VERSION)))
$(RUN) $(DEV) $(BROWSER): anew
endif
ASKED := $(PYTHON)
endif

setup: $(DEV)
	@:

$(RUN): $(LOCKS) pyproject.toml sandbox/ecf_sandbox/__init__.py
	@requirements/install.sh run $(VENV) $(ASKED)

$(DEV): $(LOCKS) requirements/dev.txt pyproject.toml sandbox/ecf_sandbox/__init__.py
	@requirements/install.sh dev $(VENV) $(ASKED)

$(BROWSER): $(LOCKS) requirements/dev.txt requirements/browser.txt pyproject.toml sandbox/ecf_sandbox/__init__.py
	@requirements/install.sh browser $(VENV) $(ASKED)

anew:

# Writes the locks anew. Pins that still fit stay; ARGS=--upgrade takes the newest of everything, ARGS="-P flask" of one.
# No setting of the machine's counts but where its index is, and that is not written down.
LOCK = env $(foreach it,CONFIG_FILE INDEX EXTRA_INDEX_URL FIND_LINKS CONSTRAINT OVERRIDE EXCLUDE RESOLUTION PRERELEASE \
         FORK_STRATEGY EXCLUDE_NEWER NO_BINARY ONLY_BINARY,-u UV_$(it)) $(BIN)/uv pip compile --quiet --no-config --universal \
       --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" $(ARGS)
lock: $(RUN)
	@echo "Writing requirements/build.txt, run.txt, dev.txt and browser.txt" >&2
	@$(LOCK) requirements/build.in -o requirements/build.txt
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) pyproject.toml --all-extras --group pyproject.toml:dev \
	  -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
	@$(LOCK) pyproject.toml --all-extras --group pyproject.toml:dev --group pyproject.toml:browser \
	  -c requirements/dev.txt -c requirements/build.txt -o requirements/browser.txt

serve: $(RUN)
	@exec $(BIN)/ecf-sandbox serve $(ARGS)

# What one edits against; the rest of the suite has its turn in test-all.
test: $(DEV)
	@$(BIN)/python -m pytest -n auto $(ARGS)

test-all: $(DEV)
	@$(BIN)/python -m pytest -n auto --all --ignore=tests/web/browser $(ARGS)

# The suite at both ends of the ranges that pyproject.toml allows, in environments of their own.
test-newest: UPGRADE := --upgrade
test-oldest: UPGRADE := --upgrade --resolution lowest-direct
test-newest test-oldest: test-%: $(RUN)
	@echo "Installing the $* versions into .venv-$*" >&2
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-$*
	@$(BIN)/uv pip install --quiet --python .venv-$* $(UPGRADE) --group dev --editable .
	@.venv-$*/bin/python -m pytest -n auto $(ARGS)

check: $(DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

fix: $(DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

conformance: $(DEV)
	@$(BIN)/python -m tests.conformance $(ARGS)

contract: $(DEV)
	@$(BIN)/python -m tests.tools.contract $(ARGS)

contract-prism: $(DEV)
	@$(BIN)/python -m tests.tools.contract.prism $(ARGS)

# What Spectral and Redocly say of the OpenAPI documents; the exceptions are in tests/openapi/.
contract-lint: $(DEV)
	@$(BIN)/python -m tests.tools.contract.generators --lint $(ARGS)

# The table of docs/generators.md: ARGS="--before FOLDER" has the documents of another checkout beside it.
contract-generators: $(DEV)
	@$(BIN)/python -m tests.tools.contract.generators $(ARGS)

# Every request of the served documents as Postman imports and sends it.
contract-postman: $(DEV)
	@$(BIN)/python -m tests.tools.contract.postman $(ARGS)

# What the standard says of a report, by its own schema, which comes by npm.
report-schemas: $(DEV)
	@$(BIN)/python -m tests.tools.report.official

# What would be released, built, installed where nothing else is, and used from there.
release-check: $(DEV)
	@$(BIN)/python -m tests.release

# The image of examples/ci/, built as root with buildah and debootstrap, run, and left in buildah's storage.
container: $(DEV)
	@$(BIN)/python -m tests.release.container

bench: $(DEV)
	@$(BIN)/python -m tests.bench $(ARGS)

# Drawn requests to the application in this process, 100,000 unless ARGS="--requests N" says otherwise; the seed is fixed.
# Guided by coverage where atheris can be had, which comes into a folder of its own below ~/.cache/ecf-sandbox.
fuzz: $(DEV)
	@$(BIN)/python -m tests.fuzz $(ARGS)

# Raw sockets against served sandboxes, a claim for each case; ARGS="--only 'long_*'" for some, ARGS="--size 10" for more.
attack: $(DEV)
	@$(BIN)/python -m tests.attack $(ARGS)

# Clients in many worlds for 30 minutes, and resident memory by minute; ARGS="--worlds 200 --minutes 30".
soak: $(DEV)
	@$(BIN)/python -m tests.soak $(ARGS)

# Small mistakes made on purpose in rules and actions, each tried with the tests that reach it. Goes on where it ended;
# ARGS="--service ecf", ARGS="--module declarations", ARGS="--sample 100 --quick", ARGS="--jobs 2".
mutants: $(DEV)
	@$(BIN)/python -m tests.mutants $(ARGS)

# The sandbox beside Prism, Mockoon, json-server, WireMock, moto, localstripe and bare Flask, each installed for itself below
# ~/.cache/ecf-sandbox. For a machine that does nothing else, about ten minutes; ARGS=--quick to see that it works.
bench-peers: $(DEV)
	@$(BIN)/python -m tests.bench.peers $(ARGS)

# One process beside four behind nginx, as docs/scale.md has them.
bench-scale: $(DEV)
	@$(BIN)/python -m tests.bench.scale $(ARGS)

# Every example, run against a sandbox of its own; those in a language that is not installed are named.
examples: $(DEV)
	@$(BIN)/python -m pytest -ra tests/examples $(ARGS)

# The pages in a real browser, which the machine has: Chromium, as Debian packages it. ARGS=--pictures renews docs/pictures/.
browser: $(BROWSER)
	@$(BIN)/python -m pytest -n auto -ra tests/web/browser $(ARGS)

# Everything that is printed from the code, and what the observer expects from the OpenAPI documents.
docs: export PYTHONIOENCODING = utf-8
docs: $(DEV)
	@$(BIN)/ecf-sandbox rules --markdown > docs/rules.md
	@$(BIN)/ecf-sandbox rules --markdown --service rect > docs/rect-rules.md
	@$(BIN)/python -m ecf_sandbox.tools.observer.catalogue > docs/findings.md
	@$(BIN)/ecf-sandbox scenarios docs > docs/scenarios.md
	@$(BIN)/python -m ecf_sandbox.tools.observer.build_expected > openapi/expected.json
	@$(BIN)/python -m ecf_sandbox.tools.observer.build_expected rect > openapi/rect-expected.json
	@$(BIN)/python -m ecf_sandbox.control.description > openapi/control.yaml
	@$(BIN)/python -m ecf_sandbox.control.description --markdown > docs/control-plane.md
	@$(BIN)/python -m ecf_sandbox.cli.reference > docs/command-line.md
	@$(BIN)/python -m ecf_sandbox.control.event_reference > docs/events.md
	@$(BIN)/python -m ecf_sandbox.control.event_reference rect > docs/rect-events.md
	@$(BIN)/python -m ecf_sandbox.scenario.file_reference > docs/scenario-file.md
	@$(BIN)/python -m ecf_sandbox.scenario.file_reference rect > docs/rect-scenario-file.md
	@$(BIN)/ecf-sandbox scenarios schema > scenarios/scenario.schema.json
	@$(BIN)/python -m ecf_sandbox.pytest_plugin.reference docs/test-author.md
	@$(BIN)/ecf-sandbox report --schema > docs/report.schema.json
	@$(BIN)/ecf-sandbox move --schema > docs/moving.schema.json
	@$(BIN)/python -m ecf_sandbox.moving.page > docs/moving-to-rect.md
