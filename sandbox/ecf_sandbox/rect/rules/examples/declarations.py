"""A sound declaration, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ecf_sandbox.rect.domain.declared_dates import DeclaredDate
from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.rules.declarations import DeclarationAttempt
from ecf_sandbox.rect.rules.examples.people import (
    ANN,
    COHORT,
    MILESTONES,
    NOW,
    SEPTEMBER,
    STARTED_MADE,
    STATEMENT,
    TRAINING,
)
from ecf_sandbox.state.record import replace


def dated(year: int, month: int, day: int, *, well_formed: bool = True) -> DeclaredDate:
    """The date of a declaration, at ten in the morning."""
    at = datetime(year, month, day, 10, tzinfo=UTC)
    return DeclaredDate(judged=at, kept=at, well_formed=well_formed)


def an_attempt(**changes: Any) -> DeclarationAttempt:
    """An ECT of 2025 has started training, and there is evidence of it."""
    sound = DeclarationAttempt(
        now=NOW,
        participant_id="ann",
        course="ecf-induction",
        type="started",
        date="2026-01-10T10:00:00Z",
        evidence="training-event-attended",
        dated=dated(2026, 1, 10),
        teacher=ANN,
        trained=True,
        kind=TeacherType.ECT,
        training=TRAINING,
        schedule=SEPTEMBER,
        contract_period=COHORT,
        fundable=True,
        statement=STATEMENT,
    )
    return replace(sound, **changes)


OF_A_MENTOR = {"kind": TeacherType.MENTOR, "training": replace(TRAINING, kind=TeacherType.MENTOR)}
WITHDRAWN = replace(TRAINING, withdrawn_at=datetime(2026, 1, 9, tzinfo=UTC), withdrawal_reason="other")

EXAMPLES: Mapping[str, dict[str, Any]] = {
    "declaration.participant-missing": {"participant_id": None},
    "declaration.participant-unknown": {"teacher": None},
    "declaration.course-missing": {"kind": None},
    "declaration.date-missing": {"date": None, "dated": None},
    "declaration.course-not-trained": {"training": None, "schedule": None},
    "declaration.type-missing": {"type": None},
    "declaration.type-unknown": {"type": "finished"},
    "declaration.already-made": {"taken_by": STARTED_MADE},
    "declaration.date-not-comparable": {"date": "yesterday", "dated": None},
    "declaration.date-in-future": {"dated": dated(2026, 5, 13)},
    "declaration.before-milestone": {"dated": dated(2025, 5, 31)},
    "declaration.after-milestone": {"now": datetime(2027, 2, 1, tzinfo=UTC), "dated": dated(2027, 1, 1)},
    "declaration.date-malformed": {"dated": dated(2026, 1, 10, well_formed=False)},
    "declaration.type-not-for-mentors": {**OF_A_MENTOR, "type": "retained-1"},
    "declaration.evidence-missing": {"evidence": None},
    "declaration.evidence-unknown": {"evidence": "one-term-induction"},
    "declaration.withdrawn": {"training": WITHDRAWN},
    "declaration.cohort-frozen": {"frozen_year": 2025},
    "declaration.cohort-closed": {"statement": None},
    "declaration.type-not-in-schedule": {"schedule": replace(SEPTEMBER, milestones=MILESTONES[1:])},
    "declaration.out-of-sequence": {"later": (datetime(2026, 1, 9, tzinfo=UTC),)},
    "declaration.never-trained": {"trained": False, "training": None, "schedule": None},
}
