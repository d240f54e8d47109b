"""Which schools a provider can find for a cohort (behaviour/http-and-partnerships.md#a12)."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.ecf.domain.schools import School, SchoolCohort
from ecf_sandbox.state.records import Records

_TABLES = frozenset({"schools", "partnerships"})


def schools(records: Records, cohort: int) -> tuple[School, ...]:
    """The schools that are on offer for a cohort, the oldest first."""
    return records.view(_TABLES, _schools, cohort)


def school_cohort_for(records: Records, school_id: str, cohort: int) -> SchoolCohort | None:
    """What a school chose for a cohort, if it has chosen."""
    return records.school_cohorts.one("school_id,cohort", (school_id, cohort))


def listed(records: Records, school: School, cohort: int) -> bool:
    """Eligible and not limited to core materials, or in an ordinary partnership for the cohort."""
    return (school.eligible and not school.cip_only_type) or any(
        not it.challenged and not it.relationship
        for it in records.partnerships.by("school_id,cohort", (school.id, cohort))
    )


def school_touched_since(records: Records, school: School, moment: datetime) -> bool:
    """Whether the school or what it chose for any cohort changed then or later."""
    return school.updated_at >= moment or any(
        it.updated_at >= moment for it in records.school_cohorts.by("school_id", school.id)
    )


def _schools(records: Records, cohort: int) -> tuple[School, ...]:
    found = (it for it in records.schools if listed(records, it, cohort))
    return tuple(sorted(found, key=lambda it: (it.created_at, it.id)))
