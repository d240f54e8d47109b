"""What a scenario of this service begins with: its sections, read in the order in which they need one another."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.ecf.domain.providers import TokenKind
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.scenario import contracts, declarations, history, people, schools, volume
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.sections import Sections
from ecf_sandbox.scenario.builder import ScenarioBuilder


class Beginning(Builder):
    """The records of a scenario in the making."""

    def beginning(self, scenario: Sections) -> tuple[Records, Mapping[str, str]]:
        """Read every section: the records, and the providers' tokens by what the file calls the providers."""
        return _read(self, scenario)


def scenario_builder(seed: str) -> ScenarioBuilder:
    """A scenario that is about to be read; its ids derive from the seed."""
    return Beginning(seed)


def _read(builder: Builder, scenario: Sections) -> tuple[Records, Mapping[str, str]]:
    builder.ids.read(scenario)
    contracts.read_cohorts(builder, scenario)
    contracts.read_features(builder, scenario)
    contracts.read_providers(builder, scenario)
    contracts.read_other_tokens(builder, scenario)
    contracts.read_delivery_partners(builder, scenario)
    registrations = []
    sources = (scenario, volume.generated(builder, scenario)) if "generate" in scenario else (scenario,)
    for source in sources:
        schools.read_schools(builder, source)
        schools.read_partnerships(builder, source)
    schools.add_school_cohorts(builder)
    for source in sources:
        registrations += people.read_people(builder, source)
    people.add_people(builder)
    for it in registrations:
        history.read_history(builder, it)
    records = builder.play()
    records = declarations.declare(builder, records, registrations)
    for it in registrations:
        it.entry.finish()
    builder.ids.finish(scenario)
    return records, dict(zip(builder.providers, builder.tokens, strict=True))


def clients_of(records: Records) -> dict[str, str]:
    """The token of each provider by the provider's name in small letters, with hyphens."""
    return {
        records.providers[it.provider_id].name.lower().replace(" ", "-"): it.value
        for it in records.tokens
        if it.kind is TokenKind.LEAD_PROVIDER and it.provider_id is not None
    }


def names_after(_: str, arguments: Mapping[str, object]) -> list[str]:
    """Whom an event registers can be named from then on."""
    name = arguments.get("full_name")
    return [f"people.{name}{record}" for record in ("", ".ect", ".mentor")] if name else []
