"""What schools say later on: who leaves, who trains with somebody else, and what people are called."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.participants import continue_training
from ecf_sandbox.rect.actions.saving import remove, save
from ecf_sandbox.rect.domain.periods import DAY, contains, overlap
from ecf_sandbox.rect.domain.schools import School, TrainingProgramme
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.events.event import As, ParticipantId, ProviderName, SchoolId, as_now, provider_named
from ecf_sandbox.rect.events.periods import end_period, latest_period
from ecf_sandbox.rect.events.schedules import REASSIGNED_SCHEDULE, REASSIGNED_YEAR, Arrangement, arrange
from ecf_sandbox.rect.queries.history import contract_period_of, schedule_of, training_within
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

FinishedOn = Annotated[date, "the last day at the school"]


def ect_leaves(turn: Turn, participant_id: ParticipantId, finished_on: FinishedOn) -> Teacher:
    """A school says that an ECT leaves. Training and mentorship end with the last day there."""
    return _leaves(turn, participant_id, TeacherType.ECT, finished_on)


def mentor_leaves(turn: Turn, participant_id: ParticipantId, finished_on: FinishedOn) -> Teacher:
    """A school says that a mentor leaves. Training and mentorships end with the last day there."""
    return _leaves(turn, participant_id, TeacherType.MENTOR, finished_on)


def _leaves(turn: Turn, participant_id: str, kind: TeacherType, finished_on: date) -> Teacher:
    period = latest_period(turn.records, turn.records.teachers[participant_id], kind)
    end_period(turn, period, finished_on, reported=True)
    return as_now(turn, participant_id)


def change_lead_provider(
    turn: Turn,
    participant_id: ParticipantId,
    lead_provider: ProviderName,
    old_lead_provider: Annotated[str | None, "the name of the lead provider until now"] = None,  # noqa: ARG001
    as_: Annotated[As, "as which of the two they are trained"] = As.ECT,
) -> Teacher:
    """A school picks another lead provider for somebody from today on.

    Without a partnership with it, it does not see the person until it makes one. An ECT of a frozen cohort goes on in
    another one. Who trained them until now is told for the story only.
    """
    records, kind = turn.records, as_.kind
    provider = provider_named(records, lead_provider)
    period = latest_period(records, records.teachers[participant_id], kind)
    before = next(reversed(training_within(records, period)), None)
    if before is None:
        raise DoesNotFit("they are not trained at the school")
    if before.programme is TrainingProgramme.SCHOOL_LED:
        raise DoesNotFit("the school itself trains them")
    own, schedule = contract_period_of(records, before), schedule_of(records, before)
    if own is None or schedule is None:
        raise DoesNotFit("their training is for no cohort")
    today = uk_day(turn.now)
    goes_on = before.finished_on is None or before.finished_on >= today
    year, identifier = own.year, schedule.identifier
    reassigned = kind is TeacherType.ECT and own.frozen(turn.now)
    if reassigned:
        if not goes_on:
            raise DoesNotFit(f"training in cohort {own.year}, which is frozen, has ended")
        year, identifier = REASSIGNED_YEAR, REASSIGNED_SCHEDULE
    target = records.contract_periods.get(year)
    if target is None:
        raise DoesNotFit(f"there is no cohort {year}")
    _retrain(turn, period, before, arrange(records, provider, period.school_id, target, identifier))
    if reassigned:
        save(turn, replace(as_now(turn, participant_id), ect_frozen_year=own.year))
    return as_now(turn, participant_id)


def _retrain(turn: Turn, period: AtSchoolPeriod, before: TrainingPeriod, arranged: Arrangement) -> None:
    """Training ends yesterday and goes on as arranged; such as starts today or later is changed in place."""
    today = uk_day(turn.now)
    changes = {
        "schedule_id": arranged.schedule.id,
        "school_partnership_id": arranged.partnership.id if arranged.partnership else None,
        "expression_of_interest_id": arranged.interest.id if arranged.interest else None,
    }
    if before.started_on >= today:
        changed = replace(before, **changes)
        if changed != before and turn.records.declarations.by("training_period_id", before.id):
            # Declarations are of whoever trains, and would be somebody else's.
            raise DoesNotFit("something has been declared of training that would change hands")
        save(turn, changed)
        return
    after = replace(continue_training(turn, before, today, period.finished_on), **changes)
    if after.finished_on is not None and after.finished_on <= today:
        raise DoesNotFit(f"they are at the school until {after.finished_on.isoformat()} only")
    if before.school_partnership_id is None and contains(before, today):
        remove(turn, before)
    elif before.finished_on is None or before.finished_on >= today:
        save(turn, replace(before, finished_on=today - DAY))
    if any(overlap(it, after) for it in training_within(turn.records, period)):
        raise DoesNotFit("other training at the school starts later")
    save(turn, after)


def change_email(
    turn: Turn,
    participant_id: ParticipantId,
    email: Annotated[str, "the new address"],
    as_: Annotated[As, "as which of the two it is their address"] = As.ECT,
) -> Teacher:
    """A school changes somebody's e-mail address."""
    period = latest_period(turn.records, turn.records.teachers[participant_id], as_.kind)
    save(turn, replace(period, email=email))
    return as_now(turn, participant_id)


def change_name(turn: Turn, participant_id: ParticipantId, name: Annotated[str, "the new name"]) -> Teacher:
    """A school corrects somebody's name."""
    save(turn, replace(as_now(turn, participant_id), corrected_name=" ".join(name.split())))
    return as_now(turn, participant_id)


def change_tutor(
    turn: Turn,
    school_id: SchoolId,
    name: Annotated[str, "the name of the induction tutor"],
    email: Annotated[str, "their e-mail address"],
) -> School:
    """A school has another induction tutor."""
    save(turn, replace(turn.records.schools[school_id], induction_tutor_name=name, induction_tutor_email=email))
    return turn.records.schools[school_id]
