"""A sound declaration, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Cohort, Milestone, Schedule
from ecf_sandbox.ecf.domain.declarations import Declaration, DeclarationState, Statement
from ecf_sandbox.ecf.domain.participants import (
    Course,
    InductionRecord,
    ParticipantType,
    StatusChange,
    TrainingRecord,
    TrainingStatus,
    User,
)
from ecf_sandbox.ecf.rules.declarations import DeclarationAttempt
from ecf_sandbox.state.record import replace

LONG_AGO = datetime(2024, 9, 1, tzinfo=UTC)

COHORT = Cohort(
    start_year=2024,
    registration_start=date(2024, 5, 10),
    academic_year_start=date(2024, 9, 1),
    detailed_evidence_types=False,
)
COHORT_WITH_MENTOR_FUNDING = replace(COHORT, start_year=2025, mentor_funding=True)
SCHEDULE = Schedule(
    id="schedule",
    cohort=2024,
    identifier="ecf-standard-september",
    name="ECF Standard September",
    milestones=(
        Milestone(declaration_type="started", start=date(2024, 6, 1), end=date(2024, 12, 31)),
        Milestone(declaration_type="retained-1", start=date(2025, 1, 1), end=date(2025, 3, 31)),
    ),
)
USER = User(id="user", full_name="Ann Archer", email="ann@example.com", created_at=LONG_AGO, updated_at=LONG_AGO)
ECT = TrainingRecord(
    id="training",
    type=ParticipantType.ECT,
    identity_id="identity",
    school_cohort_id=None,
    schedule_id="schedule",
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
MENTOR = replace(ECT, type=ParticipantType.MENTOR)
INDUCTION = InductionRecord(
    id="induction",
    training_record_id="training",
    programme_id="programme",
    schedule_id="schedule",
    start_date=LONG_AGO,
    training_status=TrainingStatus.WITHDRAWN,
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
STATEMENT = Statement(
    id="statement",
    provider_id="provider",
    cohort=2024,
    name="April 2025",
    deadline_date=date(2025, 3, 31),
    payment_date=date(2025, 4, 25),
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
)
RIVAL = Declaration(
    id="rival",
    user_id="user",
    training_record_id="training",
    provider_id="provider",
    course=Course.ECT,
    participant_type=ParticipantType.ECT,
    type="retained-1",
    date=datetime(2025, 1, 15, tzinfo=UTC),
    cohort=2024,
    state=DeclarationState.ELIGIBLE,
    created_at=datetime(2025, 1, 16, tzinfo=UTC),
    updated_at=datetime(2025, 1, 16, tzinfo=UTC),
)


def withdrawn_on(at: datetime) -> StatusChange:
    """The provider's last word: withdrawn at that moment."""
    return StatusChange(
        id="status",
        training_record_id="training",
        provider_id="provider",
        state=TrainingStatus.WITHDRAWN,
        reason="left-teaching-profession",
        created_at=at,
    )


def dated(text: str, at: datetime | None, *, well_formed: bool = True) -> dict[str, Any]:
    """What is known of a declaration date: as written, and as read."""
    return {"date": text, "dated": at, "well_formed": well_formed}


def an_attempt(**changes: Any) -> DeclarationAttempt:
    """A `retained-1` for an ECT of 2024, dated 1 February 2025 and sent nine days later, that breaks no rule."""
    sound = DeclarationAttempt(
        now=datetime(2025, 2, 10, 12, tzinfo=UTC),
        course="ecf-induction",
        type="retained-1",
        date="2025-02-01T10:00:00Z",
        dated=datetime(2025, 2, 1, 10, tzinfo=UTC),
        well_formed=True,
        evidence="other",
        kept_evidence="other",
        user=USER,
        enrolled=True,
        training=ECT,
        schedule=SCHEDULE,
        cohort=COHORT,
        induction=INDUCTION,
        linked=True,
        fundable=True,
        billed=True,
        statement=STATEMENT,
    )
    return replace(sound, **changes)


NOBODY: dict[str, Any] = {
    "user": None,
    "enrolled": False,
    "training": None,
    "schedule": None,
    "cohort": None,
    "induction": None,
    "linked": False,
    "fundable": False,
    "billed": False,
    "statement": None,
}
NO_RECORD: dict[str, Any] = {**NOBODY, "user": USER}

EXAMPLES: Mapping[str, dict[str, Any]] = {
    "declaration.npq-course": {"course": "npq-headship"},
    "declaration.participant-unknown": NOBODY,
    "declaration.withdrawn": {"status": withdrawn_on(datetime(2025, 2, 1, 10, tzinfo=UTC))},
    "declaration.date-missing": {"date": None, "dated": None, "well_formed": False},
    "declaration.type-missing": {"type": None, **NO_RECORD},
    "declaration.date-in-future": dated("2025-02-10T12:00:01Z", datetime(2025, 2, 10, 12, 0, 1, tzinfo=UTC)),
    "declaration.date-malformed": dated("2025-02-01", datetime(2025, 2, 1, tzinfo=UTC), well_formed=False),
    "declaration.before-milestone": dated("2024-12-31T23:59:59Z", datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "declaration.after-milestone": {
        "now": datetime(2025, 4, 1, tzinfo=UTC),
        **dated("2025-04-01T00:00:00Z", datetime(2025, 4, 1, tzinfo=UTC)),
    },
    "declaration.cohort-closed": {"statement": None},
    "declaration.type-not-in-schedule": {"type": "extended-1"},
    "declaration.already-made": {"taken_by": RIVAL},
    "declaration.type-not-for-mentors": {"training": MENTOR, "cohort": COHORT_WITH_MENTOR_FUNDING},
    "declaration.course-unknown": NO_RECORD,
    "declaration.training-record-unknown": {**NO_RECORD, "enrolled": True},
    "declaration.participant-not-linked": {"linked": False},
    "declaration.evidence-missing": {"evidence": None},
    "declaration.evidence-unknown": {"evidence": "a-signed-letter"},
    "declaration.duplicate-in-closed-cohort": {"twin": RIVAL, "fundable": False, "billed": False, "statement": None},
}
