"""What could make something be found: the id that was meant, its own path, a filter less, its owner's token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.explain.resolved_ids import KINDS, resolve_id
from ecf_sandbox.rect.explain.suggestions.people import partnered_first
from ecf_sandbox.rect.queries.training import delivery_partnership_of, provider_of
from ecf_sandbox.rect.records import Records
from ecf_sandbox.tools.explain.resolved_ids import ResolvedId
from ecf_sandbox.tools.explain.suggestions import filters, places
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_YEAR = re.compile(r"20[0-9]{2}")
_PATHS = {
    "participant": "participants",
    "declaration": "participant-declarations",
    "partnership": "partnerships",
    "school": "schools",
    "delivery partner": "delivery-partners",
    "statement": "statements",
}
_TABLES = {
    "participant": "teachers",
    "declaration": "declarations",
    "partnership": "school_partnerships",
    "school": "schools",
    "delivery partner": "delivery_partners",
    "statement": "statements",
}


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may lead to what was looked for."""
    if case.status in (400, 404) and case.asked is not None:
        yield from _cohorts(case)
    asked = case.asked
    if case.status != 404 or asked is None or asked.id is None or case.provider is None:
        return
    found = resolve_id(case.records, asked.id)
    if found is None:
        table = getattr(case.records, _TABLES[KINDS[asked.resource]])
        yield from places.nearly(case, (row.id for row in table))
    else:
        yield from _meant(case, found)
        yield from _owners(case, found)
        if KINDS[asked.resource] == "participant":
            yield from partnered_first(case, case.records.teachers.get(found.person_id))
    yield from filters.left_out(case)


def _cohorts(case: Case) -> Iterator[ProposedChange]:
    """A cohort where one is needed, its year where `filter` alone has it, and one in which there is what was meant."""
    years = sorted((it.year for it in case.records.contract_periods), reverse=True)
    if case.asked and case.asked.resource == "schools" and case.request.method == "GET":
        if not filters.names(case, "cohort", _YEAR):
            today = uk_day(case.now)
            begun = (it.year for it in case.records.contract_periods if it.started_on <= today)
            present = str(max(begun, default=today.year))
            yield filters.added(case, "cohort", present, f"Name a cohort: with filter[cohort]={present}.")
        else:
            for it in years:
                yield filters.with_value(case, "cohort", str(it), f"Ask for the cohort {it}.")
    yield from filters.bracketed(case, "cohort", _YEAR)


def _meant(case: Case, found: ResolvedId) -> Iterator[ProposedChange]:
    asked = case.asked
    if asked is None:
        return
    wanted = KINDS[asked.resource]
    id = found.person_id if wanted == "participant" else found.id if found.kind == wanted else None
    if id is not None and id != asked.uuid:
        yield places.with_id(case, id, f"Ask with the id {id}: {asked.id} is {found.words}.")
    if case.request.method != "GET":
        return
    if found.kind in _PATHS and found.kind != wanted:
        path = f"/api/v3/{_PATHS[found.kind]}/{found.id}"
        year = max((it.year for it in case.records.contract_periods), default=case.now.year)
        query = f"?filter[cohort]={year}" if found.kind == "school" else ""
        yield places.at_path(case, path + query, f"Ask for the {found.kind}.", 2)
    if asked.resource in ("transfers", "unfunded mentors") and found.person_id:
        yield places.at_path(case, f"/api/v3/participants/{found.person_id}", "Ask for the participant.", 2)


def _owners(case: Case, found: ResolvedId) -> Iterator[ProposedChange]:
    """The provider to whom it belongs, or who may see it, by its token."""
    owner = _owner(case.records, found.id)
    for it in case.records.lead_providers:
        tokens = case.records.tokens.by("lead_provider_id", it.id)
        if tokens and it.id != case.provider_id and owner in (None, it.id):
            yield places.asked_as(case, it.name, tokens[0].value)


def _owner(records: Records, id: str) -> str | None:
    if (declaration := records.declarations.get(id)) is not None:
        return provider_of(records, records.training_periods[declaration.training_period_id])
    if (partnership := records.school_partnerships.get(id)) is not None:
        return delivery_partnership_of(records, partnership).lead_provider_id
    statement = records.statements.get(id)
    return statement.lead_provider_id if statement else None
