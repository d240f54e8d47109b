"""What a scenario of this service begins with: its sections, read in the order in which they need one another."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.ecf.domain.providers import TokenKind
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.ecf.scenario import contracts, declarations, history, people, schools, volume
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.scenario.builder import ScenarioBuilder
from ecf_sandbox.scenario.fields import Fields


class Beginning(Builder):
    """The records of a scenario in the making."""

    def beginning(self, root: Fields) -> tuple[Records, Mapping[str, str]]:
        """Read every section: the records, and the providers' tokens by what the file calls the providers."""
        return _read(self, root)


def scenario_builder(seed: str) -> ScenarioBuilder:
    """A scenario that is about to be read; its ids derive from the seed."""
    return Beginning(seed)


def _read(builder: Builder, root: Fields) -> tuple[Records, Mapping[str, str]]:
    contracts.read_cohorts(builder, root)
    contracts.read_features(builder, root)
    contracts.read_providers(builder, root)
    contracts.read_other_tokens(builder, root)
    contracts.read_delivery_partners(builder, root)
    registrations = []
    sources = (root, volume.generated(builder, root)) if "generate" in root else (root,)
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
        it.fields.finish()
    return records, dict(zip(builder.providers, builder.tokens, strict=True))


def clients_of(records: Records) -> dict[str, str]:
    """The token of each provider by the provider's name in small letters, with hyphens."""
    return {
        records.providers[it.provider_id].name.lower().replace(" ", "-"): it.value
        for it in records.tokens
        if it.kind is TokenKind.LEAD_PROVIDER and it.provider_id is not None
    }
