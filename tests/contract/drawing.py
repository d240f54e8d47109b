"""Hooks of schemathesis that know this API: valid ids, dates, cohorts and people become those of the scenario.

What is not valid by the document stays as it was drawn, so that a request meant to be wrong remains wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from sandbox.instants.wire import instant
from sandbox.transport import Transport
from sandbox.world import World

COURSES = {"ect": "ecf-induction", "mentor": "ecf-mentor"}
YEARS = ("2021", "2022", "2023", "2024", "2025", "2026", "2024,2025", "2025,x")
A_MEMBER = re.compile(r"[a-z]+\[[A-Za-z_]+\]")
FAR = 10**12  # a page that is not there; one that is absurdly far off is a 400, and no schema can say where that begins
AN_ID = re.compile(r"[^./]+")
A_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# The lists that tell which ids there are, and the part of a path behind which such an id stands.
LISTS = {
    "participants": "participants/ecf",
    "participant-declarations": "participant-declarations",
    "statements": "statements",
    "partnerships": "partnerships/ecf",
    "schools": "schools/ecf?filter[cohort]=2025",
    "delivery-partners": "delivery-partners",
    "unfunded-mentors": "unfunded-mentors/ecf",
}


@dataclass(frozen=True)
class Known:
    """What a provider can know of its world; `people` are pairs of a participant and a course."""

    ids: dict[str, list[str]]
    people: list[tuple[str, str]]
    dates: list[str]


def known_to(token: str, send: Transport, world: World) -> Known:
    """What the lists of version 3 tell a provider, and the days on which something can be declared."""
    listed = {name: _listed(send, token, path) for name, path in LISTS.items()}
    people = [
        (it["id"], COURSES[enrolment["participant_type"]])
        for it in listed["participants"]
        for enrolment in it["attributes"]["ecf_enrolments"]
    ]
    starts = {it.start for schedule in world.state.records.schedules for it in schedule.milestones}
    dates = [instant(datetime.combine(it + timedelta(days=1), time(10))) for it in sorted(starts)]
    return Known({name: [it["id"] for it in items] for name, items in listed.items()}, people, dates)


def _listed(send: Transport, token: str, path: str) -> list[Any]:
    reply = send("GET", f"/api/v3/{path}", [("Authorization", f"Bearer {token}")])
    found: list[Any] = json.loads(reply.body)["data"]
    return found


def teach(schema: Any, known: Known) -> None:
    """Register the hooks with a schema of schemathesis."""

    @schema.hook
    def flatmap_path_parameters(context: Any, parameters: Any) -> Any:
        if not parameters or not AN_ID.fullmatch(str(parameters.get("id", ""))):
            return st.just(parameters)
        ids = known.ids[next(it for it in context.operation.path.split("/") if it in LISTS)]
        return mostly(parameters, {"id": st.sampled_from(ids)} if ids else {})

    @schema.hook
    def flatmap_query(context: Any, query: Any) -> Any:
        # Hashes come as they are written in a query. What is unknown is ignored as long as all can be read together.
        plain = {name: it for name, it in (query or {}).items() if "[" not in name or A_MEMBER.fullmatch(name)}
        if isinstance(plain.get("page[page]"), int):
            plain["page[page]"] = min(plain["page[page]"], FAR)
        return mostly(plain, chosen_filters(known, plain)) if plain else st.just(query and plain)

    @schema.hook
    def flatmap_headers(context: Any, headers: Any) -> Any:
        if not headers or "X-With-Server-Date" not in headers:
            return st.just(headers)
        # An unreadable date is a 400, and any text is allowed, so none is left to chance.
        return st.sampled_from(known.dates).map(lambda it: {**headers, "X-With-Server-Date": it})

    @schema.hook
    def flatmap_body(context: Any, body: Any) -> Any:
        attributes = attributes_of(body)
        if not attributes:
            return st.just(body)
        person = st.sampled_from(known.people)
        return person.flatmap(
            lambda it: mostly(attributes, chosen_attributes(known, attributes, *it)).map(
                lambda chosen: {**body, "data": {**body["data"], "attributes": chosen}}
            )
        )


def mostly(given: dict[str, Any], better: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """What was given, three times in four with better values."""
    chosen = st.fixed_dictionaries(better).map(lambda it: {**given, **it})
    return st.integers(0, 3).flatmap(lambda it: chosen if it else st.just(given))


def chosen_filters(known: Known, query: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Better values for those of the filters that are text."""
    better = {
        "filter[cohort]": st.sampled_from(YEARS),
        "filter[participant_id]": st.sampled_from(known.ids["participants"]),
        "filter[delivery_partner_id]": st.sampled_from(known.ids["delivery-partners"]),
    }
    return {name: it for name, it in better.items() if isinstance(query.get(name), str)}


def chosen_attributes(
    known: Known, given: dict[str, Any], participant: str, course: str
) -> dict[str, st.SearchStrategy[Any]]:
    """Better values for those of the attributes that are valid."""
    better: dict[str, st.SearchStrategy[Any]] = {}
    for name, values in {
        "participant_id": [participant],
        "school_id": known.ids["schools"],
        "delivery_partner_id": known.ids["delivery-partners"],
    }.items():
        if isinstance(given.get(name), str):
            better[name] = st.sampled_from(values)
    if given.get("course_identifier") in COURSES.values():
        better["course_identifier"] = st.just(course)
    if A_DATE.match(str(given.get("declaration_date"))):
        better["declaration_date"] = st.sampled_from(known.dates)
    if re.match(r"\+?\d", str(given.get("cohort"))):
        better["cohort"] = st.sampled_from(YEARS[:6])
    return better


def attributes_of(body: Any) -> dict[str, Any] | None:
    """The attributes in a body, if it has the shape that it should have."""
    inner = body.get("data") if isinstance(body, dict) else None
    attributes = inner.get("attributes") if isinstance(inner, dict) else None
    return attributes if isinstance(attributes, dict) else None
