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
DOORS = {"state/clock.py", "state/ids.py"}

# Who may import whom: a module imports its own layer and those before it. The longest prefix that fits a module counts.
LAYERS = (
    ("state.record", "serving.address", "files", "printing", "transport", "suggest", "json_members", "state.waiting"),
    ("state.described", "rulebook.refusals", "rulebook.values", "dates", "state.clock", "state.ids"),
    ("ecf.domain", "rect.domain"),
    (
        *("state", "rulebook", "api.routes", "services"),
        *("ecf.editions", "ecf.service", "ecf.shipped", "rect.editions", "rect.service", "rect.shipped"),
    ),
    ("ecf.records", "ecf.reference", "rect.records", "rect.reference"),
    ("ecf.rules", "ecf.queries", "rect.rules", "rect.queries"),
    ("ecf.actions", "ecf.events", "rect.actions", "rect.events"),
    ("scenario", "ecf.scenario", "rect.scenario"),
    (
        *("api", "ecf.routes", "ecf.access", "ecf.serializers", "ecf.versions", "ecf.endpoints"),
        *("rect.routes", "rect.access", "rect.http", "rect.serializers", "rect.endpoints"),
    ),
    (
        *("rect.explain", "rect.report", "rect.checks", "rect.observed"),
        *("tools", "moving", "ecf.examples", "ecf.explain", "ecf.report", "ecf.checks", "ecf.observed", "ecf.contract"),
        *("rect.contract", "rect.examples", "rect.properties", "ecf.pages", "rect.pages", "ecf.properties"),
        # What services make their pages of.
        *("web.ui.model", "web.ui.sections", "web.ui.words", "web.ui.cells", "web.ui.callers", "web.ui.deeds"),
        *("web.ui.row_changes", "web.ui.happenings", "web.ui.moments", "web.ui.request_form"),
    ),
    ("control", "web"),
    ("app", "serving"),
    ("remote", "ecf.compared_lists", "rect.compared_lists", "testing", "tools.exercise"),
    ("pytest_plugin", "cli"),
)
# The services of the package. Nothing outside one knows its nouns, another service least of all.
SERVICES = ("ecf", "rect")
# What knows a service from outside: a move from one to another plays requests in a world of the one that it makes of
# what the other has shown. It is of neither, and `services.py` names it.
BETWEEN = {"moving/rect_world.py": "rect"}
# Where a version is that of a file's format, and there is one.
FORMATS = {"state/exchange_codec.py", "tools/report/build.py", "tools/exercise/history.py"}
FLASK = {"flask", "werkzeug"}
EDGES = ("api", "control", "web", "app", "cli", "remote", "serving")

# Where a function may import: the seams, which not everybody crosses (a command, a test with a world, the control
# plane, pages, the observer), and what few ask for or have. Elsewhere a module says in its first lines what it needs.
LATE = {
    "cli/": "a command: help and mistakes come at once",
    "pytest_plugin/__init__.py": "a test with a world, or one that failed: the plugin is loaded in every run of pytest",
    "pytest_plugin/run.py": "a test with a world",
    "pytest_plugin/settings.py": "a setting that is not the default",
    "transport.py": "a request over a socket, which the server itself never sends",
    "suggest.py": "a mistake, which alone pays for difflib",
    "app.py": "the control plane, pages, the observer, and Flask, which they alone need",
    "web/mounted.py": "the control plane for whoever looks at pages, and pages for whoever controls worlds",
    "control/matching.py": "whoever asks for a finding",
    "control/explain.py": "an explanation, which most who control worlds never ask for",
    "tools/explain/written.py": "what would pass, which most exports are not asked for",
    "tools/observer/observer.py": "a request that is worth a check",
    "tools/observer/bodies.py": "a body that cannot be read",
    "tools/observer/expected.py": "a service whose documents have not been read out into a file",
    "api/auth.py": "an unusual server date",
    "api/form_body.py": "a form in parts",
    "api/response.py": "a fault with an unusual status",
    "scenario/loading.py": "a story",
    "services.py": "a service that a package adds",
    "serving/address.py": "an unusual host",
    "testing/__init__.py": "a state machine, which needs hypothesis",
    "testing/settings.py": "a setting that is not the default",
    "testing/world.py": "requests or httpx, which are not installed with the sandbox",
    "tools/contract/answers.py": "jsonschema-rs, which is not installed with the sandbox",
    "remote/checks.py": "jsonschema-rs",
    "tools/report/formats.py": "a report as HTML",
}


@dataclass(frozen=True)
class Module:
    """A module of the package, read once."""

    file: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.file.relative_to(PACKAGE).as_posix()

    @property
    def dotted(self) -> str:
        return ".".join(self.file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")

    @property
    def layer(self) -> int | None:
        return layer_of(self.dotted)

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


def layer_of(dotted: str) -> int | None:
    fitting = [
        (len(prefix), number)
        for number, layer in enumerate(LAYERS)
        for prefix in layer
        if dotted == prefix or dotted.startswith(f"{prefix}.")
    ]
    return max(fitting)[1] if fitting else None


def above(module: Module) -> set[str]:
    """What of our own a module imports from a layer after its own."""
    ours = {name.removeprefix("ecf_sandbox.") for name in module.imports if name.startswith("ecf_sandbox.")}
    layer = module.layer
    return {name for name in ours if layer is not None and (layer_of(name) or 0) > layer}


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return [Module(it, ast.parse(it.read_text())) for it in sorted(PACKAGE.rglob("*.py"))]


def test_every_module_has_a_layer(modules):
    assert {"state/world.py", "ecf/domain/participants.py"} < {it.name for it in modules}
    assert [it.name for it in modules if it.layer is None] == [
        "__init__.py",
        "__main__.py",
        "ecf/__init__.py",
        "rect/__init__.py",
    ]


def test_a_module_imports_only_its_own_layer_and_those_before_it(modules):
    beyond = {it.name: more for it in modules if (more := above(it))}

    assert beyond == {}


def test_what_knows_the_nouns_of_a_service_lives_with_it(modules):
    knowing = {
        (it.name, service)
        for service in SERVICES
        for it in modules
        if not it.dotted.startswith(service) and any(name.startswith(f"ecf_sandbox.{service}.") for name in it.imports)
    }

    assert knowing == set(BETWEEN.items())


def test_imports_are_absolute(modules):
    relative = {it.name: found for it in modules if (found := [name for name in it.imports if name.startswith(".")])}

    assert relative == {}


def test_flask_is_known_only_at_the_edges(modules):
    inside = {
        it.name: used
        for it in modules
        if not it.dotted.startswith(EDGES) and (used := {name.split(".")[0] for name in it.imports} & FLASK)
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


def test_only_what_lies_behind_a_seam_is_imported_by_a_function(modules):
    late = {it.name: found for it in modules if (found := sorted(late_imports(it.tree)))}

    assert {name: found for name, found in late.items() if not name.startswith(tuple(LATE))} == {}
    assert [reason for reason in LATE if not any(name.startswith(reason) for name in late)] == []


def late_imports(tree: ast.Module) -> set[str]:
    """What the functions of a module import."""
    functions = (it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef))
    found = (it for function in functions for it in ast.walk(function) if isinstance(it, ast.Import | ast.ImportFrom))
    return {f"line {it.lineno}: {ast.unparse(it)}" for it in found}


def test_every_module_says_what_it_is_for(modules):
    silent = [it.name for it in modules if not ast.get_docstring(it.tree)]

    assert silent == []


def test_no_version_of_the_api_is_compared_with_a_number(modules):
    """What differs by version is named: by a service's version (`ecf/versions.py`), a route or an operation."""
    numbers = {name for it in modules for name in constants(it.tree)}
    compared = {it.name: found for it in modules if (found := sorted(version_numbers(it.tree, numbers)))}

    assert {name: found for name, found in compared.items() if name not in FORMATS} == {}
    assert compared.keys() >= FORMATS


@pytest.mark.parametrize(
    "code",
    [
        "context.version == 3",
        "version < 3",
        "0 < info.version < 3",
        "asked.version in (1, 2)",
        "version not in OLD",
        "info.version != NEWEST",
        "int(version) >= NEWEST",
        "3 if version else version is 2",
        "version == 'v3'",
    ],
)
def test_a_comparison_of_a_version_with_numbers_is_seen(code):
    assert version_numbers(ast.parse(code), {"NEWEST", "OLD"})


@pytest.mark.parametrize("code", ["info.version", "version in known", "version != newest", "VERSIONS[info.version]"])
def test_a_version_that_is_looked_up_is_no_comparison_with_a_number(code):
    assert not version_numbers(ast.parse(code), {"NEWEST", "OLD"})


def constants(tree: ast.Module) -> set[str]:
    """The names that a module gives to numbers, or to several of them."""
    assigned = (it for it in tree.body if isinstance(it, ast.Assign | ast.AnnAssign) and it.value and numeric(it.value))
    targets = (target for it in assigned for target in (it.targets if isinstance(it, ast.Assign) else [it.target]))
    return {it.id for it in targets if isinstance(it, ast.Name)}


def numeric(node: ast.expr) -> bool:
    """Whether an expression is a number, the name of a version, or several of them."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return bool(node.elts) and all(map(numeric, node.elts))
    if not isinstance(node, ast.Constant):
        return False
    return type(node.value) is int or (isinstance(node.value, str) and node.value in {"v1", "v2", "v3"})


def version_numbers(tree: ast.Module, numbers: set[str]) -> set[str]:
    """The comparisons of what is called a version with a number, or with one of these names of numbers."""
    found = (it for it in ast.walk(tree) if isinstance(it, ast.Compare))
    return {
        f"line {it.lineno}: {ast.unparse(it)}"
        for it in found
        if any(is_version(side) for side in (it.left, *it.comparators))
        and any(
            numeric(side) or (isinstance(side, ast.Name) and side.id in numbers) for side in (it.left, *it.comparators)
        )
    }


def is_version(node: ast.expr) -> bool:
    names = {
        it.id if isinstance(it, ast.Name) else it.attr
        for it in ast.walk(node)
        if isinstance(it, ast.Name | ast.Attribute)
    }
    return "version" in names
