"""What should be there, kept apart from the product: people with their training, declarations and statements.

It is written from the behaviour specification in the plainest way, with lists and dicts and no look-up rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.rect.machine.country import LONG_AGO, PARTNERSHIPS, PEOPLE, SCHOOLS, id_of

DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
ORDER = ("started", "retained-1", "retained-2", "retained-3", "retained-4", "completed")
DEFERRALS = {"bereavement", "long-term-sickness", "parental-leave", "career-break", "other"}
WITHDRAWALS = {
    *("left-teaching-profession", "moved-school", "mentor-no-longer-being-mentor"),
    *("switched-to-school-led", "changed-lead-provider", "other"),
}
LIVE = {"submitted", "eligible", "payable", "paid"}


def wire(at: datetime) -> str:
    """A moment as an answer shows it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: date) -> datetime:
    """When a day begins in the United Kingdom."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def within(at: datetime, first: date, last: date | None) -> bool:
    """Whether a moment lies in the window of a milestone, whose last microsecond counts no more."""
    return midnight(first) <= at and (last is None or at < midnight(last + DAY) - timedelta(microseconds=1))


@dataclass
class Stint:
    """Training by a provider from a day to a day; without a partner it is mere interest, which nobody sees."""

    provider: str
    school: str
    partner: str | None
    cohort: int
    schedule: str
    start: date
    end: date | None = None
    deferred: tuple[datetime, str] | None = None
    withdrawn: tuple[datetime, str] | None = None

    def on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def status(self) -> str:
        if self.withdrawn and not (self.deferred and self.deferred[0] > self.withdrawn[0]):
            return "withdrawn"
        return "deferred" if self.deferred else "active"

    def clashes(self, other: Stint) -> bool:
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)


@dataclass
class Person:
    """Somebody at one school, as ECT or as mentor."""

    name: str
    id: str
    kind: str
    school: str
    start: date
    eligible: bool
    stints: list[Stint]
    end: date | None = None
    completed: date | None = None
    induction: bool = False
    frozen_from: int | None = None
    full_name: str = ""
    email: str = ""
    touched: datetime = LONG_AGO

    def with_provider(self, provider: str) -> list[Stint]:
        return [it for it in self.stints if it.provider == provider and it.partner is not None]

    def latest(self, provider: str) -> Stint | None:
        return max(self.with_provider(provider), key=lambda it: it.start, default=None)

    def participant_status(self, stint: Stint, today: date) -> str:
        ahead = stint.end is not None and stint.end > today
        if stint.status != "active":
            return "leaving" if ahead else "left"
        if self.completed is not None and (stint.end is None or self.completed <= stint.end):
            return "active"
        if stint.end is not None:
            return "leaving" if ahead else "left"
        return "joining" if stint.start > today else "active"


@dataclass
class Told:
    """A declaration, and what has become of it."""

    id: str
    provider: str
    person: Person
    stint: Stint
    type: str
    date: datetime
    state: str
    partner: str | None
    cohort: int
    evidence: str | None
    statement: str | None
    clawback: str | None
    created: datetime
    updated: datetime


@dataclass
class Bill:
    """A statement."""

    id: str
    provider: str
    cohort: int
    deadline: date
    status: str = "open"
    updated: datetime = LONG_AGO


@dataclass
class Deal:
    """A partnership."""

    id: str
    provider: str
    school: str
    partner: str
    cohort: int
    updated: datetime = LONG_AGO
    number: int = 0


@dataclass
class Model:
    """Everything that is expected to be there."""

    people: list[Person] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    frozen: set[int] = field(default_factory=lambda: {2022})

    @classmethod
    def at_first(cls) -> Model:
        """What is there at first."""
        model = cls()
        for name, kind, school, provider, cohort, first, eligible in PEOPLE:
            partner = next(it[2] for it in PARTNERSHIPS if (it[0], it[1], it[3]) == (school, provider, cohort))
            stint = Stint(provider, school, partner, cohort, "ecf-standard-september", first)
            model.people.append(
                Person(
                    name,
                    id_of("person", name),
                    kind,
                    school,
                    first,
                    eligible,
                    [stint],
                    full_name=f"{name.title()} Smith",
                    email=f"{name}@example.com",
                )
            )
        for provider in ("alpha", "beta"):
            for cohort in (2024, 2025):
                for month in (6, 8, 11):
                    model.bills.append(
                        Bill(
                            id_of("statement", f"{provider} {cohort} {month}"),
                            provider,
                            cohort,
                            date(2026, month - 1, 28),
                        )
                    )
        for number, (school, provider, partner, cohort) in enumerate(PARTNERSHIPS):
            id = id_of("partnership", f"{school} {provider} {cohort}")
            model.deals.append(Deal(id, provider, school, partner, cohort, number=number))
        return model

    # What providers say of participants

    def against_leaving(self, provider: str, person: Person, reason: str, now: datetime, *, defers: bool) -> list[str]:
        """What a deferral or a withdrawal is refused for, a fragment of each text in the order of the answer."""
        stint, today = person.latest(provider), now.date()
        assert stint is not None
        said = [] if reason in (DEFERRALS if defers else WITHDRAWALS) else ["'#/reason' is not recognised"]
        if defers and stint.status == "deferred":
            return [*said, "is already deferred"]
        if stint.status == "withdrawn":
            return [*said, "is already withdrawn"]
        if stint.start > today:
            return [*said, f"You cannot {'defer' if defers else 'withdraw'} #/participant_id"]
        if stint.start == today:
            return [*said, "You need to try again tomorrow"]
        if not said and person.kind == "ect" and reason == "mentor-no-longer-being-mentor":
            return ["The ECT is not a mentor"]
        return said

    def against_resumption(self, provider: str, person: Person, now: datetime) -> list[str]:
        """What a resumption is refused for; the service gives no reason where only saving fails."""
        stint, today = person.latest(provider), now.date()
        assert stint is not None
        if stint.status == "active":
            return ["is already active"]
        if any(it is not stint and it.on(today) for it in person.stints):
            return ["already active with another provider"]
        if stint.end == today:
            return ["on the same day they were withdrawn or deferred"]
        if person.end is not None and person.end <= today:
            return ["no longer at the school"]
        return []

    def defer(self, provider: str, person: Person, reason: str, now: datetime) -> bool:
        stint, today = person.latest(provider), now.date()
        if stint is None or reason not in DEFERRALS or stint.status != "active" or stint.start >= today:
            return False
        stint.deferred = (now, reason)
        self._ends(person, stint, today, now)
        return True

    def withdraw(self, provider: str, person: Person, reason: str, now: datetime) -> bool:
        stint, today = person.latest(provider), now.date()
        if stint is None or reason not in WITHDRAWALS or stint.status == "withdrawn" or stint.start >= today:
            return False
        if person.kind == "ect" and reason == "mentor-no-longer-being-mentor":
            return False
        stint.withdrawn = (now, reason)
        self._ends(person, stint, today, now)
        return True

    def _ends(self, person: Person, stint: Stint, today: date, now: datetime) -> None:
        stint.end = today if stint.end is None else min(stint.end, today)
        person.touched = now

    def resume(self, provider: str, person: Person, now: datetime) -> bool:
        stint, today = person.latest(provider), now.date()
        if stint is None or stint.status == "active" or stint.end == today:
            return False
        if person.end is not None and person.end <= today:
            return False
        back = replace(stint, start=today, end=person.end, deferred=None, withdrawn=None)
        if any(it.clashes(back) for it in person.stints):
            return False
        person.stints.append(back)
        person.touched = now
        return True

    def reschedule(
        self, provider: str, person: Person, schedule: str, year: int, deal: Deal | None, now: datetime
    ) -> bool:
        """Train somebody by a schedule against which nothing speaks, in another cohort by a partnership there."""
        stint, today = person.latest(provider), now.date()
        assert stint is not None
        own, moves = stint.cohort, year != stint.cohort
        after = replace(stint, schedule=schedule, cohort=year, partner=deal.partner if deal else stint.partner)
        if stint.start >= today or person.completed is not None:
            stint.schedule, stint.cohort, stint.partner = after.schedule, after.cohort, after.partner
        else:
            ends = [it for it in (stint.end, person.end) if it is not None and it >= today]
            after = replace(after, start=today, end=min(ends, default=None), deferred=None, withdrawn=None)
            if any(it.clashes(after) for it in person.stints if it is not stint):
                return False
            stint.end = today - DAY if stint.end is None else min(stint.end, today - DAY)
            person.stints.append(after)
        if moves:
            if person.frozen_from == year:
                person.frozen_from = None
            elif own in self.frozen:
                person.frozen_from = own
        person.touched = now
        return True

    # Declarations

    def next_bill(self, provider: str, cohort: int, today: date, among: set[str]) -> Bill | None:
        """The statement that closes next, today still counting."""
        found = [
            it
            for it in self.bills
            if (it.provider, it.cohort) == (provider, cohort) and it.deadline >= today and it.status in among
        ]
        return min(found, key=lambda it: it.deadline, default=None)

    def declare(
        self, provider: str, person: Person, id: str, fields: dict[str, Any], at: datetime, now: datetime
    ) -> None:
        stint = person.latest(provider)
        assert stint is not None
        bill = self.next_bill(provider, stint.cohort, now.date(), {"open"}) if person.eligible else None
        dropped = stint.cohort < 2025 and fields["declaration_type"] == "started"
        self.told.append(
            Told(
                id=id,
                provider=provider,
                person=person,
                stint=stint,
                type=fields["declaration_type"],
                date=at,
                state="eligible" if bill else "submitted",
                partner=stint.partner,
                cohort=stint.cohort,
                evidence=None if dropped else fields.get("evidence_held"),
                statement=bill.id if bill else None,
                clawback=None,
                created=now,
                updated=now,
            )
        )
        if person.kind == "mentor" and fields["declaration_type"] == "completed":
            day = at.astimezone(LONDON).date()
            person.completed = day
            person.touched = now
            end = max(day, stint.start + DAY)
            stint.end = end if stint.end is None else min(stint.end, end)

    def void(self, told: Told, now: datetime) -> bool:
        today = now.date()
        if told.state in ("submitted", "eligible", "payable"):
            told.state, told.statement, told.updated = "voided", None, now
        elif told.state == "paid":
            bill = self.next_bill(told.provider, told.stint.cohort, today, {"open", "payable", "paid"})
            if bill is None:
                return False
            told.state, told.clawback, told.updated = "awaiting-clawback", bill.id, now
        else:
            return False
        person = told.person
        if person.kind == "mentor" and told.type == "completed":
            self._uncomplete(told.provider, person, now)
        return True

    @staticmethod
    def against_voiding(told: Told, bill: Bill | None) -> list[str]:
        """What a void is refused for."""
        if told.state == "voided":
            return ["has already been voided"]
        if told.state in ("awaiting-clawback", "clawed-back"):
            return ["will or has been refunded"]
        return ["cannot submit or void declarations"] if told.state == "paid" and bill is None else []

    def may_void(self, told: Told, now: datetime) -> bool:
        """Whether nothing stands in the way of a void but what its state says: training must be able to go on."""
        person = told.person
        if person.kind != "mentor" or told.type != "completed" or told.state not in LIVE:
            return True
        back = self._continued(told.provider, person, now)
        if back is None:
            return True
        return not (back.end is not None and back.end < back.start) and not any(
            it.clashes(back) for it in person.stints
        )

    def _continued(self, provider: str, person: Person, now: datetime) -> Stint | None:
        stint = person.latest(provider)
        if stint is None or stint.end is None or stint.end >= now.date():
            return None
        return replace(stint, start=stint.end + DAY, end=person.end, deferred=None, withdrawn=None)

    def _uncomplete(self, provider: str, person: Person, now: datetime) -> None:
        person.completed, person.touched = None, now
        back = self._continued(provider, person, now)
        if back is not None:
            person.stints.append(back)

    def visible(self, provider: str) -> list[Told]:
        """What a provider sees: its own, and others' that were live while the person trained with it."""
        return [it for it in self.told if it.provider == provider or self._sees(provider, it)]

    def _sees(self, provider: str, it: Told) -> bool:
        stint = it.person.latest(provider)
        if stint is None or it.state not in LIVE:
            return False
        return stint.end is None or it.date <= datetime.combine(stint.end, time.min, UTC)

    # Partnerships

    def confirm(self, provider: str, id: str, school: str, partner: str, cohort: int, now: datetime) -> None:
        self.deals.append(Deal(id, provider, school, partner, cohort, updated=now, number=len(self.deals)))
        for person in self.people:
            for stint in person.stints:
                if (stint.partner, stint.provider, stint.school, stint.cohort) == (None, provider, school, cohort):
                    stint.partner = partner
                    person.touched = now

    def against_confirming(self, provider: str, school: str, cohort: int, today: date) -> list[str]:
        """What a new partnership is refused for."""
        if cohort == 2031:
            return ["The '#/cohort' you have entered is invalid", "not recognised to be working in partnership"]
        said = ["for a future cohort"] if date(cohort, 6, 1) > today else []
        said += ["the cohort is closed"] if cohort == 2022 and not said else []
        taken = any((it.provider, it.school, it.cohort) == (provider, school, cohort) for it in self.deals)
        return [*said, "already in a confirmed partnership"] if taken else said

    def repartner(self, deal: Deal, partner: str, now: datetime) -> bool:
        same = (deal.provider, deal.school, deal.cohort, partner)
        if any((it.provider, it.school, it.cohort, it.partner) == same for it in self.deals):
            return False
        for person in self.people:
            for stint in person.stints:
                if (stint.provider, stint.school, stint.cohort, stint.partner) == (
                    *(deal.provider, deal.school, deal.cohort),
                    deal.partner,
                ):
                    stint.partner = partner
                    person.touched = now
                    for told in self.told:
                        if told.stint is stint:
                            told.updated = now
        deal.partner, deal.updated = partner, now
        return True

    # Schools and the DfE

    def leave(self, person: Person, last: date, now: datetime) -> bool:
        if last <= person.start:
            return False
        if any(told.stint.start >= last and told.person is person for told in self.told):
            return False
        for stint in [it for it in person.stints if it.start >= last]:
            person.stints.remove(stint)
            person.touched = now
        for stint in person.stints:
            if stint.end is None or stint.end > last:
                stint.end = last
                person.touched = now
        person.end = last if person.end is None else min(person.end, last)
        return True

    def become_eligible(self, person: Person, now: datetime) -> None:
        person.touched = now
        person.induction = True
        if person.eligible:
            return
        person.eligible = True
        for told in self.told:
            if told.person is person and told.state == "submitted":
                bill = self.next_bill(told.provider, told.stint.cohort, now.date(), {"open"})
                if bill is not None:
                    told.state, told.statement, told.updated = "eligible", bill.id, now

    def night(self, now: datetime) -> None:
        for bill in self.bills:
            if bill.status == "open" and bill.deadline < now.date():
                bill.status, bill.updated = "payable", now
                for told in self.told:
                    if told.statement == bill.id and told.state == "eligible":
                        told.state, told.updated = "payable", now

    def pay(self, bill: Bill, now: datetime) -> bool:
        paid = [it for it in self.told if it.statement == bill.id and it.state == "payable"]
        back = [it for it in self.told if it.clawback == bill.id and it.state == "awaiting-clawback"]
        if bill.status != "payable" or bill.deadline >= now.date() or not (paid or back):
            return False
        for it in paid:
            it.state, it.updated = "paid", now
        for it in back:
            it.state, it.updated = "clawed-back", now
        bill.status, bill.updated = "paid", now
        return True

    def change_provider(self, person: Person, provider: str, now: datetime) -> bool:
        """The school picks another provider from today on."""
        today = now.date()
        before = max(person.stints, key=lambda it: it.start)
        going_on = before.end is None or before.end >= today
        own = cohort = before.cohort
        schedule = before.schedule
        moved = person.kind == "ect" and cohort in self.frozen
        if moved:
            if not going_on:
                return False
            cohort, schedule = 2024, "ecf-extended-september"
        deals = [it for it in self.deals if (it.provider, it.school, it.cohort) == (provider, person.school, cohort)]
        partner = min(deals, key=lambda it: it.number).partner if deals else None
        if before.start >= today:
            changed = replace(before, provider=provider, partner=partner, cohort=cohort, schedule=schedule)
            if changed == before:
                return True
            if any(it.stint is before for it in self.told):
                return False
            before.provider, before.partner = provider, partner
            before.cohort, before.schedule = cohort, schedule
        else:
            if person.end is not None and person.end <= today:
                return False
            after = Stint(provider, person.school, partner, cohort, schedule, today, person.end)
            if before.partner is None and before.on(today):
                person.stints.remove(before)
            elif going_on:
                before.end = today - DAY
            person.stints.append(after)
        if moved:
            person.frozen_from = own
        person.touched = now
        return True

    def currently_training(self, deal: Deal, today: date) -> int:
        return sum(
            it.on(today)
            for person in self.people
            for it in person.stints
            if (it.provider, it.school, it.cohort, it.partner)
            == (deal.provider, deal.school, deal.cohort, deal.partner)
        )


URNS = {it: str(100001 + number) for number, it in enumerate(SCHOOLS)}
