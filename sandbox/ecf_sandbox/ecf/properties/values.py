"""Values for requests, the plainest first: dates at the edges of what counts, reasons, schedules, evidence, queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.ecf.actions.participants import withdrawal_reasons
from ecf_sandbox.ecf.properties.invariants import LISTS
from ecf_sandbox.ecf.properties.requests import provider_named, trained
from ecf_sandbox.ecf.queries.names import named_moments
from ecf_sandbox.ecf.queries.partnerships import partnerships
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.ecf.rules.declarations import ATTENDED, CLASSIC, ENGAGED, ENGAGED_OR_SHORT, STARTED
from ecf_sandbox.ecf.rules.participants import DEFERRAL_REASONS
from ecf_sandbox.state.properties import Choose
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.values import (
    ZONES,
    at_an_edge,
    edges_of_a_year,
    list_parameters,
    target_of,
    written,
)

_REASONS = {
    "deferParticipant": lambda _: DEFERRAL_REASONS,
    "withdrawParticipant": withdrawal_reasons,
}


def moment_at_an_edge(world: World, client: str, choose: Choose) -> datetime:
    """A moment at which the answer may change: the present, the edge of a milestone or of a summer, or a second off."""
    return at_an_edge(_edges(world, client), choose)


def _edges(world: World, client: str) -> Iterator[datetime]:
    records, now = records_in(world.state), world.now().replace(microsecond=0)
    yield now
    for _, training, __ in trained(records, provider_named(records, client)):
        for it in records.schedules[training.schedule_id].milestones:
            yield it.opens
            if it.closes is not None:
                yield it.closes
    yield from edges_of_a_year(now.year)


def declaration_date(world: World, client: str, choose: Choose) -> str:
    """A `declaration_date` at an edge, well-formed; whether it counts depends on the rest."""
    return written(moment_at_an_edge(world, client, choose), choose)


def server_date(world: World, client: str, choose: Choose) -> str:
    """A value for `X-With-Server-Date`: the present or a moment ahead, among them those that have a name."""
    now = world.now().replace(microsecond=0)
    named = [
        it.at for it in named_moments(records_in(world.state), now) if ":next:" in it.name or it.name.count(":") == 2
    ]
    ahead = [it for it in _edges(world, client) if it > now]
    return instant(choose(list(dict.fromkeys([now, *named, *sorted(ahead)]))))


def reason(world: World, write: str, choose: Choose) -> str:
    """A reason that the DfE knows for a deferral or a withdrawal; raises KeyError for another write."""
    return choose(sorted(_REASONS[write](records_in(world.state))))


def schedule(world: World, cohort: int | None, course: str | None, choose: Choose) -> str | None:
    """The identifier of a schedule of a cohort, by default of any, that a course may follow."""
    found = [
        it
        for it in records_in(world.state).schedules
        if (cohort is None or it.cohort == cohort) and (course is None or it.permits(course))
    ]
    usual = sorted({it.identifier for it in found}, key=lambda it: (it != "ecf-standard-september", it))
    return choose(usual) if usual else None


def evidence(world: World, declaration_type: str, course: str, cohort: int, choose: Choose) -> str | None:
    """Evidence that counts for a type of declaration, a course and a cohort; None where none is needed."""
    known = records_in(world.state).cohorts.get(cohort)
    if declaration_type == STARTED:
        return None
    if known is None or not known.detailed_evidence_types:
        return choose(sorted(CLASSIC))
    if declaration_type == "completed":
        return choose(sorted(ENGAGED_OR_SHORT if course == "ecf-induction" else ENGAGED))
    return choose(sorted(ENGAGED if declaration_type == "retained-2" else ATTENDED))


# Queries


def query(world: World, client: str, name: str, choose: Choose) -> str:
    """A target that lists participants, declarations or partnerships by pages, perhaps filtered and sorted."""
    records = records_in(world.state)
    return target_of(LISTS[name], _parameters(world, records, client, name), choose)


def _parameters(world: World, records: Records, client: str, name: str) -> Mapping[str, Sequence[Any]]:
    provider = provider_named(records, client)
    people = list(dict.fromkeys(user.id for user, _, __ in trained(records, provider)))[:5]
    partners = list(dict.fromkeys(it.delivery_partner_id for it in partnerships(records, provider.id, None)))[:3]
    now = world.now()
    years = [str(it) for it in sorted({it.cohort for it in records.provider_relationships}, reverse=True)]
    shared = list_parameters(now, years)
    elsewhere = now.astimezone(ZONES[1]).isoformat(timespec="seconds")
    shared["filter[updated_since]"] = [*shared["filter[updated_since]"], elsewhere]
    if name == "participants":
        changes = [it.from_participant_id for it in records.id_changes][:3]
        return shared | {
            "filter[training_status]": ("active", "deferred", "withdrawn"),
            "filter[from_participant_id]": changes,
            "sort": ("created_at", "-updated_at", "id"),
        }
    if name == "declarations":
        return shared | {"filter[participant_id]": people, "filter[delivery_partner_id]": partners}
    return shared | {"filter[delivery_partner_id]": partners, "sort": ("created_at", "-updated_at")}
