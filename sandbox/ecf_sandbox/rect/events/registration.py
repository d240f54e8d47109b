"""Schools register ECTs and mentors, and say who mentors whom."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.dates.uk import uk_day
from ecf_sandbox.rect.actions.saving import save, written_at
from ecf_sandbox.rect.domain.schools import TrainingProgramme
from ecf_sandbox.rect.domain.teachers import AtSchoolPeriod, MentorshipPeriod, Teacher, TeacherType, TrainingPeriod
from ecf_sandbox.rect.events.event import ParticipantId, ProviderOrSchool, SchoolId, as_now, provider_named
from ecf_sandbox.rect.events.periods import day_before, end_period, insist_on_time, period_on
from ecf_sandbox.rect.events.schedules import registered_for
from ecf_sandbox.rect.queries.training import at_school_periods_of
from ecf_sandbox.rect.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace

Trn = Annotated[str, "the teacher reference number; a known one is the same person"]
FirstName = Annotated[str, "the first name in the teaching record"]
LastName = Annotated[str, "the last name in the teaching record"]
Email = Annotated[str, "the e-mail address at the school"]
StartedOn = Annotated[date, "the first day at the school"]


def register_ect(
    turn: Turn,
    trn: Trn,
    first_name: FirstName,
    last_name: LastName,
    email: Email,
    school_id: SchoolId,
    started_on: StartedOn,
    lead_provider: ProviderOrSchool = None,
    working_pattern: Annotated[str, "full_time or part_time"] = "full_time",
) -> Teacher:
    """A school registers an ECT, for training by a lead provider or by itself.

    Whoever is an ECT elsewhere stops there the day before. Training starts with the registration at the earliest.
    """
    teacher = _teacher(turn, trn, first_name, last_name)
    period = _period(turn, teacher, TeacherType.ECT, school_id, started_on, email, working_pattern)
    others = at_school_periods_of(turn.records, teacher.id, TeacherType.ECT)
    for it in others:
        if it.finished_on is None:
            end_period(turn, it, day_before(started_on))
    insist_on_time("ECT", period, at_school_periods_of(turn.records, teacher.id, TeacherType.ECT))
    training = _training(turn, period, lead_provider)
    save(turn, period, training)
    provider = provider_named(turn.records, lead_provider).id if lead_provider else None
    chosen = {"last_chosen_lead_provider_id": provider, "last_chosen_training_programme": training.programme}
    save(turn, replace(turn.records.schools[school_id], **chosen))
    return as_now(turn, teacher.id)


def register_mentor(
    turn: Turn,
    trn: Trn,
    first_name: FirstName,
    last_name: LastName,
    email: Email,
    school_id: SchoolId,
    started_on: StartedOn,
    lead_provider: ProviderOrSchool = None,
    only_here: Annotated[bool, "whether they stop mentoring at other schools"] = False,
) -> Teacher:
    """A school registers a mentor, who is trained by a lead provider, if by anybody.

    Nobody is trained a second time beside another school, nor once the funding has ended.
    """
    teacher = _teacher(turn, trn, first_name, last_name)
    others = at_school_periods_of(turn.records, teacher.id, TeacherType.MENTOR)
    period = _period(turn, teacher, TeacherType.MENTOR, school_id, started_on, email, None)
    if only_here:
        for it in others:
            if it.finished_on is None:
                end_period(turn, it, day_before(started_on))
    others = at_school_periods_of(turn.records, teacher.id, TeacherType.MENTOR)
    insist_on_time("mentor", period, [it for it in others if it.school_id == school_id])
    elsewhere = any(it.finished_on is None for it in others)
    trained = lead_provider is not None and not elsewhere and teacher.mentor_ineligible_since is None
    training = _training(turn, period, lead_provider) if trained else None
    save(turn, *([period] if training is None else [period, training]))
    if training is not None:
        teacher = as_now(turn, teacher.id)
        if teacher.mentor_eligible_since is None:
            save(turn, replace(teacher, mentor_eligible_since=turn.now))
    return as_now(turn, teacher.id)


def assign_mentor(
    turn: Turn,
    ect_id: ParticipantId,
    mentor_id: ParticipantId,
) -> MentorshipPeriod:
    """A school says who mentors an ECT, from the day on which both are there; another mentor stops the day before."""
    records, today = turn.records, uk_day(turn.now)
    ect = period_on(records, records.teachers[ect_id], TeacherType.ECT, today)
    mentors = at_school_periods_of(records, mentor_id, TeacherType.MENTOR)
    here = [it for it in mentors if it.school_id == ect.school_id]
    if not here:
        raise DoesNotFit("they are no mentor at the school of the ECT")
    mentor = here[-1]
    starts = max(ect.started_on, mentor.started_on, today)
    ends = min((it.finished_on for it in (ect, mentor) if it.finished_on), default=None)
    if ends is not None and ends <= starts:
        raise DoesNotFit(f"one of them is at the school until {ends.isoformat()} only")
    for it in records.mentorship_periods.by("ect_at_school_period_id", ect.id):
        if it.finished_on is None:
            if it.started_on >= day_before(starts):
                raise DoesNotFit(f"another mentor starts on {it.started_on.isoformat()}")
            save(turn, replace(it, finished_on=day_before(starts)))
    made = MentorshipPeriod(
        id=turn.new_id(),
        ect_at_school_period_id=ect.id,
        mentor_at_school_period_id=mentor.id,
        started_on=starts,
        finished_on=ends,
    )
    save(turn, made)
    return made


def _teacher(turn: Turn, trn: str, first_name: str, last_name: str) -> Teacher:
    """The person with a reference number, new if nobody has it."""
    found = turn.records.teachers.one("trn", trn)
    if found is not None:
        return found
    made = Teacher(
        id=turn.new_id(),
        ect_training_record_id=turn.new_id(),
        mentor_training_record_id=turn.new_id(),
        trn=trn,
        first_name=first_name,
        last_name=last_name,
        created_at=turn.now,
        updated_at=turn.now,
        unfunded_updated_at=written_at(turn),
    )
    save(turn, made)
    return made


def _period(
    turn: Turn,
    teacher: Teacher,
    kind: TeacherType,
    school_id: str,
    started_on: date,
    email: str,
    working_pattern: str | None,
) -> AtSchoolPeriod:
    return AtSchoolPeriod(
        id=turn.new_id(),
        kind=kind,
        teacher_id=teacher.id,
        school_id=school_id,
        started_on=started_on,
        email=email,
        working_pattern=working_pattern,
        created_at=turn.now,
    )


def _training(turn: Turn, period: AtSchoolPeriod, lead_provider: str | None) -> TrainingPeriod:
    begins = max(period.started_on, uk_day(turn.now))
    training = TrainingPeriod(
        id=turn.new_id(),
        kind=period.kind,
        at_school_period_id=period.id,
        programme=TrainingProgramme.SCHOOL_LED,
        started_on=begins,
        created_at=turn.now,
        transfer_updated_at=written_at(turn),
    )
    if lead_provider is None:
        return training
    provider = provider_named(turn.records, lead_provider)
    arranged = registered_for(turn, period.teacher_id, period.kind, provider, period.school_id, begins)
    return replace(
        training,
        programme=TrainingProgramme.PROVIDER_LED,
        schedule_id=arranged.schedule.id,
        school_partnership_id=arranged.partnership.id if arranged.partnership else None,
        expression_of_interest_id=arranged.interest.id if arranged.interest else None,
    )
