"""A sound change of schedule, and for each rule the smallest change that breaks it and no other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ecf_sandbox.rect.domain.teachers import TeacherType
from ecf_sandbox.rect.rules.change_schedule import ScheduleChange
from ecf_sandbox.rect.rules.examples.people import COHORT, EXTENDED, SEPTEMBER, TODAY, TRAINING
from ecf_sandbox.state.record import replace

WITHDRAWN = replace(TRAINING, withdrawn_at=datetime(2026, 5, 1, 9, tzinfo=UTC), withdrawal_reason="other")


def a_change(**changes: Any) -> ScheduleChange:
    """An ECT is put from the standard schedule on the extended one."""
    sound = ScheduleChange(
        today=TODAY,
        kind=TeacherType.ECT,
        training=TRAINING,
        identifier=EXTENDED.identifier,
        contract_period=COHORT,
        schedule=EXTENDED,
        present=SEPTEMBER,
    )
    return replace(sound, **changes)


EXAMPLES: Mapping[str, dict[str, Any]] = {
    "schedule.missing": {"identifier": None},
    "schedule.unknown": {"identifier": "ecf-standard-may"},
    "schedule.not-in-cohort": {"schedule": None},
    "schedule.already-on-it": {"present": EXTENDED},
    "schedule.replacement-for-ect": {"schedule": replace(EXTENDED, identifier="ecf-replacement-april")},
    "schedule.reduced-for-mentor": {
        "kind": TeacherType.MENTOR,
        "schedule": replace(EXTENDED, identifier="ecf-reduced-april"),
    },
    "schedule.orphans-declarations": {"orphans": True},
    "schedule.no-partnership": {"moves": True},
    "schedule.cohort-frozen": {"frozen": True},
    "schedule.completed": {"completed": True},
    "schedule.left": {"left": True},
    "schedule.withdrawn": {"training": WITHDRAWN},
    "schedule.joins-another-later": {"joins_later": True},
}
