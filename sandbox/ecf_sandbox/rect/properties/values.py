"""Values for requests, the plainest first: dates at the edges of what counts, reasons, schedules, evidence, queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecf_sandbox.dates.uk import uk_midnight
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.periods import DAY
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.properties.invariants import LISTS
from ecf_sandbox.rect.properties.requests import provider_named, reasons_for, trained
from ecf_sandbox.rect.queries.history import schedule_of
from ecf_sandbox.rect.queries.schools import delivery_partners_of, statements_of
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.rect.rules.declarations import DeclarationAttempt
from ecf_sandbox.state.properties import Choose
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.properties.values import at_an_edge, edges_of_a_year, list_parameters, target_of, written

_WRITES = ("deferParticipant", "withdrawParticipant")


def moment_at_an_edge(world: World, client: str, choose: Choose) -> datetime:
    """A moment at which the answer may change: the present, the edge of a milestone or of a summer, or a second off."""
    return at_an_edge(_edges(world, client), choose)


def _edges(world: World, client: str) -> Iterator[datetime]:
    records, now = records_in(world.state), world.now().replace(microsecond=0)
    yield now
    for _, training in trained(records, provider_named(records, client)):
        schedule = schedule_of(records, training)
        for it in schedule.milestones if schedule else ():
            yield uk_midnight(it.start_date)
            if it.milestone_date is not None:
                yield uk_midnight(it.milestone_date + DAY)
    yield from edges_of_a_year(now.year)


def declaration_date(world: World, client: str, choose: Choose) -> str:
    """A `declaration_date` at an edge, well-formed; whether it counts depends on the rest."""
    return written(moment_at_an_edge(world, client, choose), choose)


def server_date(world: World, client: str, choose: Choose) -> str:
    """A value for `X-With-Server-Date`: the present or a moment ahead, among them deadlines and payments."""
    records, now = records_in(world.state), world.now().replace(microsecond=0)
    statements = statements_of(records, provider_named(records, client).id)
    days = [day for it in statements for day in (it.deadline_date, it.deadline_date + DAY, it.payment_date)]
    ahead = {it for it in (*_edges(world, client), *map(uk_midnight, days)) if it > now}
    return instant(choose([now, *sorted(ahead)]))


def reason(world: World, write: str, choose: Choose) -> str:  # noqa: ARG001 - in every world the same
    """A reason that the DfE knows for a deferral or a withdrawal; raises KeyError for another write."""
    if write not in _WRITES:
        raise KeyError(write)
    return choose(sorted(reasons_for(write, TeacherType.MENTOR)))


def schedule(world: World, cohort: int | None, course: str | None, choose: Choose) -> str | None:
    """The identifier of a schedule of a cohort, by default of any, that a course may follow."""
    found = {
        it.identifier
        for it in records_in(world.state).schedules
        if (cohort is None or it.contract_period_year == cohort)
        and not (it.replacement and course == TeacherType.ECT.course)
        and not (it.reduced and course == TeacherType.MENTOR.course)
    }
    usual = sorted(found, key=lambda it: (it != "ecf-standard-september", it))
    return choose(usual) if usual else None


def evidence(world: World, declaration_type: str, course: str, cohort: int, choose: Choose) -> str | None:
    """Evidence that counts for a type of declaration, a course and a cohort; None where none is kept."""
    period = records_in(world.state).contract_periods.get(cohort)
    kind = next((it for it in TeacherType if it.course == course), None)
    attempt = DeclarationAttempt(now=world.now(), type=declaration_type, kind=kind, contract_period=period)
    choices = attempt.evidence_choices
    return None if choices is None else choose(sorted(choices))


def query(world: World, client: str, name: str, choose: Choose) -> str:
    """A target that lists participants, declarations or partnerships by pages, perhaps filtered and sorted."""
    return target_of(LISTS[name], _parameters(world, records_in(world.state), client, name), choose)


def _parameters(world: World, records: Records, client: str, name: str) -> Mapping[str, Sequence[Any]]:
    provider = provider_named(records, client)
    people = list(dict.fromkeys(teacher.id for teacher, _ in trained(records, provider)))[:5]
    partners = [it.id for it in delivery_partners_of(records, provider.id)][:3]
    years = [str(it.year) for it in sorted(records.contract_periods, key=lambda it: -it.year)]
    shared = list_parameters(world.now(), years)
    if name == "participants":
        changes = [it.from_participant_id for it in records.id_changes][:3]
        return shared | {
            "filter[training_status]": ("active", "deferred", "withdrawn"),
            "filter[from_participant_id]": changes,
            "sort": ("created_at", "-updated_at"),
        }
    if name == "declarations":
        return shared | {"filter[participant_id]": people, "filter[delivery_partner_id]": partners}
    return shared | {"filter[delivery_partner_id]": partners, "sort": ("created_at", "-updated_at")}
