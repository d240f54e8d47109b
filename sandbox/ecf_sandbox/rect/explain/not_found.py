"""Why something was not found: what an id stands for, and why this provider is not shown it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ecf_sandbox.rect.domain.declarations import Declaration
from ecf_sandbox.rect.domain.providers import LeadProvider
from ecf_sandbox.rect.domain.schools import TrainingProgramme
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.explain.resolved_ids import KINDS, resolve_id
from ecf_sandbox.rect.explain.wording import as_kind, kind_in_words
from ecf_sandbox.rect.queries.declarations import latest_of_callers
from ecf_sandbox.rect.queries.history import training_within, year_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.participants import participant
from ecf_sandbox.rect.queries.schools import schools_in, years_with
from ecf_sandbox.rect.queries.training import at_school_periods_of, delivery_partnership_of, provider_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rulebook.values import whole_number
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.tools.explain.resolved_ids import about_id
from ecf_sandbox.tools.explain.suggestions.suggestion import Case


def why_hidden(records: Records, provider: LeadProvider, teacher: Teacher) -> Iterator[str]:
    """A sentence for each stay at a school of somebody whom a provider is not shown; none for somebody whom it is."""
    if participant(records, provider.id, teacher.id) is not None:
        return
    periods = [it for kind in TeacherType for it in at_school_periods_of(records, teacher.id, kind)]
    if not periods:
        yield f"{full_name(teacher)} is registered at no school."
    for it in periods:
        yield from _not_trained(records, provider, full_name(teacher), it)


def _not_trained(records: Records, provider: LeadProvider, name: str, it: AtSchoolPeriod) -> Iterator[str]:
    who = f"{name} ({kind_in_words(it.kind)}) at {records.schools[it.school_id].name}"
    training = training_within(records, it)
    if not training:
        yield f"{who} is trained by nobody."
    else:
        yield f"{who} {by_whom(records, provider, training[-1])}."


def by_whom(records: Records, provider: LeadProvider, training: TrainingPeriod) -> str:
    """Who trains, as the end of a sentence of which the participant is the subject."""
    if (trainer := provider_of(records, training)) is not None:
        return f"is trained by {records.lead_providers[trainer].name}, not by {provider.name}"
    if training.programme is TrainingProgramme.SCHOOL_LED:
        return "is trained by the school itself, without a provider"
    interest = records.active_lead_providers.get(training.expression_of_interest_id)
    wanted = records.lead_providers[interest.lead_provider_id].name if interest else "a provider"
    year = f" for {year_of(records, training)}" if interest else ""
    return f"waits for a partnership: the school wants {wanted}{year}, and until it is made nobody is shown them"


def why_absent(case: Case, _edition: Edition, _turn: Turn) -> Iterator[str]:
    """Sentences that say why something is not found."""
    asked = case.asked
    if asked is None or asked.id is None or case.provider is None:
        return
    found = resolve_id(case.records, asked.id)
    wanted = KINDS[asked.resource]
    yield from about_id(asked, found, wanted)
    if found is None:
        return
    if wanted == "participant":
        yield from _person(case, case.records.teachers.get(found.person_id))
    elif found.kind == wanted:
        yield from _THINGS[asked.resource](case, found.id)


def _person(case: Case, teacher: Teacher | None) -> Iterator[str]:
    if teacher is None or case.asked is None:
        return
    hidden = list(why_hidden(case.records, case.provider, teacher))
    yield from hidden
    name, provider = full_name(teacher), case.provider.name
    if case.asked.resource == "transfers":
        yield f"{name} has no transfer between schools that concerns {provider}."
    if case.asked.resource == "unfunded mentors":
        yield (
            f"{name} mentors no ECT of {provider}, as far as the service has worked out (event nightly_refresh)."
            if hidden
            else f"{provider} has trained {name}, who is therefore no unfunded mentor: ask for the participant."
        )


def _declaration(case: Case, id: str) -> Iterator[str]:
    records, it = case.records, case.records.declarations[id]
    training = records.training_periods[it.training_period_id]
    owner = provider_of(records, training)
    made_by = records.lead_providers[owner].name if owner else "Nobody who is known"
    if owner == case.provider.id:
        return
    yield f"{made_by} made it, not {case.provider.name}."
    if case.request.method == "PUT":
        yield f"Only {made_by} can void it."
    elif not it.live:
        yield f"Others no longer see it, because it is {it.state.value}."
    else:
        yield from _before_or_after(case, it, training)


def _before_or_after(case: Case, it: Declaration, training: TrainingPeriod) -> Iterator[str]:
    own = latest_of_callers(case.records, case.provider.id, training)
    if own is None:
        yield (
            f"{case.provider.name} has never trained the participant {as_kind(training.kind)}: only who has "
            "sees what others declared."
        )
    elif own.finished_on is not None:
        yield (
            f"It is dated {it.declaration_date.date()}, after the participant's training with {case.provider.name} "
            f"ended on {own.finished_on}."
        )


def _partnership(case: Case, id: str) -> Iterator[str]:
    delivery = delivery_partnership_of(case.records, case.records.school_partnerships[id])
    yield from _of_another(case, delivery.lead_provider_id)


def _statement(case: Case, id: str) -> Iterator[str]:
    it = case.records.statements[id]
    if it.lead_provider_id == case.provider.id and not it.output_fee:
        yield "It is a statement of service fees alone, and the API shows only statements that pay for declarations."
    yield from _of_another(case, it.lead_provider_id)


def _of_another(case: Case, lead_provider_id: str) -> Iterator[str]:
    if lead_provider_id != case.provider.id:
        yield f"It belongs to {case.records.lead_providers[lead_provider_id].name}, not to {case.provider.name}."


def _school(case: Case, id: str) -> Iterator[str]:
    records, school = case.records, case.records.schools[id]
    given = dict(case.asked.query).get("filter[cohort]", "") if case.asked else ""
    year = whole_number(given)
    if year is None or year not in records.contract_periods:
        yield f"There is no cohort {given or 'named'}."
    elif all(it.id != id for it in schools_in(records, year)):
        yield f"{school.name} is not eligible for funding, and no provider has a partnership with it for {year}."


def _delivery_partner(case: Case, id: str) -> Iterator[str]:
    if not years_with(case.records, id, case.provider.id):
        name = case.records.delivery_partners[id].name
        yield f"The DfE does not know {name} to work with {case.provider.name} in any cohort."


_THINGS: Mapping[str, Callable[[Case, str], Iterator[str]]] = {
    "declarations": _declaration,
    "partnerships": _partnership,
    "schools": _school,
    "delivery partners": _delivery_partner,
    "statements": _statement,
}
