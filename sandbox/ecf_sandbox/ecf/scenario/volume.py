"""Volume: `generate:` writes many sound people, schools and partnerships out of a few counts, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ecf_sandbox.ecf.domain.cohorts import Milestone
from ecf_sandbox.ecf.scenario.builder import Builder
from ecf_sandbox.ecf.scenario.people import DEFAULT_SCHEDULE, usual_registration
from ecf_sandbox.ecf.scenario.sections import MOST_GENERATED, SchoolsAndPeople, Sections

_FIRST_NAMES = tuple("Aisha Ben Chloe Dev Emma Farid Grace Hamza Isla Jack Kezia".split())
_LAST_NAMES = tuple("Adeyemi Bell Clarke Das Evans Fraser Gill Hughes Iqbal Jones".split())
_SCHEDULES = (DEFAULT_SCHEDULE, DEFAULT_SCHEDULE, "ecf-standard-january")
_TRNS_FROM, _URNS_FROM = 4_000_000, 300_000
_MENTOR_TYPES_WITH_FUNDING = 1  # of the first three milestones such a mentor has `started` only

Entry = dict[str, Any]


class Group(NamedTuple):
    """One entry of `generate:`: that many participants of one provider in one cohort, so many to a school."""

    provider: str
    delivery_partner: str
    cohort: int
    participants: int
    per_school: int
    first: int


def generated(draft: Builder, scenario: Sections) -> SchoolsAndPeople:
    """The schools, partnerships and people that `generate:` asks for, to be read as if they had been written out."""
    groups = list(_groups(draft, scenario))
    sections: Entry = {
        "schools": {_school(it, at): _school_entry(it, at) for it in groups for at in _schools(it)},
        "partnerships": [_partnership(it, at) for it in groups for at in _schools(it)],
        "people": [_person(draft, it, n) for it in groups for n in range(it.participants)],
    }
    return SchoolsAndPeople(sections, (*scenario.path, "generate"), draft.problems)


def _groups(draft: Builder, scenario: Sections) -> Iterator[Group]:
    first = asked = 0
    years = {it: it for it in draft.schedules}
    for entry in scenario.generate:
        provider = entry.provider.among(draft.providers)
        partner = entry.delivery_partner.among(draft.partners)
        cohort = entry.cohort.among(years)
        count, per_school = entry.participants, entry.per_school
        asked += count
        if asked > MOST_GENERATED:
            entry.note(f"makes more than {MOST_GENERATED:,} people in all, which is the most", "participants")
        elif provider and partner and cohort:
            if (provider.id, partner.id, cohort) not in draft.works_with:
                entry.note("does not work with that provider for that cohort", "delivery_partner")
            elif (provider.id, cohort) not in draft.statements:
                entry.note("the provider has no contract for that cohort", "cohort")
            elif usual_registration(cohort, 0) + timedelta(days=7) > draft.as_of:
                entry.note("nobody has been registered for that cohort yet (see as_of)", "cohort")
            else:
                names = entry.provider.name, entry.delivery_partner.name
                yield Group(*names, cohort, count, max(per_school, 1), first)
                first += count


def _schools(group: Group) -> range:
    """The number of the first participant of each school, who is the mentor of all others there."""
    return range(group.first, group.first + group.participants, group.per_school)


def _school(group: Group, at: int) -> str:
    return f"generated-{at - (at - group.first) % group.per_school}"


def _school_entry(group: Group, at: int) -> Entry:
    return {"name": f"{_LAST_NAMES[at // group.per_school % 10]} School {at}", "urn": _URNS_FROM + at}


def _partnership(group: Group, at: int) -> Entry:
    return {
        "school": _school(group, at),
        "provider": group.provider,
        "delivery_partner": group.delivery_partner,
        "cohort": group.cohort,
    }


def _name(n: int) -> str:
    return f"{_FIRST_NAMES[n % 11]} {_LAST_NAMES[n // 11 % 10]} {n}"


def _person(draft: Builder, group: Group, n: int) -> Entry:
    n += group.first
    mentor = (n - group.first) // group.per_school * group.per_school + group.first
    ect = n != mentor
    registered = datetime(group.cohort, 9, 3, 9, tzinfo=UTC) + timedelta(seconds=17 * (n - group.first))
    schedule = _SCHEDULES[n % 3] if ect else DEFAULT_SCHEDULE
    training: Entry = {
        "school": _school(group, n),
        "cohort": group.cohort,
        "schedule": schedule,
        "registered": registered.isoformat(),
        "uplifts": ["pupil_premium"] if n % 9 == 0 else ["sparsity"] if n % 5 == 0 else [],
        "declarations": list(_declarations(draft, group, draft.schedules[group.cohort][schedule].milestones, n, ect)),
    }
    if ect:
        training["mentor"] = _name(mentor)
    if n % 10 == 7:
        training |= {"eligibility": "manual_check", "eligibility_reason": "different_trn"}
    return {"name": _name(n), "trn": _TRNS_FROM + n, "ect" if ect else "mentor": training}


def _declarations(
    draft: Builder, group: Group, milestones: tuple[Milestone, ...], n: int, ect: bool
) -> Iterator[Entry]:
    """Up to three declarations, as far as their milestones have come; one in twenty has none."""
    declared = 0 if n % 20 == 13 else 1 + n % 3
    if not ect and draft.cohorts[group.cohort].mentor_funding:
        declared = min(declared, _MENTOR_TYPES_WITH_FUNDING)
    for it in milestones[:declared]:
        date = max(it.opens, datetime(group.cohort, 9, 10, tzinfo=UTC)) + timedelta(days=2 + n % 20, hours=10)
        if date + timedelta(days=1) > draft.as_of:
            return
        entry = {"type": it.declaration_type, "date": date.isoformat()}
        yield entry | _evidence(draft, group.cohort, it.declaration_type)


def _evidence(draft: Builder, cohort: int, type: str) -> Entry:
    if type == "started":
        return {}
    detailed = draft.cohorts[cohort].detailed_evidence_types and type == "retained-2"
    return {"evidence": "75-percent-engagement-met" if detailed else "other"}
