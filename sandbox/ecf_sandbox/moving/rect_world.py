"""Makes a world of Register early career teachers of what the old service has shown, with the same ids.

It has what one request needs: who and what that names, as they were shown last. Where nothing was shown, what the old
service answered says what must have been; where that says nothing either, the request cannot be played.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

from ecf_sandbox.dates.uk import uk_day, uk_midnight
from ecf_sandbox.moving.facts import ECT, MENTOR, Declared, Facts, Partnered, Person, Training
from ecf_sandbox.rect.domain.contracts import Milestone, Statement, StatementStatus
from ecf_sandbox.rect.domain.declarations import ClawbackStatus, Declaration, PaymentStatus
from ecf_sandbox.rect.domain.providers import (
    ActiveLeadProvider,
    DeliveryPartner,
    DeliveryPartnership,
    LeadProvider,
    Token,
)
from ecf_sandbox.rect.domain.schools import School, SchoolPartnership
from ecf_sandbox.rect.domain.teachers import (
    AtSchoolPeriod,
    InductionPeriod,
    Outcome,
    Teacher,
    TeacherType,
    TrainingPeriod,
)
from ecf_sandbox.rect.queries.metadata import with_schools_looked_up, with_teachers_looked_up
from ecf_sandbox.rect.records import Records
from ecf_sandbox.rect.reference import loading as reference
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.ids import named_id
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.world import State

TOKEN = "moving"
_SEED = "moving"
# The cohorts that the service has.
COHORTS = frozenset(it.year for it in reference.contract_periods())
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
_MONTHS = tuple(month_name)
_STOPPED = {"deferred": "other", "withdrawn": "other"}
_PAYMENT = {
    "submitted": PaymentStatus.NO_PAYMENT,
    "eligible": PaymentStatus.ELIGIBLE,
    "payable": PaymentStatus.PAYABLE,
    "paid": PaymentStatus.PAID,
    "voided": PaymentStatus.VOIDED,
    # There is no such state: it is there to be seen, and takes no slot.
    "ineligible": PaymentStatus.VOIDED,
    "awaiting-clawback": PaymentStatus.PAID,
    "clawed-back": PaymentStatus.PAID,
}
_CLAWBACK = {
    "awaiting-clawback": ClawbackStatus.AWAITING_CLAWBACK,
    "clawed-back": ClawbackStatus.CLAWED_BACK,
}


def milestone_days(it: Training, declaration_type: str) -> tuple[date, date | None] | None:
    """The first and last day, if it has one, of a milestone of the schedule that somebody is on; None without any."""
    found = _milestones().get((it.cohort, it.schedule, declaration_type))
    return None if found is None else (found.start_date, found.milestone_date)


@cache
def _milestones() -> Mapping[tuple[int, str, str], Milestone]:
    return {
        (schedule.contract_period_year, schedule.identifier, it.declaration_type): it
        for schedule in reference.schedules(str)
        for it in schedule.milestones
    }


def _id(kind: str, *names: object) -> str:
    return named_id(_SEED, kind, "/".join(map(str, names)))


class RectWorld:
    """The rows that a request of one lead provider needs, at one moment."""

    def __init__(self, provider: str, facts: Facts, now: datetime) -> None:
        self.facts, self.now, self.today = facts, now, uk_day(now)
        self.provider = LeadProvider(id=_id("lead provider", provider), name=provider)
        self._rows: dict[tuple[str, str], Record] = {}
        self._schools: dict[str, str] = {}  # ids by URN
        self._people: list[str] = []

    def add_person(self, person: Person) -> None:
        """Somebody with their training, as it was shown, and their declarations."""
        if person.id in self._people:
            return
        self._people.append(person.id)
        ect, mentor = person.training.get(ECT), person.training.get(MENTOR)
        born = min((it.created_at for it in person.training.values()), default=self.now - _MONTH)
        first, _, last = (person.name or "Unknown").partition(" ")
        self._add(
            Teacher(
                id=person.id,
                ect_training_record_id=(ect and ect.record_id) or _id("ect", person.id),
                mentor_training_record_id=(mentor and mentor.record_id) or _id("mentor", person.id),
                trn=person.trn or f"{int(_id('trn', person.id)[:8], 16) % 10**7:07}",
                first_name=first,
                last_name=last,
                ect_eligible_since=born if ect and ect.eligible else None,
                mentor_eligible_since=born if mentor and mentor.eligible else None,
                mentor_ineligible_since=mentor.funding_end if mentor else None,
                ect_frozen_year=ect.cohort - 3 if ect and ect.cohort_changed else None,
                mentor_frozen_year=mentor.cohort - 3 if mentor and mentor.cohort_changed else None,
                created_at=born,
                updated_at=self.now - _DAY,
                unfunded_updated_at=born,
            )
        )
        for it in person.training.values():
            self._add_training(person, it)

    def _add_training(self, person: Person, it: Training) -> None:
        kind = TeacherType(it.kind)
        school = self.add_school_of_urn(it.school_urn)
        partnership = self._partnership(it, school)
        start, end = self._days(it)
        period = AtSchoolPeriod(
            id=_id("at school", person.id, it.kind),
            kind=kind,
            teacher_id=person.id,
            school_id=school,
            started_on=start,
            finished_on=end,
            working_pattern="full_time" if it.kind == ECT else None,
            created_at=it.created_at,
        )
        self._add(period)
        stopped = it.stopped_at if it.training_status in _STOPPED else None
        if it.training_status in _STOPPED and stopped is None:
            stopped = self.now - _MONTH
        stop_day = max(uk_day(stopped), start) if stopped else None
        change = it.since if it.since and it.since > start else None
        current = TrainingPeriod(
            id=_id("training", person.id, it.kind),
            kind=kind,
            at_school_period_id=period.id,
            school_partnership_id=partnership,
            schedule_id=_id("schedule", f"{it.cohort}/{it.schedule}"),
            started_on=change or start,
            finished_on=stop_day if stop_day and (end is None or stop_day < end) else end,
            deferred_at=stopped if it.training_status == "deferred" else None,
            deferral_reason=it.reason or "other" if it.training_status == "deferred" else None,
            withdrawn_at=stopped if it.training_status == "withdrawn" else None,
            withdrawal_reason=it.reason or "other" if it.training_status == "withdrawn" else None,
            created_at=it.created_at,
            transfer_updated_at=it.created_at,
        )
        self._add(current)
        earlier = current
        if change:
            earlier = replace(
                current,
                id=_id("earlier training", person.id, it.kind),
                started_on=start,
                finished_on=change - _DAY,
                deferred_at=None,
                deferral_reason=None,
                withdrawn_at=None,
                withdrawal_reason=None,
            )
            self._add(earlier)
        if it.kind == ECT and it.induction_end:
            self._add(
                InductionPeriod(
                    id=_id("induction", person.id),
                    teacher_id=person.id,
                    started_on=min(start, it.induction_end - _DAY),
                    finished_on=it.induction_end,
                    outcome=Outcome.PASS,
                )
            )
        for declared in self.facts.declared_of(person.id, it.kind):
            made_before = change is not None and uk_day(declared.created_at) < change
            self.add_declaration(declared, (earlier if made_before else current).id, it.cohort)

    def _days(self, it: Training) -> tuple[date, date | None]:
        """The first and last day at the school, as far as what was shown lets one tell."""
        if it.participant_status == "joining" and it.training_status == "active":
            return self.today + _MONTH, None
        usual = min(date(it.cohort, 9, 1), uk_day(it.created_at))
        stopped = uk_day(it.stopped_at) if it.stopped_at else self.today
        start = min(usual, self.today - 2 * _DAY, stopped - 2 * _DAY)
        if it.training_status == "active" and it.participant_status == "left":
            return start, self.today - _DAY
        if it.training_status == "active" and it.participant_status == "leaving":
            return start, self.today + _MONTH
        return start, None

    def add_declaration(self, it: Declared, training_id: str, cohort: int) -> None:
        """A declaration, as it was shown."""
        if it.state not in _PAYMENT:
            return
        billed = it.state not in ("submitted", "voided", "ineligible")
        self._add(
            Declaration(
                id=it.id,
                training_period_id=training_id,
                declaration_type=it.type,
                declaration_date=it.date,
                payment_status=_PAYMENT[it.state],
                clawback_status=_CLAWBACK.get(it.state, ClawbackStatus.NO_CLAWBACK),
                payment_statement_id=self._statement_of(it, cohort) if billed else None,
                evidence_type=it.evidence,
                delivery_partner_id=it.delivery_partner_id,
                created_at=it.created_at,
                updated_at=it.created_at,
            )
        )

    def _statement_of(self, it: Declared, cohort: int) -> str | None:
        if it.statement_id in {each.id for each in self._statements}:
            return it.statement_id
        return next((each.id for each in self._statements if each.contract_period_year == cohort), None)

    def add_school_of_urn(self, urn: str) -> str:
        """The school of a URN; answers its id."""
        known = {number: id for id, number in self.facts.schools.items()}
        return self.add_school(known.get(urn) or _id("school", urn), urn)

    def add_school(self, id: str, urn: str = "", *, eligible: bool = True) -> str:
        """A school by its id."""
        urn = urn or self.facts.schools.get(id, "")
        number = int(urn) if urn.isdecimal() else int(_id("urn", id)[:8], 16) % 900_000 + 100_000
        made = School(id=id, urn=number, name="School", eligible=eligible, created_at=uk_midnight(date(2021, 1, 1)))
        self._rows.setdefault(("School", id), made)
        self._schools[str(number)] = id
        return id

    def add_partnership(self, it: Partnered) -> str:
        """A partnership, as it was shown."""
        self.add_school(it.school_id, it.urn)
        at = uk_midnight(date(it.cohort, 6, 10))
        self._add(
            SchoolPartnership(
                id=it.id,
                school_id=it.school_id,
                delivery_partnership_id=self.add_delivery_partner(it.delivery_partner_id, it.cohort),
                created_at=at,
                updated_at=at,
            )
        )
        return it.id

    def add_partnership_of(self, it: Training) -> None:
        """The partnership under which training goes on, as what it led to shows."""
        self._partnership(it, self.add_school_of_urn(it.school_urn))

    def _partnership(self, it: Training, school: str) -> str:
        # Those of other cohorts are where a change of schedule may lead.
        there = [known for known in self.facts.partnerships.values() if known.urn == it.school_urn]
        made = {known.cohort: self.add_partnership(known) for known in there if known.cohort in COHORTS}
        if it.cohort in made:
            return made[it.cohort]
        partner = it.delivery_partner_id or _id("delivery partner", school)
        id = _id("partnership", school, it.cohort)
        return self.add_partnership(
            Partnered(id=id, cohort=it.cohort, school_id=school, urn=it.school_urn, delivery_partner_id=partner)
        )

    def add_delivery_partner(self, id: str, cohort: int | None = None) -> str:
        """A delivery partner; with a cohort one that works with the provider in it, and answers the id of that."""
        at = uk_midnight(date(2021, 2, 2))
        self._rows.setdefault(
            ("DeliveryPartner", id), DeliveryPartner(id=id, name="Partner", created_at=at, updated_at=at)
        )
        years = set(self.facts.partners.get(id, ())) | ({cohort} if cohort else set())
        for year in years & COHORTS:
            self._add(
                DeliveryPartnership(
                    id=_id("delivery partnership", id, year),
                    lead_provider_id=self.provider.id,
                    delivery_partner_id=id,
                    contract_period_year=year,
                )
            )
        return _id("delivery partnership", id, cohort)

    def state(self, at: datetime) -> State:
        """The world, whose clock stands still at that moment."""
        records = Records().save(*self._reference(), *self._statements, *self._rows.values())
        records = with_teachers_looked_up(records, self._people, self.today)
        schools = [it.id for it in records.schools]
        records = with_schools_looked_up(records, schools, self.now - _DAY)
        return State(records=records, clock=frozen(at))

    @cached_property
    def _statements(self) -> list[Statement]:
        return list(_statements(self.provider.id, self.facts.statements, self.today))

    def _reference(self) -> Iterator[Record]:
        yield from reference.contract_periods()
        yield from reference.schedules(lambda name: _id("schedule", name))
        yield self.provider
        yield Token(value=TOKEN, lead_provider_id=self.provider.id)
        for year in COHORTS:
            yield ActiveLeadProvider(
                id=_id("active lead provider", year), lead_provider_id=self.provider.id, contract_period_year=year
            )

    def _add(self, row: Any) -> None:
        self._rows[type(row).__name__, str(row.id)] = row


def _statements(provider_id: str, shown: Mapping[str, Any], today: date) -> Iterator[Statement]:
    """Those that were shown, and those of the calendar; open until their deadline has passed."""
    there = [it for id, told in shown.items() if (it := _shown_dates(id, told)) is not None]
    months = {(it.cohort, it.year, it.month) for it in there}
    for year in COHORTS:
        for each in reference.statement_calendar(year):
            if (year, each.year, each.month) not in months:
                id = _id("statement", year, each.year, each.month)
                there.append(_Dates(id, year, each.year, each.month, each.deadline_date, each.payment_date))
    for it in there:
        made_at = uk_midnight(date(it.cohort, 4, 17))
        passed = StatementStatus.PAID if it.payment_date <= today else StatementStatus.PAYABLE
        yield Statement(
            id=it.id,
            lead_provider_id=provider_id,
            contract_period_year=it.cohort,
            month=it.month,
            year=it.year,
            deadline_date=it.deadline_date,
            payment_date=it.payment_date,
            status=StatementStatus.OPEN if it.deadline_date >= today else passed,
            created_at=made_at,
            updated_at=made_at,
        )


class _Dates(NamedTuple):
    id: str
    cohort: int
    year: int
    month: int
    deadline_date: date
    payment_date: date


def _shown_dates(id: str, told: Mapping[str, Any]) -> _Dates | None:
    """The dates of a statement that was shown; None where they are none, or the cohort is not one of the service."""
    try:
        cohort, year, month = int(told["cohort"]), int(told["year"]), _MONTHS.index(told["month"])
        deadline, paid = date.fromisoformat(told["cut_off_date"]), date.fromisoformat(told["payment_date"])
    except (KeyError, TypeError, ValueError):
        return None
    return _Dates(id, cohort, year, month, deadline, paid) if cohort in COHORTS else None
