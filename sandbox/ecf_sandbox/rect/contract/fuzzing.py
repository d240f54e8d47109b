"""What schemathesis is taught about this API: cohorts, courses, reasons, and when something can be declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.rect.domain.declarations import TYPES
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.endpoints import writes
from ecf_sandbox.rect.reference.loading import contract_periods, schedules
from ecf_sandbox.rect.rules.declarations import ENGAGED, SIMPLE
from ecf_sandbox.rect.rules.participants import DEFERRAL_REASONS, WITHDRAWAL_REASONS
from ecf_sandbox.tools.contract.known_values import Better, Fuzzing, KnownValues, Rows, Values

LISTS = {
    "participants": "/api/v3/participants",
    "participant-declarations": "/api/v3/participant-declarations",
    "statements": "/api/v3/statements",
    "partnerships": "/api/v3/partnerships",
    "schools": "/api/v3/schools?filter[cohort]=2025",
    "delivery-partners": "/api/v3/delivery-partners",
    "unfunded-mentors": "/api/v3/unfunded-mentors",
}


def people_in(listed: Rows) -> list[tuple[str, str]]:
    """Participants with each of their courses."""
    return [
        (it["id"], TeacherType(enrolment["participant_type"]).course)
        for it in listed["participants"]
        for enrolment in it["attributes"]["ecf_enrolments"]
    ]


def dates_to_declare() -> list[str]:
    """The second day of every milestone; schedules are published."""
    starts = {it.start_date for schedule in schedules(str) for it in schedule.milestones}
    return [instant(datetime.combine(it + timedelta(days=1), time(10))) for it in sorted(starts)]


def chosen_filters(known: KnownValues, query: Values) -> Better:
    """Better values for those of the filters that are text."""
    years = [str(it.year) for it in contract_periods()]
    better: dict[str, Sequence[str]] = {
        "filter[cohort]": [*years, "2024,2025", "2025,x"],
        "filter[participant_id]": known.ids["participants"],
        "filter[delivery_partner_id]": known.ids["delivery-partners"],
        "filter[training_status]": ["active", "deferred", "withdrawn"],
    }
    return {name: it for name, it in better.items() if isinstance(query.get(name), str)}


def chosen_attributes(known: KnownValues, path: str, given: Values, person: tuple[str, str]) -> Better:
    """Better values for all attributes that an operation knows, if one of them was given that is not dropped."""
    participant, course = person
    better: dict[str, Sequence[str]] = {
        "participant_id": [participant],
        "course_identifier": [course],
        "school_id": known.ids["schools"],
        "delivery_partner_id": known.ids["delivery-partners"],
        "declaration_type": TYPES,
        "declaration_date": known.dates,
        "evidence_held": sorted(SIMPLE | ENGAGED),
        "reason": sorted(DEFERRAL_REASONS | WITHDRAWAL_REASONS),
        "schedule_identifier": sorted({it.identifier for it in schedules(str)}),
        "cohort": [str(it.year) for it in contract_periods()],
    }
    names = _KNOWN[path.rpartition("/")[2]]
    sound = any(name in given and not isinstance(given[name], dict | list) for name in names)
    return {name: better[name] for name in names} if sound else {}


# What each write knows, by the end of its path.
_KNOWN = {
    "defer": writes.LEAVING,
    "withdraw": writes.LEAVING,
    "resume": writes.RESUMING,
    "change-schedule": writes.SCHEDULE,
    "participant-declarations": writes.DECLARATION,
    "partnerships": writes.PARTNERSHIP,
    "{id}": writes.PARTNER,
}

FUZZING = Fuzzing(
    lists=LISTS,
    people_in=people_in,
    dates=dates_to_declare,
    filters=chosen_filters,
    attributes=chosen_attributes,
)
