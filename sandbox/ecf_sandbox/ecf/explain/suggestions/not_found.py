"""What could make something be found: the id that was meant, its own path, a filter less, its owner's token."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.explain.not_found import KINDS, ResolvedId, whose
from ecf_sandbox.ecf.routes import RESOURCES
from ecf_sandbox.state.record import replace
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import with_query

_PATHS = {
    KINDS[name]: path for path, name in reversed(RESOURCES.items()) if name not in ("transfers", "unfunded mentors")
}
_PATHS["participant"] = "participants/ecf"


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes that may lead to what was looked for."""
    asked = case.asked
    if case.status != 404 or asked is None or asked.id is None:
        return
    found = whose(case.records, asked.id)
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
    id = found.participant_id if wanted == "participant" else found.id if found.kind == wanted else None
    if id is not None and id != asked.id:
        words = f"Ask with the id {id}: {asked.id} is {found.words}."
        yield _at(case, case.request.path.replace(asked.path.split("/")[_position(case)], id, 1), words, 1)
    if case.request.method == "GET" and found.kind in _PATHS and found.kind != wanted:
        path = f"/api/v3/{_PATHS[found.kind]}/{found.id}"
        yield _at(case, path, f"Ask for the {found.kind}.", 2)
        if found.kind == "school":
            years = sorted((it.start_year for it in case.records.cohorts), reverse=True)
            yield _at(case, f"{path}?filter[cohort]={years[0]}", "Ask for the school.", 2)
    if asked.resource == "unfunded mentors" and found.participant_id:
        yield _at(case, f"/api/v3/participants/ecf/{found.participant_id}", "Ask for the participant.", 2)


def _position(case: Case) -> int:
    parts = case.asked.path.split("/") if case.asked else []
    return next((n for n, it in enumerate(parts) if case.asked and it == case.asked.id), len(parts) - 1)


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
            name, token = case.records.providers[id].name, tokens[0].value
            headers = {**case.request.headers, "Authorization": f"Bearer {token}"}
            words = f"Ask as {name}, with its token {token}."
            yield ProposedChange(aspect="token", words=words, cost=6, instead=replace(case.request, headers=headers))


def _near(case: Case) -> Iterator[ProposedChange]:
    """An id that differs in one or two characters."""
    asked = case.asked
    if asked is None or asked.uuid is None or whose(case.records, asked.uuid) is not None:
        return
    kind = KINDS[asked.resource]
    table = getattr(
        case.records, {"participant": "users", "delivery partner": "delivery_partners"}.get(kind, f"{kind}s")
    )
    for row in table:
        if len(row.id) == len(asked.uuid) and sum(a != b for a, b in zip(row.id, asked.uuid, strict=True)) <= 2:
            path = case.request.path.replace(asked.id or "", row.id, 1)
            yield _at(case, path, f"There is {row.id}, which is spelt nearly the same.", 1)


def _filters(case: Case) -> Iterator[ProposedChange]:
    query = case.asked.query if case.asked else ()
    for name, value in query:
        rest = tuple(it for it in query if it != (name, value))
        words = f"Leave {name}={value} out."
        yield ProposedChange(aspect="query", words=words, cost=2, instead=with_query(case.request, rest))
        if name == "filter[cohort]":
            for it in sorted(case.records.cohorts, key=lambda it: -it.start_year):
                other = (*rest, (name, str(it.start_year)))
                words = f"Ask for the cohort {it.start_year}."
                yield ProposedChange(aspect="query", words=words, cost=3, instead=with_query(case.request, other))


def _at(case: Case, path: str, words: str, cost: int) -> ProposedChange:
    return ProposedChange(aspect="path", words=words, cost=cost, instead=replace(case.request, path=path))
