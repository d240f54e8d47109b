"""Runs schemathesis, in this process, over one version of the API in one edition: every phase with every check."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.engine import events, from_schema

from sandbox.app import create_app
from sandbox.clock import frozen
from sandbox.contract.documents import Document, documents
from sandbox.editions import Edition
from sandbox.scenario.loading import load_scenario
from sandbox.transport import InProcess
from sandbox.world import State, World
from sandbox.worlds import Worlds
from tests.contract.drawing import known_to, teach
from tests.contract.findings import Findings, Watched

PROVIDER_API = ("v1", "v2", "v3")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
SEED = 20261012
STEPS = 8
# A verb that the document has not is a 404 here, as it is in the service.
NOT_OURS = ("unsupported_method", "allow_header_conformance")


def fuzz(
    version: str,
    edition: Edition,
    document: Document | None = None,
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
    document = document or documents()[version]
    findings = Findings(version, edition.name)
    world = World("main", beginning(), edition=edition)
    watched = Watched(create_app(Worlds(world)).wsgi_app, document, world, findings)
    each = max(1, round(examples / len(document.operations)))
    if phases:
        for event in from_schema(schema_over(watched, config(phases, each, seed))).execute():
            note(event, findings, progress)
    if stories:
        progress(f"{version} {edition.name}: {stories} stories")
        play_stories(schema_over(watched, config(("stateful",), 1, seed)), stories, seed, findings)
    findings.seconds = time.perf_counter() - started
    return findings


@cache
def beginning() -> State:
    """The default scenario, at its own moment."""
    scenario = load_scenario("default", seed="contract")
    return State(records=scenario.records(), clock=frozen(scenario.now or scenario.as_of))


@cache
def token() -> str:
    """That of the provider who asks."""
    return load_scenario("default", seed="contract").tokens[0]


def schema_over(watched: Watched, configuration: SchemathesisConfig) -> Any:
    """A document as schemathesis sees it, over the application, and taught what the provider knows."""
    schema = schemathesis.openapi.from_dict(without_advice(watched.document.tree), config=configuration)
    schema.app = watched
    teach(schema, known_to(token(), InProcess(watched.app), watched.world))
    return schema


def without_advice(tree: Any) -> Any:
    """A document without `x-advised`, which binds nobody: what goes against advice alone is not wrong."""
    if isinstance(tree, dict):
        return {name: without_advice(value) for name, value in tree.items() if name != "x-advised"}
    return [without_advice(it) for it in tree] if isinstance(tree, list) else tree


def config(phases: tuple[str, ...], examples: int, seed: int) -> SchemathesisConfig:
    """Every check that means something here, and so many examples of each operation.

    A request that is fine by the document may be refused by the rules of the business, but not called unreadable.
    """
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "auth": {"openapi": {"token": {"bearer": token()}}},
            "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["200", "304", "404", "422"]},
                "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "406", "422"]},
                **{name: {"enabled": False} for name in NOT_OURS},
                # The engine's probes for it (4.32) cannot be sent to an application in process; those of stories can.
                "ignored_auth": {"enabled": "stateful" in phases},
            },
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "continue-on-failure": True,
        }
    )


def note(event: Any, findings: Findings, progress: Callable[[str], None]) -> None:
    """Keep what an event of the engine tells of."""
    if isinstance(event, events.ScenarioFinished):
        progress(f"{findings.version} {findings.edition}: {event.phase.value} {event.recorder.label}")
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
                stateful_step_count=STEPS,
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
