"""A sound change of schedule, and for each rule the smallest change to it that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Milestone, ScheduleKind
from ecf_sandbox.ecf.domain.participants import TrainingStatus
from ecf_sandbox.ecf.domain.schools import Partnership, Programme, ProgrammeChoice, SchoolCohort
from ecf_sandbox.ecf.rules.change_schedule import ScheduleChange
from ecf_sandbox.ecf.rules.examples.declarations import (
    COHORT,
    COHORT_WITH_MENTOR_FUNDING,
    ECT,
    INDUCTION,
    RIVAL,
    SCHEDULE,
    USER,
)
from ecf_sandbox.state.record import replace

LONG_AGO = datetime(2024, 9, 1, tzinfo=UTC)
JANUARY = replace(
    SCHEDULE,
    id="january",
    identifier="ecf-standard-january",
    milestones=(Milestone(declaration_type="started", start=date(2025, 1, 1), end=date(2025, 3, 31)),),
)
STARTED = replace(RIVAL, id="started", type="started", date=datetime(2025, 1, 15, tzinfo=UTC))
TRAINING = replace(INDUCTION, training_status=TrainingStatus.ACTIVE)


def a_change(**changes: Any) -> ScheduleChange:
    """Somebody whose start was declared in January 2025 moves to the standard January schedule of their cohort."""
    sound = ScheduleChange(
        course="ecf-induction",
        user=USER,
        enrolled=True,
        training=ECT,
        induction=TRAINING,
        identifier="ecf-standard-january",
        schedule=JANUARY,
        cohort=COHORT,
        present=SCHEDULE,
        cohort_now=2024,
        live=(STARTED,),
        blocking=(STARTED,),
        partnership=Partnership(
            id="partnership",
            school_id="school",
            provider_id="provider",
            delivery_partner_id="partner",
            cohort=2024,
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        ),
        school_cohort=SchoolCohort(
            id="school cohort",
            school_id="school",
            cohort=2024,
            choice=ProgrammeChoice.FULL_INDUCTION_PROGRAMME,
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        ),
        programme=Programme(id="programme", school_cohort_id="school cohort", created_at=LONG_AGO, updated_at=LONG_AGO),
    )
    return replace(sound, **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "schedule.missing": {"identifier": " "},
    "schedule.withdrawn": {"induction": replace(TRAINING, training_status=TrainingStatus.WITHDRAWN)},
    "schedule.invalidates-declarations": {
        "blocking": (replace(STARTED, date=datetime(2025, 1, 1, tzinfo=UTC)),),
    },
    "schedule.already-theirs": {"present": JANUARY, "induction": replace(TRAINING, schedule_id="january")},
    "schedule.not-for-course": {"schedule": replace(JANUARY, kind=ScheduleKind.MENTOR)},
    "schedule.cohort-fixed": {"cohort": COHORT_WITH_MENTOR_FUNDING},
    "schedule.no-partnership": {"partnership": None},
    "schedule.unknown": {"schedule": None},
    "schedule.no-school-cohort": {"school_cohort": None},
    "schedule.no-programme": {"programme": None},
}
