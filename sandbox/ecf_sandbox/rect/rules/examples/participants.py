"""A sound deferral, withdrawal and resumption, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.rules.examples.people import AT_SCHOOL, TODAY, TRAINING
from ecf_sandbox.rect.rules.participants import (
    DEFERRAL_REASONS,
    NO_LONGER_MENTOR,
    WITHDRAWAL_REASONS,
    Leaving,
    Resumption,
)
from ecf_sandbox.state.record import replace

DEFERRED = replace(
    TRAINING,
    deferred_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
    deferral_reason="other",
    finished_on=date(2026, 5, 1),
)
WITHDRAWN = replace(
    TRAINING,
    withdrawn_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
    withdrawal_reason="other",
    finished_on=date(2026, 5, 1),
)
TOMORROW = date(2026, 5, 13)


def a_deferral(**changes: Any) -> Leaving:
    """An ECT who trains takes a break."""
    sound = Leaving(
        today=TODAY, kind=TeacherType.ECT, training=TRAINING, reason="parental-leave", reasons=DEFERRAL_REASONS
    )
    return replace(sound, **changes)


def a_withdrawal(**changes: Any) -> Leaving:
    """An ECT who trains is gone."""
    sound = Leaving(
        today=TODAY, kind=TeacherType.ECT, training=TRAINING, reason="moved-school", reasons=WITHDRAWAL_REASONS
    )
    return replace(sound, **changes)


def a_resumption(**changes: Any) -> Resumption:
    """An ECT who took a break is back."""
    sound = Resumption(today=TODAY, kind=TeacherType.ECT, training=DEFERRED, at_school=AT_SCHOOL)
    return replace(sound, **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "participant.course-missing": {"kind": None},
    "participant.course-not-trained": {"training": None},
    "participant.reason-missing": {"reason": None},
    "participant.reason-unknown": {"reason": "school-left-fip"},
    "participant.already-deferred": {"training": DEFERRED},
    "participant.already-withdrawn": {"training": WITHDRAWN},
    "participant.not-begun-to-defer": {"training": replace(TRAINING, started_on=TOMORROW)},
    "participant.not-begun-to-withdraw": {"training": replace(TRAINING, started_on=TOMORROW)},
    "participant.begun-today": {"training": replace(TRAINING, started_on=TODAY)},
    "participant.reason-for-mentors": {"reason": NO_LONGER_MENTOR},
    "participant.already-active": {"training": TRAINING},
    "participant.trains-elsewhere": {"siblings": (replace(TRAINING, id="other", started_on=date(2026, 5, 2)),)},
    "participant.stopped-today": {"training": replace(DEFERRED, finished_on=TODAY)},
    "participant.no-longer-at-school": {"at_school": replace(AT_SCHOOL, finished_on=TODAY)},
}
