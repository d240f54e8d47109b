"""Runs schemathesis, in this process, over one document of a service in one edition: every phase with every check."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.engine import events, from_schema

from ecf_sandbox.app import create_app
from ecf_sandbox.files import folder
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.services import SERVICES, service_named
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.tools.contract.documents import OpenApiDocument, documents
from ecf_sandbox.tools.contract.fuzzing import teach, without_advice
from ecf_sandbox.tools.contract.known_values import fuzzing_of, known_to
from ecf_sandbox.transport import InProcess
from tests.tools.contract.findings import Findings, Watched

PHASES = ("examples", "coverage", "fuzzing", "stateful")
SEED = 20261012
# What holds for whoever runs schemathesis against a sandbox holds here too; the hooks are for a server.
SHIPPED = tomllib.loads((folder("openapi") / "schemathesis.toml").read_text())
SHIPPED.pop("hooks")


def suites() -> Iterator[tuple[Service, str, Edition]]:
    """Every document of every service with every edition."""
    for name in SERVICES:
        service = service_named(name)
        for version in documents(service):
            yield from ((service, version, it) for it in service.editions.values())


def fuzz(
    service: Service,
    version: str,
    edition: Edition,
    document: OpenApiDocument | None = None,
    *,
    examples: int,
    stories: int = 20,
    phases: tuple[str, ...] = PHASES[:3],
    seed: int = SEED,
    progress: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Send about so many drawn requests, and play so many stories by the links; each request, or story, begins anew.

    `document` is judged by in place of the version's own.
    """
    started = time.perf_counter()
    document = document or documents(service)[version]
    findings = Findings(f"{service.name} {version}", edition.name)
    world = World("main", beginning(service), edition=edition, service=service)
    watched = Watched(create_app(Worlds(world)).wsgi_app, document, world, findings)
    each = max(1, round(examples / len(document.operations)))
    if phases:
        for event in from_schema(schema_over(watched, config(service, phases, each, seed))).execute():
            note(event, findings, progress)
    if stories:
        progress(f"{findings.document} {edition.name}: {stories} stories")
        play_stories(schema_over(watched, config(service, ("stateful",), 1, seed)), stories, seed, findings)
    findings.seconds = time.perf_counter() - started
    return findings


@cache
def default(service: Service) -> Scenario:
    """What a world of a service begins with unless it is told otherwise."""
    return load_scenario("default", seed="contract", service=service.name)


def beginning(service: Service) -> State:
    """The default scenario, at its own moment."""
    scenario = default(service)
    return State(records=scenario.records(), clock=frozen(scenario.now or scenario.as_of))


def schema_over(watched: Watched, configuration: SchemathesisConfig) -> Any:
    """A document as schemathesis sees it, over the application, and taught what the provider knows."""
    schema = schemathesis.openapi.from_dict(without_advice(watched.document.tree), config=configuration)
    schema.app = watched
    service = watched.world.service
    known = known_to(fuzzing_of(service), default(service).tokens[0], InProcess(watched.app))
    teach(schema, lambda _: fuzzing_of(service), lambda _: known)
    return schema


def config(service: Service, phases: tuple[str, ...], examples: int, seed: int) -> SchemathesisConfig:
    """Every check that means something here, and so many examples of each operation."""
    return SchemathesisConfig.from_dict(
        SHIPPED
        | {
            "seed": seed,
            "auth": {"openapi": {"token": {"bearer": default(service).tokens[0]}}},
            "generation": SHIPPED["generation"] | {"max-examples": examples, "no-shrink": True},
            # The engine's probes for it (4.32) cannot be sent to an application in process; those of stories can.
            "checks": SHIPPED["checks"] | {"ignored_auth": {"enabled": "stateful" in phases}},
            "phases": {name: SHIPPED["phases"].get(name, {}) | {"enabled": name in phases} for name in PHASES},
        }
    )


def note(event: Any, findings: Findings, progress: Callable[[str], None]) -> None:
    """Keep what an event of the engine tells of."""
    if isinstance(event, events.ScenarioFinished):
        progress(f"{findings.document} {findings.edition}: {event.phase.value} {event.recorder.label}")
        for checks in event.recorder.checks.values():
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    key = f"{event.recorder.label}: {failure.title}"
                    findings.wrong.setdefault(key, f"{failure.message}\n{check.failure_info.code_sample}")
    elif isinstance(event, events.NonFatalError | events.FatalError):
        shown = getattr(event, "value", None) or getattr(event, "exception", None)
        findings.wrong.setdefault(f"{type(event).__name__}: {shown}", repr(event))


def play_stories(schema: Any, stories: int, seed: int, findings: Findings) -> None:
    """Follow the links of the document from one answer to the next, each story in a world of its own."""
    watched: Watched = schema.app

    class Story(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            super().setup()
            watched.world.reset()

    watched.telling = True
    try:
        seeded(seed)(Story).run(
            settings=settings(
                max_examples=stories,
                stateful_step_count=SHIPPED["phases"]["stateful"]["max-steps"],
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
        )
    except (Exception, FailureGroup) as failure:
        findings.wrong[f"a story: {type(failure).__name__}"] = str(failure)
    finally:
        watched.telling = False
