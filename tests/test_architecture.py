"""The house holds: who may import whom, and that time and chance come in at two doors only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "sandbox" / "ecf_sandbox"
MODULES = sorted(PACKAGE.rglob("*.py"))

# For each layer, what of our own it may import. The core is every module directly in the package that is not an edge.
CORE = {
    "records",
    "table",
    "turn",
    "world",
    "worlds",
    "clock",
    "ids",
    "editions",
    "journal",
    "faults",
    "rate_limit",
    "changes",
    "findings",
    "place",
}
MAY_IMPORT = {
    "domain": {"domain"},
    "instants": {"instants"},
    "reference": {"domain", "reference", "ids"},
    "rules": {"domain", "rules", "editions", "instants"},
    "queries": {"domain", "queries", "records", "instants"},
    "actions": {"domain", "rules", "queries", "actions", "turn", "records", "editions", "instants", "ids"},
    "core": {"domain", "instants", "core"},
    "scenario": {
        "domain",
        "rules",
        "instants",
        "reference",
        "queries",
        "actions",
        "core",
        "scenario",
        "resources",
        "transport",
        "exporting",
    },
    "contract": {"domain", "instants", "core", "resources", "transport", "scenario", "contract"},
    "explaining": {"domain", "rules", "instants", "queries", "actions", "core", "explaining", "transport"},
    "reporting": {"domain", "instants", "rules", "contract", "api", "reporting"},
    "web": {"contract", "core", "web"},
    "doctor": {"scenario", "contract", "transport", "doctor"},
    "exporting": {"domain", "core", "exporting"},
    "control": {"domain", "instants", "queries", "actions", "core", "scenario", "exporting", "explaining", "control"},
    "api": {"domain", "rules", "queries", "actions", "core", "api", "instants", "contract"},
    "proxy": {"domain", "core", "api", "contract", "control", "serving", "transport", "proxy"},
    "drift": {"domain", "core", "contract", "proxy", "scenario", "app", "transport", "drift"},
    "clients": {"clients", "transport"},
    "testing": {
        "domain",
        "queries",
        "actions",
        "core",
        "scenario",
        "api",
        "app",
        "serving",
        "transport",
        "clients",
        "control",
        "testing",
    },
    "pytest_plugin": {
        "rules",
        "control",
        "core",
        "scenario",
        "explaining",
        "contract",
        "app",
        "transport",
        "testing",
        "pytest_plugin",
    },
}
FLASK = {"flask", "werkzeug"}
EDGES = {"api", "control", "web", "app", "cli", "proxy"}


def layer_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    name = parts[0]
    return "core" if len(parts) == 1 and name in CORE else name


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (it.name for it in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            if node.module == "ecf_sandbox":
                yield from (f"ecf_sandbox.{it.name}" for it in node.names)


def layer_imported(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] != "ecf_sandbox" or len(parts) == 1 or parts[1] == "__version__":
        return None
    return "core" if parts[1] in CORE else parts[1]


@pytest.mark.parametrize("module", MODULES, ids=lambda it: str(it.relative_to(PACKAGE)))
class TestEveryModule:
    def test_imports_only_what_its_layer_may(self, module):
        allowed = MAY_IMPORT.get(layer_of(module))
        if allowed is None:
            pytest.skip("an edge, or the composition of the parts")
        named = {name for it in imports(module) if (name := layer_imported(it)) is not None}
        permitted = allowed | (CORE & allowed) | ({"core"} if allowed & CORE else set())

        assert named <= permitted

    def test_knows_flask_only_at_the_edges(self, module):
        uses = {it.split(".")[0] for it in imports(module)} & FLASK

        assert not uses or layer_of(module) in EDGES

    def test_reads_no_clock_and_makes_no_random_ids(self, module):
        if module.name in ("clock.py", "ids.py") and module.parent == PACKAGE:
            pytest.skip("the two doors")
        tree = ast.parse(module.read_text())
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        read = {
            it
            for it in calls
            if (it.split(".")[-1] in {"now", "utcnow", "today"} and "datetime" in it) or it == "date.today"
        }

        assert not read
        assert not {"uuid", "random", "secrets"} & {it.split(".")[0] for it in imports(module)}
        assert not {"time.time", "time.time_ns", "uuid4", "uuid1"} & calls

    def test_says_in_one_sentence_what_it_is_for(self, module):
        assert ast.get_docstring(ast.parse(module.read_text()))
