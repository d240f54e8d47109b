"""Why a list is empty or shorter than expected: what each filter leaves out, and whom the records hide."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.explain.not_found import resolve_id, why_hidden
from ecf_sandbox.ecf.queries.training import provider_id_of, user_of
from ecf_sandbox.ecf.records import Records, records_in
from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.rulebook.values import is_blank, whole_number
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.lists import AskedList
from ecf_sandbox.tools.explain.target import Asked

_NAMED = 5


def about_list(trial: Trial, request: Request, asked: Asked, provider: Provider, shown: int) -> Iterator[str]:
    """Sentences about a list of `shown` items: what there would be without each filter, and who is hidden."""
    needed = frozenset({"filter[cohort]"} if asked.resource == "schools" else ())
    the_list = AskedList(SERVICE, trial, request, asked, needed)
    yield from the_list.without_effect()
    if beyond := the_list.after_the_last(shown):
        yield beyond
        return
    if shown == 0 or not the_list.in_all:
        yield from the_list.counts()
        yield from _wrong_values(records_in(trial.start), asked)
        yield from _people_meant(trial, asked, provider)
        if not the_list.narrowing:
            yield f"{provider.name} has no {asked.resource} here."
    if asked.resource == "participants":
        yield from _hidden(records_in(trial.start), provider, trial.edition)


def _wrong_values(records: Records, asked: Asked) -> Iterator[str]:
    for name, value in asked.query:
        if name == "filter[cohort]":
            named = [value] if asked.resource == "schools" else [it for it in value.split(",") if it]
            unknown = [it for it in named if not is_blank(value) and whole_number(it) not in records.cohorts]
            years = ", ".join(str(it.start_year) for it in sorted(records.cohorts, key=lambda it: it.start_year))
            if unknown:
                yield f"There is no cohort {', '.join(unknown)}; there are {years}."
        if name == "filter[updated_since]":
            yield "filter[updated_since] asks for what changed then or later, as the clock of the sandbox goes."


def _people_meant(trial: Trial, asked: Asked, provider: Provider) -> Iterator[str]:
    """Whom the filter for participants names, and why the provider is not shown them."""
    records = records_in(trial.start)
    for id in dict(asked.query).get("filter[participant_id]", "").split(",")[:_NAMED]:
        found = resolve_id(records, id)
        if found is not None and found.person_id != id:
            yield f"{id} is {found.words}."
        user = records.users.get(found.person_id) if found else None
        if user is not None:
            yield from why_hidden(records, provider, user, trial.edition)


def _hidden(records: Records, provider: Provider, edition: Edition) -> Iterator[str]:
    """Those behind the provider's partnerships whom it is not shown."""
    users = {
        user_of(records, records.training_records[it.training_record_id]).id
        for partnership in records.partnerships.by("provider_id", provider.id)
        for programme in records.programmes.by("partnership_id", partnership.id)
        for it in records.induction_records.by("programme_id", programme.id)
        if provider_id_of(records, it) == provider.id
        and (partnership.challenged or it.training_record_id not in records.eligibilities)
    }
    sentences = [
        sentence for id in sorted(users) for sentence in why_hidden(records, provider, records.users[id], edition)
    ]
    yield from sentences[:_NAMED]
    if len(sentences) > _NAMED:
        yield f"{len(sentences) - _NAMED} more are hidden for such reasons."
