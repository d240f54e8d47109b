"""What the DfE decides about cohorts: their payments, their milestones, and who belongs to them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ecf_sandbox.ecf.domain.cohorts import Cohort, Schedule
from ecf_sandbox.ecf.domain.declarations import Feature
from ecf_sandbox.ecf.domain.participants import Course, TrainingRecord
from ecf_sandbox.ecf.events.event import ParticipantId, StartYear
from ecf_sandbox.ecf.events.moving_cohort import move_to_cohort
from ecf_sandbox.ecf.events.participants import CourseIdentifier
from ecf_sandbox.ecf.events.training import find
from ecf_sandbox.ecf.records import Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import replace


def freeze_cohort(turn: Turn, cohort: StartYear) -> Cohort:
    """The contract that pays for a cohort ends: whoever has not finished goes on in another one, when they act."""
    frozen = replace(turn.records.cohorts[cohort], payments_frozen_at=turn.now)
    turn.save(frozen)
    return frozen


def amend_cohort(
    turn: Turn,
    participant_id: ParticipantId,
    cohort: StartYear,
    course_identifier: CourseIdentifier = Course.ECT,
    force: Annotated[bool, "out of a frozen cohort even if nothing was declared"] = False,
) -> TrainingRecord:
    """The DfE moves somebody to another cohort of their school, onto its default programme."""
    return move_to_cohort(turn, find(turn.records, participant_id, course_identifier), cohort, force=force)


def move_milestone(
    turn: Turn,
    schedule_identifier: Annotated[str, "the schedule"],
    cohort: StartYear,
    declaration_type: Annotated[str, "the type of declaration"],
    start_date: Annotated[date | None, "its new first day; left out: as it is"] = None,
    milestone_date: Annotated[date | None, "its new last day; left out: as it is"] = None,
) -> Schedule:
    """The DfE changes when a type of declaration may be made on a schedule."""
    schedule = turn.records.schedules.one("cohort,identifier", (cohort, schedule_identifier))
    if schedule is None:
        raise DoesNotFit(f"cohort {cohort} has no schedule {schedule_identifier}")
    milestone = schedule.milestone(declaration_type)
    if milestone is None:
        raise DoesNotFit(f"{schedule_identifier} of {cohort} has no milestone for {declaration_type}")
    moved = replace(milestone, start=start_date or milestone.start, end=milestone_date or milestone.end)
    milestones = tuple(moved if it is milestone else it for it in schedule.milestones)
    changed = replace(schedule, milestones=milestones)
    turn.save(changed)
    return changed


def set_feature_flag(
    turn: Turn, name: Annotated[str, "the name of the feature"], active: Annotated[bool, "whether it is on"]
) -> Feature:
    """The DfE switches a feature of the service on or off for everybody."""
    feature = Feature(name=name, active=active)
    turn.save(feature)
    return feature
