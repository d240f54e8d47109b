"""How somebody gets on a school's programme: identity, schedule, uplifts and the first induction record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from ecf_sandbox.ecf.actions.training_history import note_status, save_identity, save_induction
from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.participants import (
    Identity,
    InductionRecord,
    InductionStatus,
    RecordStatus,
    TrainingRecord,
    TrainingStatus,
    User,
)
from ecf_sandbox.ecf.domain.schools import Programme, SchoolCohort
from ecf_sandbox.ecf.events.training import update_training
from ecf_sandbox.ecf.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit

DEFAULT_SCHEDULE = "ecf-standard-september"


def enrol(
    turn: Turn,
    training: TrainingRecord,
    programme: Programme,
    *,
    begins: date | None = None,
    identity: Identity | None = None,
    mentor: TrainingRecord | None = None,
    school_transfer: bool = False,
) -> InductionRecord:
    """Put somebody on a programme, from a day or from the first day of their schedule.

    It makes them active, whatever they were. Whoever has completed the training stays so, and so does the new record.
    """
    schedule = turn.records.schedules[training.schedule_id]
    if not training.completed:
        _make_active(turn, training, programme)
    at = turn.stamp()
    return save_induction(
        turn,
        InductionRecord(
            id=turn.new_id(),
            training_record_id=training.id,
            programme_id=programme.id,
            schedule_id=schedule.id,
            start_date=midnight(begins or min(it.start for it in schedule.milestones)),
            induction_status=InductionStatus.COMPLETED if training.completed else InductionStatus.ACTIVE,
            preferred_identity_id=identity.id if identity else training.identity_id,
            mentor_record_id=mentor.id if mentor else None,
            school_transfer=school_transfer,
            created_at=at,
            updated_at=at,
        ),
    )


def _make_active(turn: Turn, training: TrainingRecord, programme: Programme) -> None:
    """Nothing stands in the way of training any more; the newest induction record follows if a school withdrew it."""
    update_training(turn, training, status=RecordStatus.ACTIVE, training_status=TrainingStatus.ACTIVE)
    note_active(turn, training, programme)


def note_active(turn: Turn, training: TrainingRecord, programme: Programme | None) -> None:
    """Note for the provider behind a programme, if there is one, that somebody is active."""
    partnership = turn.records.partnerships.get(programme.partnership_id) if programme else None
    note_status(turn, training.id, partnership.provider_id if partnership else None, TrainingStatus.ACTIVE)


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time.min, UTC)


def default_schedule(records: Records, cohort: int) -> Schedule:
    """The schedule that everybody in a cohort begins with."""
    found = records.schedules.one("cohort,identifier", (cohort, DEFAULT_SCHEDULE))
    if found is None:
        raise DoesNotFit(f"cohort {cohort} has no schedule {DEFAULT_SCHEDULE}")
    return found


def school_cohort_of_choice(records: Records, school_id: str, cohort: int) -> SchoolCohort:
    """What a school chose for a cohort; raises DoesNotFit if it has not set the cohort up."""
    found = records.school_cohorts.one("school_id,cohort", (school_id, cohort))
    if found is None:
        raise DoesNotFit(
            f"{records.schools[school_id].name} has not set up cohort {cohort}: set_programme_choice first"
        )
    return found


def uplifts(records: Records, school_cohort: SchoolCohort) -> tuple[bool, bool]:
    """Whether somebody registered there gets the pupil premium and the sparsity uplift: the school's, that year."""
    incentive = records.incentives.one("school_id,start_year", (school_cohort.school_id, school_cohort.cohort))
    return (incentive.pupil_premium, incentive.sparsity) if incentive else (False, False)


def preferred_identity(records: Records, training: TrainingRecord, induction: InductionRecord | None) -> Identity:
    """The identity whose e-mail address a record shows."""
    preferred = records.identities.get(induction.preferred_identity_id) if induction else None
    return preferred or records.identities[training.identity_id]


def identity_with(records: Records, email: str) -> Identity | None:
    """The identity with an e-mail address, in whatever case it is spelt."""
    wanted = email.strip().casefold()
    return next((it for it in records.identities if it.email.casefold() == wanted), None)


def identity_for(turn: Turn, user: User, email: str) -> Identity:
    """A person's identity with an e-mail address, made if they have none; raises DoesNotFit if it is another's."""
    found = identity_with(turn.records, email)
    if found is not None and found.user_id != user.id:
        raise DoesNotFit(f"{email} is the e-mail address of another participant, {found.user_id}")
    return found or add_identity(turn, user, email.strip())


def add_identity(turn: Turn, user: User, email: str) -> Identity:
    """A new e-mail address of a person. Their first one stands for their own id for good."""
    taken = turn.records.identities.one("external_id", user.id) is not None
    at = turn.stamp()
    return save_identity(
        turn,
        Identity(
            id=turn.new_id(),
            user_id=user.id,
            email=email,
            external_id=turn.new_id() if taken else user.id,
            created_at=at,
            updated_at=at,
        ),
    )
