"""What could make something be found: the id that was meant, its own path, a filter less, its owner's token."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.explain.not_found import KINDS, resolve_id
from ecf_sandbox.ecf.routes import RESOURCES
from ecf_sandbox.tools.explain.resolved_ids import ResolvedId
from ecf_sandbox.tools.explain.suggestions import filters, places
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange

_PATHS = {
    KINDS[name]: path for path, name in reversed(RESOURCES.items()) if name not in ("transfers", "unfunded mentors")
}
_PATHS["participant"] = "participants/ecf"


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may lead to what was looked for."""
    asked = case.asked
    if case.status != 404 or asked is None or asked.id is None:
        return
    found = resolve_id(case.records, asked.id)
    if found is not None:
        yield from _meant(case, found)
        yield from _owner(case, found)
    yield from _near(case)
    yield from _filters(case)


def _meant(case: Case, found: ResolvedId) -> Iterator[ProposedChange]:
    asked = case.asked
    if asked is None or asked.id is None:
        return
    wanted = KINDS[asked.resource]
    id = found.person_id if wanted == "participant" else found.id if found.kind == wanted else None
    if id is not None and id != asked.id:
        yield places.with_id(case, id, f"Ask with the id {id}: {asked.id} is {found.words}.")
    if case.request.method == "GET" and found.kind in _PATHS and found.kind != wanted:
        path = f"/api/v3/{_PATHS[found.kind]}/{found.id}"
        yield places.at_path(case, path, f"Ask for the {found.kind}.", 2)
        if found.kind == "school":
            years = sorted((it.start_year for it in case.records.cohorts), reverse=True)
            yield places.at_path(case, f"{path}?filter[cohort]={years[0]}", "Ask for the school.", 2)
    if asked.resource == "unfunded mentors" and found.person_id:
        path = f"/api/v3/participants/ecf/{found.person_id}"
        yield places.at_path(case, path, "Ask for the participant.", 2)


def _owner(case: Case, found: ResolvedId) -> Iterator[ProposedChange]:
    """The provider to whom it belongs, by its token."""
    row = (
        case.records.declarations.get(found.id)
        or case.records.partnerships.get(found.id)
        or case.records.statements.get(found.id)
    )
    owners = [row.provider_id] if row is not None else [it.id for it in case.records.providers]
    for id in owners:
        tokens = case.records.tokens.by("provider_id", id)
        if tokens and (case.provider is None or id != case.provider.id):
            yield places.asked_as(case, case.records.providers[id].name, tokens[0].value)


def _near(case: Case) -> Iterator[ProposedChange]:
    """An id that differs in one or two characters."""
    asked = case.asked
    if asked is None or asked.uuid is None or resolve_id(case.records, asked.uuid) is not None:
        return
    kind = KINDS[asked.resource]
    table = getattr(
        case.records, {"participant": "users", "delivery partner": "delivery_partners"}.get(kind, f"{kind}s")
    )
    yield from places.nearly(case, (row.id for row in table))


def _filters(case: Case) -> Iterator[ProposedChange]:
    yield from filters.left_out(case)
    if case.asked and "filter[cohort]" in dict(case.asked.query):
        for it in sorted(case.records.cohorts, key=lambda it: -it.start_year):
            year = str(it.start_year)
            yield filters.with_value(case, "cohort", year, f"Ask for the cohort {year}.")
