"""What there is to say about a refusal beyond its rules: whom an id means, who or what is in the way, until when."""

from __future__ import annotations

from collections.abc import Iterator

from ecf_sandbox.rect.actions.declarations import declarations_of
from ecf_sandbox.rect.domain.declarations import TYPES, Declaration
from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.teachers import TrainingPeriod
from ecf_sandbox.rect.explain.not_found import by_whom, why_hidden
from ecf_sandbox.rect.explain.resolved_ids import person_given, resolve_id
from ecf_sandbox.rect.explain.wording import as_kind, readable, status_of
from ecf_sandbox.rect.queries.names import full_name
from ecf_sandbox.rect.queries.schools import years_with
from ecf_sandbox.rect.queries.training import provider_of, teacher_of, training_of
from ecf_sandbox.rect.rules import change_schedule as scheduling
from ecf_sandbox.rect.rules import declarations as declaring
from ecf_sandbox.rect.rules import participants as updating
from ecf_sandbox.rect.rules import partnerships as partnering
from ecf_sandbox.rect.rules import voiding
from ecf_sandbox.rect.rules.change_schedule import ScheduleChange
from ecf_sandbox.rect.rules.declarations import DeclarationAttempt
from ecf_sandbox.rect.rules.participants import Resumption, Whom
from ecf_sandbox.rect.rules.partnerships import PartnerAttempt, PartnershipAttempt
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.tools.explain.resolved_ids import nothing_by_id
from ecf_sandbox.tools.explain.suggestions.suggestion import Case

# Rules that refuse what is so already: there is nothing to send.
DONE_ALREADY = {
    updating.already_deferred.id: "The participant is deferred already: nothing has to be sent.",
    updating.already_withdrawn.id: "The participant is withdrawn already: nothing has to be sent.",
    scheduling.already_on_it.id: "The participant is on that schedule already: nothing has to be sent.",
    voiding.already_voided.id: "The declaration is voided already: nothing has to be sent.",
    voiding.already_refunded.id: "The payment is taken back already; declare anew if something else was reached.",
    partnering.already_confirmed.id: "The partnership is made already: nothing has to be sent.",
    partnering.partner_already_there.id: "The delivery partner is in the partnership already: nothing has to be sent.",
}
# The same, where what is so already may be two things.
ACTIVE_ALREADY = updating.already_active.id
_PERSON = (declaring.participant_missing, declaring.participant_unknown, declaring.never_trained)
_COURSE = (declaring.course_not_trained, updating.course_not_trained)


def reasons(case: Case, _edition: Edition) -> Iterator[str]:
    """Sentences about a refusal."""
    if case.broke(*_PERSON):
        yield from _person(case)
    if case.broke(*_COURSE):
        yield from _course(case)
    attempt = case.attempt
    if isinstance(attempt, DeclarationAttempt):
        yield from _declaring(case, attempt)
    if isinstance(attempt, Whom):
        yield from _updating(case, attempt)
    if isinstance(attempt, ScheduleChange):
        yield from _scheduling(case, attempt)
    if isinstance(attempt, PartnerAttempt):
        yield from _partnering(case, attempt)
    for it in sorted(case.broken & DONE_ALREADY.keys()):
        yield DONE_ALREADY[it]


def _person(case: Case) -> Iterator[str]:
    given = person_given(case)
    found = resolve_id(case.records, given)
    if found is None:
        # A list or an object as a value is dropped (behaviour/rect.md#5).
        yield nothing_by_id(case, given, "participant_id", readable)
        return
    yield f"{given} is {found.words}."
    teacher = case.records.teachers.get(found.person_id)
    if teacher is not None:
        yield from why_hidden(case.records, case.provider, teacher)


def _course(case: Case) -> Iterator[str]:
    """As what the provider trains the participant."""
    found = resolve_id(case.records, person_given(case))
    teacher = case.records.teachers.get(found.person_id) if found else None
    if teacher is None:
        return
    for row in case.records.teacher_metadata.by("teacher_id,lead_provider_id", (teacher.id, case.provider_id)):
        ids = (row.latest_ect_training_period_id, row.latest_mentor_training_period_id)
        for it in (case.records.training_periods[id] for id in ids if id):
            whom = f"{full_name(teacher)} {as_kind(it.kind)}"
            yield f"{case.provider.name} trains {whom}, the course {it.kind.course}, and on no other."


def _declaring(case: Case, attempt: DeclarationAttempt) -> Iterator[str]:
    records, training = case.records, attempt.training
    if attempt.taken_by is not None:
        owner = provider_of(records, records.training_periods[attempt.taken_by.training_period_id])
        if owner is not None and owner != case.provider_id:
            name = records.lead_providers[owner].name
            yield f"{name} made the declaration {attempt.taken_by.id}; only {name} can void it."
    if case.broke(declaring.out_of_sequence):
        yield from _in_the_way(case, attempt)
    if case.broke(declaring.cohort_closed) and attempt.year is not None:
        yield _no_statement(case, attempt.year)
    if case.broke(declaring.cohort_frozen):
        frozen = readable(records.contract_periods[attempt.frozen_year])
        yield f"The participant trains today in the cohort {frozen}."
    if case.broke(declaring.type_not_in_schedule) and attempt.schedule is not None:
        yield f"The participant is on the schedule {readable(attempt.schedule)}."
    if case.broke(declaring.evidence_missing, declaring.evidence_unknown) and training is not None:
        taken = ", ".join(sorted(attempt.evidence_choices or ()))
        yield f"Evidence that counts for {attempt.type} of the cohort {attempt.year}: {taken}."


def _in_the_way(case: Case, attempt: DeclarationAttempt) -> Iterator[str]:
    for it in blocking(case, attempt):
        owner = provider_of(case.records, case.records.training_periods[it.training_period_id])
        whose = f", of {case.records.lead_providers[owner].name}" if owner and owner != case.provider_id else ""
        before = TYPES.index(it.declaration_type) < TYPES.index(str(attempt.type))
        order = "comes before" if before else "comes after"
        yield f"{it.declaration_type} {order} {attempt.type} in training, and there is {readable(it)}{whose}."


def blocking(case: Case, attempt: DeclarationAttempt) -> list[Declaration]:
    """The live declarations of the person that keep this one from being in sequence."""
    teacher, kind, dated = attempt.teacher, attempt.kind, attempt.dated
    if teacher is None or kind is None or dated is None or attempt.type not in TYPES:
        return []
    order = TYPES.index(str(attempt.type))

    def stands_in_the_way(it: Declaration) -> bool:
        other = TYPES.index(it.declaration_type)
        too_early = other < order and dated.judged < it.declaration_date
        return too_early or (other > order and dated.judged > it.declaration_date)

    return [it for it in declarations_of(case.records, teacher, kind) if it.live and stands_in_the_way(it)]


def _no_statement(case: Case, year: int) -> str:
    rows = case.records.statements.by("lead_provider_id,contract_period_year", (case.provider_id, year))
    last = max((it for it in rows if it.output_fee), key=lambda it: it.deadline_date, default=None)
    told = f": the last is {readable(last)}" if last else ""
    return f"{case.provider.name} has no open statement of {year} on {case.now.date()}{told}."


def _updating(case: Case, attempt: Whom) -> Iterator[str]:
    training = attempt.training
    if training is None:
        return
    if case.broke(updating.begun_today):
        yield (
            f"This training began today, {training.started_on}: with registration, or because the participant resumed "
            "or changed schedule today, which begins new training."
        )
    if case.broke(updating.not_begun_to_defer, updating.not_begun_to_withdraw):
        yield f"The training begins on {training.started_on}, and it is {attempt.today}."
    if case.broke(updating.stopped_today):
        yield f"The training ended today, {attempt.today}: it was {status_of(training)}."
    if case.broke(updating.already_active):
        over = training.finished_on is not None and training.finished_on < attempt.today
        yield (
            f"The training was {status_of(training)}; it ended on {training.finished_on}, since the participant left."
            if over
            else "The participant is in training already: nothing has to be sent."
        )
    if isinstance(attempt, Resumption):
        yield from _resuming(case, attempt)


def _resuming(case: Case, attempt: Resumption) -> Iterator[str]:
    name = _name(case, attempt.training)
    if case.broke(updating.trains_elsewhere):
        for it in attempt.siblings:
            if contains(it, attempt.today):
                yield f"Since {it.started_on} {name} {by_whom(case.records, case.provider, it)}."
    if case.broke(updating.no_longer_at_school) and attempt.at_school is not None:
        school = case.records.schools[attempt.at_school.school_id].name
        yield f"{name} was at {school} until {attempt.at_school.finished_on}; only the school can register them again."


def _scheduling(case: Case, attempt: ScheduleChange) -> Iterator[str]:
    training, records = attempt.training, case.records
    if training is None:
        return
    name = _name(case, training)
    if case.broke(scheduling.left, scheduling.withdrawn):
        ended = f", and it ended on {training.finished_on}" if training.finished_on else ""
        yield f"The training of {name} was {status_of(training)}{ended}."
    if case.broke(scheduling.no_partnership) and attempt.contract_period is not None:
        school = records.schools[records.at_school_periods[training.at_school_period_id].school_id].name
        yield f"{case.provider.name} has no partnership with {school} for {attempt.contract_period.year}."
    if case.broke(scheduling.cohort_frozen):
        yield f"The cohort meant is {readable(attempt.contract_period)}."
    if case.broke(scheduling.orphans_declarations):
        found = records.declarations.by("training_period_id", training.id)
        yield f"Declarations of this training, which began on {training.started_on}: {readable(found)}."
    if case.broke(scheduling.joins_another_later):
        for it in training_of(records, teacher_of(records, training).id, training.kind):
            if it.started_on > training.started_on:
                yield f"From {it.started_on} on {name} {by_whom(records, case.provider, it)}."


def _partnering(case: Case, attempt: PartnerAttempt) -> Iterator[str]:
    records, partner = case.records, attempt.partner
    if partner is not None and case.broke(partnering.partner_not_yours):
        years = ", ".join(map(str, years_with(records, partner.id, case.provider_id)))
        yield (
            f"{partner.name} works with {case.provider.name} in the cohorts {years}."
            if years
            else f"The DfE does not know {partner.name} to work with {case.provider.name} in any cohort."
        )
    if not isinstance(attempt, PartnershipAttempt) or attempt.school is None:
        return
    if case.broke(partnering.school_ineligible):
        yield f"Only the register of schools (GIAS) or the DfE can make {attempt.school.name} eligible; no request can."
    if case.broke(partnering.school_led):
        yield (
            f"Everybody whom {attempt.school.name} registered for {attempt.cohort} is trained by the school itself. "
            "Once it registers somebody who is to be trained by a provider (an event), this request passes."
        )


def _name(case: Case, training: TrainingPeriod | None) -> str:
    return full_name(teacher_of(case.records, training)) if training else "The participant"
