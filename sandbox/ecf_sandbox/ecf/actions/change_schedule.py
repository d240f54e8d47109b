"""A provider moves somebody to another training schedule, perhaps of another cohort."""

from __future__ import annotations

from typing import Any

from ecf_sandbox.ecf.actions.frozen_cohorts import frozen_move
from ecf_sandbox.ecf.actions.participants import resolve_participant
from ecf_sandbox.ecf.actions.training_history import reschedule
from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState
from ecf_sandbox.ecf.domain.participants import InductionRecord, TrainingRecord
from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.domain.schools import Partnership
from ecf_sandbox.ecf.queries.partnerships import school_cohort_for
from ecf_sandbox.ecf.queries.training import schedule_of, school_cohort_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.ecf.rules.change_schedule import CHANGE_SCHEDULE, ScheduleChange
from ecf_sandbox.ecf.rules.participants import reason_not_taken
from ecf_sandbox.rulebook.refusals import NotFound
from ecf_sandbox.rulebook.values import Fields, Scalar, is_blank, whole_number
from ecf_sandbox.state.record import replace


def change_schedule(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> TrainingRecord:
    """Move a participant to the schedule that `fields` name, in their cohort unless it names another.

    `fields` are the scalar attributes as they came. Raises Refused; NotFound where a declaration that counts is of a
    type that the new schedule has not got, which is how the service answers (behaviour/participants.md#7-2-s3x).
    """
    change = gather(turn, provider, participant_id, fields)
    # What the action takes no notice of is turned down before anything is looked up.
    if change.without_milestone and not reason_not_taken.broken_by(change):
        raise NotFound
    turn.enforce(CHANGE_SCHEDULE, change)
    return _apply(turn, change)


def gather(turn: Turn, provider: Provider, participant_id: str | None, fields: Fields) -> ScheduleChange:
    """Look up everything that decides about the change, once."""
    known: dict[str, Any] = resolve_participant(turn, provider, participant_id, fields)
    records = turn.records
    training: TrainingRecord | None = known["training"]
    induction: InductionRecord | None = known["induction"]
    identifier = fields.get("schedule_identifier")
    cohort = _cohort_meant(turn, fields.get("cohort"), training, induction)
    schedule = _schedule_meant(records, identifier, cohort)
    asked = {**known, "identifier": identifier, "schedule": schedule, "cohort": cohort}
    if training is None:
        return ScheduleChange(**asked)
    present = schedule_of(records, training)
    cohort_now = schedule_of(records, induction).cohort if induction else None
    live = tuple(it for it in records.declarations.by("training_record_id", training.id) if it.live)
    change = ScheduleChange(
        **asked,
        present=present,
        cohort_now=cohort_now,
        live=live,
        blocking=tuple(it for it in live if _blocks(turn, training, it)),
        frozen_move=frozen_move(records, training, cohort_now, cohort, turn.now),
    )
    return _with_place(records, provider, change, induction, cohort) if induction and cohort else change


def _blocks(turn: Turn, training: TrainingRecord, it: Declaration) -> bool:
    """Whether a live declaration must fit the new schedule.

    Submitted ones need not in the guidance; and what a move out of a frozen cohort left behind is not looked at.
    """
    if it.state is DeclarationState.SUBMITTED and not turn.edition.on("submitted_blocks_schedule_change"):
        return False
    frozen = turn.records.cohorts[it.cohort].payments_frozen_at is not None
    return not (training.cohort_changed_after_payments_frozen and frozen)


def _cohort_meant(
    turn: Turn, given: Scalar, training: TrainingRecord | None, induction: InductionRecord | None
) -> Cohort | None:
    records = turn.records
    # The service reads a cohort as a number before it asks whether there is one: `false` is the year 0, which is none.
    if given is False or not is_blank(given):
        return records.cohorts.get(whole_number(given))
    if induction is not None:
        return records.cohorts.get(school_cohort_of(records, records.programmes[induction.programme_id]).cohort)
    if training is not None:
        return records.cohorts.get(schedule_of(records, training).cohort)
    return next((it for it in records.cohorts if it.current(turn.now.date())), None)


def _schedule_meant(records: Records, identifier: Scalar, cohort: Cohort | None) -> Schedule | None:
    if cohort is None or not isinstance(identifier, str):
        return None
    year = cohort.start_year
    return records.schedules.one("cohort,identifier", (year, identifier)) or records.schedules.one(
        "cohort,alias", (year, identifier)
    )


def _with_place(
    records: Records, provider: Provider, change: ScheduleChange, induction: InductionRecord, cohort: Cohort
) -> ScheduleChange:
    """The change with the partnership, the school's cohort and the programme that it would lead to."""
    school_id = school_cohort_of(records, records.programmes[induction.programme_id]).school_id
    partnership = _usable_partnership(records, provider, change, school_id)
    school_cohort = school_cohort_for(records, school_id, cohort.start_year)
    # Somebody who stays with their provider by a relationship stays in its programme.
    stays = partnership is not None and partnership.relationship
    default = school_cohort.default_programme_id if school_cohort else None
    programme = records.programmes.get(induction.programme_id if stays else default)
    return replace(change, partnership=partnership, school_cohort=school_cohort, programme=programme)


def _usable_partnership(
    records: Records, provider: Provider, change: ScheduleChange, school_id: str
) -> Partnership | None:
    """The provider's ordinary one for the cohort, else a relationship if only the schedule changes (S7)."""
    own = [
        it
        for it in records.partnerships.by("school_id,cohort", (school_id, change.year))
        if it.provider_id == provider.id and it.active
    ]
    ordinary = next((it for it in own if not it.relationship), None)
    if ordinary is not None:
        return ordinary
    return next(iter(own), None) if _only_reschedules(change) else None


def _only_reschedules(change: ScheduleChange) -> bool:
    """Whether the cohort stays and the schedule does not; one that does not exist is another one too."""
    now = change.induction.schedule_id if change.induction else None
    return change.cohort_now == change.year and (change.schedule is None or change.schedule.id != now)


def _apply(turn: Turn, change: ScheduleChange) -> TrainingRecord:
    training, induction = change.training, change.induction
    schedule, programme, school_cohort = change.schedule, change.programme, change.school_cohort
    if training is None or induction is None or schedule is None or programme is None or school_cohort is None:
        raise AssertionError("the rules let only changes through that lead somewhere")
    flag = training.cohort_changed_after_payments_frozen
    toggled = change.frozen_move and change.year != change.cohort_now
    return reschedule(
        turn,
        induction,
        schedule,
        programme_id=programme.id,
        school_cohort_id=school_cohort.id,
        out_of_frozen=flag is not toggled,
    )
