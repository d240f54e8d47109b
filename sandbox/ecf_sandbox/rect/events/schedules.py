"""By which schedule, in which cohort and with which partnership a school's registration has somebody trained."""

from __future__ import annotations

from datetime import date

from ecf_sandbox.rect.domain.contracts import ContractPeriod, Schedule
from ecf_sandbox.rect.domain.periods import contains
from ecf_sandbox.rect.domain.providers import ActiveLeadProvider, LeadProvider
from ecf_sandbox.rect.domain.schools import SchoolPartnership
from ecf_sandbox.rect.domain.teachers import TeacherType, TrainingPeriod
from ecf_sandbox.rect.queries.history import contract_period_of, schedule_of
from ecf_sandbox.rect.queries.training import delivery_partnership_of, training_of
from ecf_sandbox.rect.records import Records, Turn
from ecf_sandbox.rulebook.refusals import DoesNotFit
from ecf_sandbox.state.record import Record

# Where those go who turn up again after the payments of their cohort were frozen (behaviour/rect.md#16-2).
REASSIGNED_YEAR, REASSIGNED_SCHEDULE = 2024, "ecf-extended-september"
_MONTHS = {
    **dict.fromkeys((6, 7, 8, 9, 10), "september"),
    **dict.fromkeys((11, 12, 1, 2), "january"),
    **dict.fromkeys((3, 4, 5), "april"),
}


class Arrangement(Record, frozen=True, kw_only=True):
    """Training with a provider: its schedule, and the partnership or, until there is one, the school's interest."""

    schedule: Schedule
    partnership: SchoolPartnership | None
    interest: ActiveLeadProvider | None


def arrange(
    records: Records, provider: LeadProvider, school_id: str, period: ContractPeriod, identifier: str
) -> Arrangement:
    """How a provider would train somebody at a school in a cohort. Raises DoesNotFit if it has no contract for it."""
    schedule = records.schedules.one("contract_period_year,identifier", (period.year, identifier))
    active = records.active_lead_providers.one("lead_provider_id,contract_period_year", (provider.id, period.year))
    if schedule is None:
        raise DoesNotFit(f"cohort {period.year} has no schedule {identifier}")
    if active is None:
        raise DoesNotFit(f"{provider.name} has no contract for cohort {period.year}")
    partnership = _partnership(records, provider, school_id, period)
    return Arrangement(schedule=schedule, partnership=partnership, interest=None if partnership else active)


def _partnership(
    records: Records, provider: LeadProvider, school_id: str, period: ContractPeriod
) -> SchoolPartnership | None:
    """The provider's oldest partnership with a school in a cohort."""
    found = [
        it
        for it in records.school_partnerships.by("school_id", school_id)
        if (delivery := delivery_partnership_of(records, it)).lead_provider_id == provider.id
        and delivery.contract_period_year == period.year
    ]
    return min(found, key=lambda it: it.created_at, default=None)


def contract_period_on(records: Records, day: date) -> ContractPeriod:
    """The cohort in which a day lies; raises DoesNotFit for a day outside all."""
    for it in records.contract_periods:
        if contains(it, day):
            return it
    raise DoesNotFit(f"{day.isoformat()} lies in no cohort")


def latest_provider_led(records: Records, teacher_id: str, kind: TeacherType) -> TrainingPeriod | None:
    """Somebody's training with a provider that starts last, interest included."""
    led = [it for it in training_of(records, teacher_id, kind) if it.schedule_id is not None]
    return led[-1] if led else None


def registered_for(
    turn: Turn, teacher_id: str, kind: TeacherType, provider: LeadProvider, school_id: str, begins: date
) -> Arrangement:
    """How somebody is trained whom a school has registered with a provider.

    An ECT belongs to the cohort of the day; a mentor stays in their own, unless it is frozen. Whoever has had a
    schedule keeps its kind. An ECT of a frozen cohort is meant for a schedule that their new cohort has not got.
    """
    records = turn.records
    before = latest_provider_led(records, teacher_id, kind)
    own, schedule = (contract_period_of(records, before), schedule_of(records, before)) if before else (None, None)
    frozen = own is not None and own.frozen(turn.now)
    period = contract_period_on(records, begins)
    if kind is TeacherType.ECT and frozen:
        if period.year != REASSIGNED_YEAR:
            raise DoesNotFit(f"an ECT of a frozen cohort is trained in {REASSIGNED_YEAR}, not in {period.year}")
        return arrange(records, provider, school_id, period, REASSIGNED_SCHEDULE)
    if kind is TeacherType.MENTOR and own is not None and not frozen:
        period = own
    identifier = schedule.identifier if schedule else f"ecf-standard-{_MONTHS[begins.month]}"
    return arrange(records, provider, school_id, period, identifier)
