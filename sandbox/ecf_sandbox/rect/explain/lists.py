"""Why a list is empty or shorter than expected: what each filter leaves out, and who waits for a partnership."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.teachers import TrainingStatus
from ecf_sandbox.rect.explain.not_found import why_hidden
from ecf_sandbox.rect.explain.resolved_ids import resolve_id
from ecf_sandbox.rect.records import Records, records_in
from ecf_sandbox.rect.service import SERVICE
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.lists import AskedList
from ecf_sandbox.tools.explain.target import Asked

_NAMED = 5
_DIGITS = re.compile(r"[0-9]+")
# Filters whose value is an id, with what the id is of.
_OF_IDS = {
    "filter[participant_id]": "participant",
    "filter[from_participant_id]": "retired id",
    "filter[delivery_partner_id]": "delivery partner",
}


def about_list(trial: Trial, request: Request, asked: Asked, provider: LeadProvider, shown: int) -> Iterator[str]:
    """Sentences about a list of `shown` items: what there would be without each filter, and who is not shown."""
    records = records_in(trial.start)
    needed = frozenset({"filter[cohort]"} if asked.resource == "schools" else ())
    the_list = AskedList(SERVICE, trial, request, asked, needed)
    yield from the_list.without_effect()
    if beyond := the_list.after_the_last(shown):
        yield beyond
        return
    if shown == 0 or not the_list.in_all:
        yield from the_list.counts()
        yield from _values(records, asked, provider)
        if not the_list.narrowing:
            yield f"{provider.name} has no {asked.resource} here."
    if asked.resource == "participants":
        yield from _waiting(records, provider)


def _values(records: Records, asked: Asked, provider: LeadProvider) -> Iterator[str]:
    """What is the matter with the values of filters; the service drops what it cannot read (behaviour/rect.md#6-3)."""
    for name, value in asked.query:
        if name == "filter[cohort]":
            yield from _cohorts(records, value)
        if name == "filter[training_status]" and value not in {it.value for it in TrainingStatus}:
            known = ", ".join(TrainingStatus)
            yield f"{value} is no training status, and finds nobody; there are {known}."
        if name == "filter[updated_since]":
            yield "filter[updated_since] asks for what changed then or later, as the clock of the sandbox goes."
        if name in _OF_IDS:
            yield from _ids(records, name, value, provider)


def _cohorts(records: Records, value: str) -> Iterator[str]:
    parts = [it for it in value.split(",") if it]
    unread = [it for it in parts if not _DIGITS.fullmatch(it)]
    if unread:
        yield f"No number, blanks included, and so left out of filter[cohort]: {', '.join(map(repr, unread))}."
    unknown = [it for it in parts if it not in unread and int(it) not in records.contract_periods]
    if unknown:
        years = ", ".join(str(it.year) for it in sorted(records.contract_periods, key=lambda it: it.year))
        yield f"There is no cohort {', '.join(unknown)}; there are {years}."


def _ids(records: Records, name: str, value: str, provider: LeadProvider) -> Iterator[str]:
    for id in value.split(",")[:_NAMED]:
        found = resolve_id(records, id)
        if found is None:
            yield f"{id} is no id of anything here."
            continue
        if found.kind != _OF_IDS[name]:
            yield f"{id} is {found.words}."
        teacher = records.teachers.get(found.person_id)
        if teacher is not None:
            yield from why_hidden(records, provider, teacher)


def _waiting(records: Records, provider: LeadProvider) -> Iterator[str]:
    """Those whose schools want the provider, and who are not shown until there is a partnership."""
    wanted = {
        records.at_school_periods[training.at_school_period_id].teacher_id
        for it in records.active_lead_providers
        if it.lead_provider_id == provider.id
        for training in records.training_periods.by("expression_of_interest_id", it.id)
        if training.school_partnership_id is None
    }
    sentences = [it for id in sorted(wanted) for it in why_hidden(records, provider, records.teachers[id])]
    yield from sentences[:_NAMED]
    if len(sentences) > _NAMED:
        yield f"{len(sentences) - _NAMED} more are not shown for such reasons."
