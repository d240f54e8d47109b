"""What schemathesis is taught about this API: ids, dates, cohorts and people become those of the scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from ecf_sandbox.dates.wire import instant
from ecf_sandbox.scenario.loading import Scenario, load_scenario
from ecf_sandbox.transport import Transport

TOKEN = "LEAD_PROVIDER_API_TOKEN"  # where a token is looked for, as examples/ci/plain.sh hands it to a client's tests
COURSES = {"ect": "ecf-induction", "mentor": "ecf-mentor"}
YEARS = ("2021", "2022", "2023", "2024", "2025", "2026", "2024,2025", "2025,x")
A_MEMBER = re.compile(r"[a-z]+\[[A-Za-z_]+\]")
FAR = 10**12  # a page that is not there; one that is absurdly far off is a 400, and no schema can say where that begins
AN_ID = re.compile(r"[^./]+")
OF_ONE = "filter[participant_id]"
ONE_ID = re.compile(r"([0-9a-fA-F]{4}-?){8}|\{([0-9a-fA-F]{4}-?){8}\}|\s*")
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


class NothingKnown(Exception):
    """A list of ids could not be had."""


@dataclass(frozen=True)
class KnownValues:
    """What a provider can know of its world; `people` are pairs of a participant and a course."""

    ids: dict[str, list[str]]
    people: list[tuple[str, str]]
    dates: list[str]


def known_to(token: str, send: Transport) -> KnownValues:
    """What the lists of version 3 tell a provider, and the days on which something can be declared.

    Raises NothingKnown if a list cannot be had.
    """
    listed = {name: _listed(send, token, path) for name, path in LISTS.items()}
    people = [
        (it["id"], COURSES[enrolment["participant_type"]])
        for it in listed["participants"]
        for enrolment in it["attributes"]["ecf_enrolments"]
    ]
    return KnownValues({name: [it["id"] for it in items] for name, items in listed.items()}, people, dates_to_declare())


def dates_to_declare() -> list[str]:
    """The second day of every milestone. Schedules are published, so those of the default scenario are everybody's."""
    records: Any = default().records()
    starts = {it.start for schedule in records.schedules for it in schedule.milestones}
    return [instant(datetime.combine(it + timedelta(days=1), time(10))) for it in sorted(starts)]


@cache
def default() -> Scenario:
    """What a sandbox begins with unless it is told otherwise."""
    return load_scenario("default", seed="fuzzing")


def _listed(send: Transport, token: str, path: str) -> list[Any]:
    reply = send("GET", f"/api/v3/{path}", [("Authorization", f"Bearer {token}")])
    if reply.status != HTTPStatus.OK:
        raise NothingKnown(f"GET /api/v3/{path} was answered with {reply.status}: is the token in {TOKEN} right?")
    found: list[Any] = json.loads(reply.body)["data"]
    return found


def teach(schema: Any, known: Callable[[Any], KnownValues]) -> None:
    """Register the hooks with a schema of schemathesis, or with schemathesis itself.

    `known` tells what is known where the operation of a hook's context is.
    """

    def flatmap_path_parameters(context: Any, parameters: Any) -> Any:
        if not parameters or not AN_ID.fullmatch(str(parameters.get("id", ""))):
            return st.just(parameters)
        ids = known(context).ids[next(it for it in context.operation.path.split("/") if it in LISTS)]
        return mostly(parameters, {"id": st.sampled_from(ids)} if ids else {})

    def flatmap_query(context: Any, query: Any) -> Any:
        # Hashes come as they are written in a query. What is unknown is ignored as long as all can be read together.
        plain = {name: it for name, it in (query or {}).items() if "[" not in name or A_MEMBER.fullmatch(name)}
        known_here = known_filters(context.operation)
        if any(name.startswith(known_here) for name in (query or {}) if name not in plain):
            reject()  # a list or an object for one text: wrong by the document, but the service looks away
        if isinstance(plain.get("page[page]"), int):
            plain["page[page]"] = min(plain["page[page]"], FAR)
        if "/v3/" not in context.operation.path and not ONE_ID.fullmatch(str(plain.get(OF_ONE, ""))):
            # Versions 1 and 2 call it unreadable.
            return st.just(plain)
        return mostly(plain, chosen_filters(known(context), plain)) if plain else st.just(query and plain)

    def flatmap_headers(context: Any, headers: Any) -> Any:
        if not headers or "X-With-Server-Date" not in headers:
            return st.just(headers)
        # An unreadable date is a 400, and any text is allowed, so none is left to chance.
        return st.sampled_from(known(context).dates).map(lambda it: {**headers, "X-With-Server-Date": it})

    def flatmap_body(context: Any, body: Any) -> Any:
        attributes = attributes_of(body)
        if not attributes:
            return st.just(body)
        it = known(context)
        return st.sampled_from(it.people).flatmap(
            lambda person: mostly(attributes, chosen_attributes(it, attributes, *person)).map(
                lambda chosen: {**body, "data": {**body["data"], "attributes": chosen}}
            )
        )

    for hook in (flatmap_path_parameters, flatmap_query, flatmap_headers, flatmap_body):
        schema.hook(hook)


def known_filters(operation: Any) -> tuple[str, ...]:
    """The filters of an operation as they are written in a query, such as `filter[cohort]`."""
    schemas = [it.definition["schema"] for it in operation.query if it.name == "filter"]
    return tuple(f"filter[{name}]" for schema in schemas for name in schema.get("properties", {}))


def mostly(given: dict[str, Any], better: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """What was given, three times in four with better values."""
    chosen = st.fixed_dictionaries(better).map(lambda it: {**given, **it})
    return st.integers(0, 3).flatmap(lambda it: chosen if it else st.just(given))


def chosen_filters(known: KnownValues, query: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Better values for those of the filters that are text."""
    better = {
        "filter[cohort]": st.sampled_from(YEARS),
        OF_ONE: st.sampled_from(known.ids["participants"]),
        "filter[delivery_partner_id]": st.sampled_from(known.ids["delivery-partners"]),
    }
    return {name: it for name, it in better.items() if isinstance(query.get(name), str)}


def chosen_attributes(
    known: KnownValues, given: dict[str, Any], participant: str, course: str
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


def without_advice(tree: Any) -> Any:
    """A document without `x-advised`, which binds nobody: what goes against advice alone is not wrong."""
    if isinstance(tree, dict):
        return {name: without_advice(value) for name, value in tree.items() if name != "x-advised"}
    return [without_advice(it) for it in tree] if isinstance(tree, list) else tree
