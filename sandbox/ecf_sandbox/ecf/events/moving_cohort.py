"""Moving somebody to another cohort, and out of one whose payments have ended (behaviour/participants.md#12-12)."""

from __future__ import annotations

from ecf_sandbox.ecf.actions.frozen_cohorts import (
    DESTINATION,
    billed_in,
    bills_unfinished,
    declared_in,
    goes_back,
    unfinished,
)
from ecf_sandbox.ecf.actions.partnerships import partners_of, same_partners_at
from ecf_sandbox.ecf.actions.programmes import FIP, save_school_cohort, school_cohort_at, start_programme
from ecf_sandbox.ecf.actions.training_history import supersede
from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.participants import InductionRecord, InductionStatus, TrainingRecord
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, SchoolCohort
from ecf_sandbox.ecf.events.enrolment import DEFAULT_SCHEDULE
from ecf_sandbox.ecf.events.training import update_training
from ecf_sandbox.ecf.queries.partnerships import provider_relationship, school_cohort_for
from ecf_sandbox.ecf.queries.training import latest, schedule_of, school_cohort_of, school_of
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

EXTENDED = "ecf-extended-september"


def move_to_cohort(turn: Turn, training: TrainingRecord, cohort: int, *, force: bool = False) -> TrainingRecord:
    """Move somebody to another cohort of their school, onto its default programme; raises DoesNotFit.

    A move out of a frozen cohort sets the school up if need be; `force` takes along who has nothing to be paid for.
    """
    induction = _induction_in(turn.records, training, _cohort(turn, training).start_year)
    if induction is None:
        raise DoesNotFit("they have no induction record in the cohort of their schedule")
    if cohort_of(turn.records, induction) == cohort:
        # They keep their schedule, so there is nothing to do: the service asks this before whether they may move.
        return training
    out = _leaves_frozen(turn, training, cohort)
    _check(turn, training, cohort, force=force)
    schedule = schedule_in(turn.records, cohort, induction, extended=out)
    school_cohort, programme = _place(turn, induction, cohort, set_up=out)
    supersede(turn, induction, programme_id=programme.id, schedule_id=schedule.id)
    return update_training(
        turn,
        training,
        school_cohort_id=school_cohort.id,
        schedule_id=schedule.id,
        cohort_changed_after_payments_frozen=out and bills_unfinished(turn.records, training),
    )


def leave_frozen_cohort(turn: Turn, training: TrainingRecord) -> None:
    """Whoever has not finished in a cohort whose payments have ended goes on in 2024; whom that does not fit stays."""
    if unfinished(turn.records, training):
        before = turn.records
        try:
            move_to_cohort(turn, training, DESTINATION, force=True)
        except DoesNotFit:
            turn.records = before


def schedule_in(records: Records, cohort: int, induction: InductionRecord, *, extended: bool) -> Schedule:
    """The schedule in a cohort that corresponds to the present one, or the one for those who need more time."""
    present = records.schedules[induction.schedule_id]
    if cohort_of(records, induction) == cohort:
        return present
    wanted = (EXTENDED if extended else present.identifier, DEFAULT_SCHEDULE)
    found = (records.schedules.one("cohort,identifier", (cohort, identifier)) for identifier in wanted)
    schedule = next((it for it in found if it is not None), None)
    if schedule is None:
        raise DoesNotFit(f"cohort {cohort} has no schedule {wanted[0]}")
    return schedule


def cohort_of(records: Records, induction: InductionRecord) -> int:
    """The cohort of the programme that an induction record is on."""
    return school_cohort_of(records, records.programmes[induction.programme_id]).cohort


def _induction_in(records: Records, training: TrainingRecord, cohort: int) -> InductionRecord | None:
    """The latest that was not superseded, on a programme of the cohort."""
    own = records.induction_records.by("training_record_id", training.id)
    return latest(
        it for it in own if it.induction_status is not InductionStatus.CHANGED and cohort_of(records, it) == cohort
    )


def _cohort(turn: Turn, training: TrainingRecord) -> Cohort:
    return turn.records.cohorts[schedule_of(turn.records, training).cohort]


def _leaves_frozen(turn: Turn, training: TrainingRecord, cohort: int) -> bool:
    return cohort == DESTINATION and _cohort(turn, training).frozen(turn.now)


def _check(turn: Turn, training: TrainingRecord, cohort: int, *, force: bool) -> None:
    records = turn.records
    if training.notes:
        raise DoesNotFit("there are notes on the record, to be dealt with by hand")
    if cohort == 2025 and training.mentor_completion_date is not None:
        raise DoesNotFit("a mentor who has completed the training cannot move to 2025")
    if _leaves_frozen(turn, training, cohort):
        if not (force and unfinished(turn.records, training)) and not bills_unfinished(turn.records, training):
            raise DoesNotFit("their cohort is frozen, and they have finished or nothing was declared for them")
    elif goes_back(training, records.cohorts[cohort], turn.now):
        _check_way_back(records, training, cohort)
    elif any(it.live for it in records.declarations.by("training_record_id", training.id)):
        raise DoesNotFit("they have declarations that are submitted, eligible, payable or paid: void them first")


def _check_way_back(records: Records, training: TrainingRecord, cohort: int) -> None:
    present = schedule_of(records, training).cohort
    if declared_in(records, training, present):
        raise DoesNotFit(f"they have declarations in {present} already")
    if not billed_in(records, training, cohort):
        raise DoesNotFit(f"they have no declarations to be paid for in {cohort}")


def _place(turn: Turn, induction: InductionRecord, cohort: int, *, set_up: bool) -> tuple[SchoolCohort, Programme]:
    """Where the school trains the cohort: its default programme, unless they are on one of its programmes already."""
    school = school_of(turn.records, induction)
    if set_up:
        _set_up(turn, school.id, cohort)
    school_cohort = turn.records.school_cohorts.one("school_id,cohort", (school.id, cohort))
    if school_cohort is None:
        raise DoesNotFit(f"{school.name} has not set up cohort {cohort}: set_programme_choice first")
    same = cohort_of(turn.records, induction) == cohort
    programme = turn.records.programmes.get(induction.programme_id if same else school_cohort.default_programme_id)
    if programme is None:
        raise DoesNotFit(f"{school.name} has no default programme for cohort {cohort}")
    return school_cohort, programme


def _set_up(turn: Turn, school_id: str, cohort: int) -> None:
    """A school without a programme for the cohort trains it with its partners of the year before, if they may."""
    school_cohort = school_cohort_at(turn, school_id, cohort)
    if school_cohort.default_programme_id is None:
        programme = start_programme(turn, school_cohort, FIP, _partnership_as_before(turn, school_cohort))
        save_school_cohort(turn, replace(school_cohort, choice=FIP, default_programme_id=programme.id))


def _partnership_as_before(turn: Turn, school_cohort: SchoolCohort) -> Partnership | None:
    """The year before is the one before the new cohort, whichever cohort somebody comes from."""
    school_id, cohort = school_cohort.school_id, school_cohort.cohort
    before = _default_partnership(turn.records, school_id, cohort - 1)
    if before is None or provider_relationship(turn.records, *partners_of(before), cohort) is None:
        return None
    return same_partners_at(turn, before, school_id, cohort, relationship=False)


def _default_partnership(records: Records, school_id: str, cohort: int) -> Partnership | None:
    school_cohort = school_cohort_for(records, school_id, cohort)
    programme = records.programmes.get(school_cohort.default_programme_id) if school_cohort else None
    return records.partnerships.get(programme.partnership_id) if programme else None
