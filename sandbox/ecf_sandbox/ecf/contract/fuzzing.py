"""What schemathesis is taught about this API: cohorts, courses, and when something can be declared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.tools.contract.known_values import Better, Fuzzing, KnownValues, Rows, Values

COURSES = {"ect": "ecf-induction", "mentor": "ecf-mentor"}
YEARS = ("2021", "2022", "2023", "2024", "2025", "2026", "2024,2025", "2025,x")
OF_ONE = "filter[participant_id]"
ONE_ID = re.compile(r"([0-9a-fA-F]{4}-?){8}|\{([0-9a-fA-F]{4}-?){8}\}|\s*")
A_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# The lists of version 3.
LISTS = {
    "participants": "/api/v3/participants/ecf",
    "participant-declarations": "/api/v3/participant-declarations",
    "statements": "/api/v3/statements",
    "partnerships": "/api/v3/partnerships/ecf",
    "schools": "/api/v3/schools/ecf?filter[cohort]=2025",
    "delivery-partners": "/api/v3/delivery-partners",
    "unfunded-mentors": "/api/v3/unfunded-mentors/ecf",
}


def people_in(listed: Rows) -> list[tuple[str, str]]:
    """Participants with each of their courses."""
    return [
        (it["id"], COURSES[enrolment["participant_type"]])
        for it in listed["participants"]
        for enrolment in it["attributes"]["ecf_enrolments"]
    ]


def dates_to_declare() -> list[str]:
    """The second day of every milestone. Schedules are published, so those of the default scenario are everybody's."""
    records: Any = load_scenario("default", seed="fuzzing").records()
    starts = {it.start for schedule in records.schedules for it in schedule.milestones}
    return [instant(datetime.combine(it + timedelta(days=1), time(10))) for it in sorted(starts)]


def readable(path: str, query: Values) -> bool:
    """Versions 1 and 2 call a participant id unreadable that is none."""
    return "/v3/" in path or bool(ONE_ID.fullmatch(str(query.get(OF_ONE, ""))))


def chosen_filters(known: KnownValues, query: Values) -> Better:
    """Better values for those of the filters that are text."""
    better: dict[str, Sequence[str]] = {
        "filter[cohort]": YEARS,
        OF_ONE: known.ids["participants"],
        "filter[delivery_partner_id]": known.ids["delivery-partners"],
    }
    return {name: it for name, it in better.items() if isinstance(query.get(name), str)}


def chosen_attributes(known: KnownValues, _: str, given: Values, person: tuple[str, str]) -> Better:
    """Better values for those of the attributes that are valid."""
    better: dict[str, Sequence[str]] = {}
    participant, course = person
    for name, values in {
        "participant_id": [participant],
        "school_id": known.ids["schools"],
        "delivery_partner_id": known.ids["delivery-partners"],
    }.items():
        if isinstance(given.get(name), str):
            better[name] = values
    if given.get("course_identifier") in COURSES.values():
        better["course_identifier"] = [course]
    if A_DATE.match(str(given.get("declaration_date"))):
        better["declaration_date"] = known.dates
    if re.match(r"\+?\d", str(given.get("cohort"))):
        better["cohort"] = YEARS[:6]
    return better


FUZZING = Fuzzing(
    lists=LISTS,
    people_in=people_in,
    dates=dates_to_declare,
    filters=chosen_filters,
    attributes=chosen_attributes,
    readable=readable,
)
