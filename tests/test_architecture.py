"""The house holds: who may import whom, and that time and chance come in at two doors only.

Each test looks at every module and names all that offend at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "sandbox" / "ecf_sandbox"
DOORS = {"clock.py", "ids.py"}

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


@dataclass(frozen=True)
class Module:
    """A module of the package, read once."""

    file: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.file.relative_to(PACKAGE).as_posix()

    @property
    def layer(self) -> str:
        parts = self.file.relative_to(PACKAGE).with_suffix("").parts
        return "core" if len(parts) == 1 and parts[0] in CORE else parts[0]

    @cached_property
    def imports(self) -> tuple[str, ...]:
        return tuple(imports(self.tree))

    @cached_property
    def calls(self) -> set[str]:
        return {ast.unparse(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (it.name for it in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            if node.module == "ecf_sandbox":
                yield from (f"ecf_sandbox.{it.name}" for it in node.names)


def layer_imported(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] != "ecf_sandbox" or len(parts) == 1 or parts[1] == "__version__":
        return None
    return "core" if parts[1] in CORE else parts[1]


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return [Module(it, ast.parse(it.read_text())) for it in sorted(PACKAGE.rglob("*.py"))]


def test_every_module_is_looked_at(modules):
    assert {"world.py", "rules/rule.py", "domain/participants.py"} < {it.name for it in modules}
    assert set(MAY_IMPORT) <= {it.layer for it in modules}


def test_a_module_imports_only_what_its_layer_may(modules):
    # Edges, and what composes the parts, have no entry and import what they need.
    beyond = {
        it.name: more
        for it in modules
        if it.layer in MAY_IMPORT and (more := {layer_imported(name) for name in it.imports} - {None} - may(it.layer))
    }

    assert beyond == {}


def may(layer: str) -> set[str]:
    allowed = MAY_IMPORT[layer]
    return allowed | {"core"} if allowed & CORE else allowed


def test_imports_are_absolute(modules):
    relative = {it.name: found for it in modules if (found := [name for name in it.imports if name.startswith(".")])}

    assert relative == {}


def test_flask_is_known_only_at_the_edges(modules):
    inside = {
        it.name: used
        for it in modules
        if it.layer not in EDGES and (used := {name.split(".")[0] for name in it.imports} & FLASK)
    }

    assert inside == {}


def test_no_module_reads_a_clock_or_makes_random_ids_but_the_two_doors(modules):
    found = {it.name: by for it in modules if it.name not in DOORS and (by := {*clocks(it), *chances(it)})}

    assert found == {}


def clocks(module: Module) -> set[str]:
    """Calls that ask the machine for the time."""
    return {
        it
        for it in module.calls
        if (it.split(".")[-1] in {"now", "utcnow", "today"} and "datetime" in it)
        or it in {"date.today", "time.time", "time.time_ns"}
    }


def chances(module: Module) -> set[str]:
    """Imports and calls that draw something at random."""
    drawn = {it.split(".")[0] for it in module.imports} & {"uuid", "random", "secrets"}
    return drawn | (module.calls & {"uuid4", "uuid1"})


def test_every_module_says_what_it_is_for(modules):
    silent = [it.name for it in modules if not ast.get_docstring(it.tree)]

    assert silent == []
