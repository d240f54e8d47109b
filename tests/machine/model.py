"""What should be there, kept apart from the product: declarations, whom they are about, and the statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ecf_sandbox.ecf.domain.cohorts import Schedule
from ecf_sandbox.ecf.domain.declarations import LIVE, MOVES, DeclarationState, Phase
from ecf_sandbox.ecf.records import Records

COURSES = {"ect": "ecf-induction", "mentor": "ecf-mentor"}
SOON_PAID = (DeclarationState.ELIGIBLE, DeclarationState.PAYABLE)


@dataclass
class Person:
    """A training record as the model knows it; `moved` once what a school did makes predictions about it unsafe."""

    training: str
    participant: str
    type: str
    trn: str | None
    eligible: bool
    checked: bool
    moved: bool = False

    @property
    def course(self) -> str:
        return COURSES[self.type]


@dataclass
class Told:
    """A declaration that a provider made, and what has become of it."""

    id: str
    provider: str
    person: Person
    type: str
    date: datetime
    cohort: int
    body: dict[str, Any]
    state: DeclarationState
    statement: str | None
    clawback: str | None
    created_at: str
    updated_at: str
    superseded: bool = False

    @property
    def live(self) -> bool:
        return self.state in LIVE

    def move(self, state: DeclarationState, at: datetime) -> None:
        assert state in MOVES[self.state], f"{self.state} to {state} is no move"
        self.state, self.updated_at = state, wire(at)


@dataclass
class Bill:
    """A statement."""

    id: str
    provider: str
    cohort: int
    deadline: date
    output: bool
    phase: Phase


@dataclass
class Model:
    """Everything that is expected to be there."""

    providers: dict[str, str]
    schedules: list[Schedule]
    people: dict[str, Person] = field(default_factory=dict)  # by training record id
    told: dict[str, Told] = field(default_factory=dict)
    bills: dict[str, Bill] = field(default_factory=dict)
    enrolments: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # provider, training record id
    ever_trained: set[tuple[str, str]] = field(default_factory=set)  # provider, training record id
    withdrawn: set[tuple[str, str]] = field(default_factory=set)  # at any time

    @classmethod
    def of(cls, records: Records) -> Model:
        """What is there at first."""
        tokens = {it.provider_id: it.value for it in records.tokens if it.provider_id}
        model = cls(providers={token: id for id, token in tokens.items()}, schedules=list(records.schedules))
        for it in records.training_records:
            model.meet(records, it.id)
        for statement in records.statements:
            model.bills[statement.id] = Bill(
                statement.id,
                tokens[statement.provider_id],
                statement.cohort,
                statement.deadline_date,
                statement.output_fee,
                statement.phase,
            )
        for it in records.declarations:
            items = records.line_items.by("declaration_id", it.id)
            model.told[it.id] = Told(
                it.id,
                tokens[it.provider_id],
                model.people[it.training_record_id],
                it.type,
                it.date,
                it.cohort,
                {},
                it.state,
                items[0].statement_id,
                None,
                wire(it.created_at),
                wire(it.updated_at),
            )
        return model

    def meet(self, records: Records, training_id: str) -> Person:
        """Somebody new."""
        training = records.training_records[training_id]
        user = records.users[records.identities[training.identity_id].user_id]
        eligibility = records.eligibilities.get(training_id)
        self.people[training_id] = Person(
            training_id,
            user.id,
            training.type.value,
            user.trn,
            eligibility is not None and eligibility.fundable,
            eligibility is not None,
        )
        return self.people[training_id]

    def own(self, provider: str) -> list[Told]:
        """What a provider declared."""
        return [it for it in self.told.values() if it.provider == provider]

    def slots(self) -> dict[tuple[str, str, str], list[Told]]:
        """The live declarations by participant, course and type."""
        slots: dict[tuple[str, str, str], list[Told]] = {}
        for it in self.told.values():
            if it.live:
                slots.setdefault((it.person.participant, it.person.type, it.type), []).append(it)
        return slots

    def live_for(self, person: Person) -> Iterator[Told]:
        """The declarations about somebody that count."""
        return (it for it in self.told.values() if it.person is person and it.live)

    def taken(self, person: Person, type: str) -> bool:
        """Whether somebody's milestone has been declared."""
        return bool(self.slots().get((person.participant, person.type, type)))

    def twin(self, person: Person, type: str) -> Told | None:
        """The same event of somebody with the same reference number."""
        if person.trn is None:
            return None
        for it in self.told.values():
            same = it.type == type and it.person.type == person.type and it.person.trn == person.trn
            if same and it.live and not it.superseded and it.person.participant != person.participant:
                return it
        return None

    def next_bill(self, provider: str, cohort: int, today: date) -> Bill | None:
        """The statement that takes declarations now."""
        found = (
            it
            for it in self.bills.values()
            if (it.provider, it.cohort) == (provider, cohort)
            and it.output
            and it.phase is Phase.OPEN
            and it.deadline >= today
        )
        return min(found, key=lambda it: it.deadline, default=None)

    def schedule(self, cohort: int, identifier: str) -> Schedule:
        """A schedule of a cohort."""
        return next(it for it in self.schedules if (it.cohort, it.identifier) == (cohort, identifier))

    def schedule_of(self, provider: str, person: Person) -> Schedule | None:
        """By which schedule a provider trains somebody now, as far as it is safe to say."""
        enrolment = self.enrolments.get((provider, person.training))
        if enrolment is None or person.moved or enrolment["participant_status"] != "active":
            return None
        return self.schedule(int(enrolment["cohort"]), enrolment["schedule_identifier"])

    # What becomes of declarations

    def become_eligible(self, person: Person, at: datetime) -> bool:
        """What was submitted for somebody goes on the next statements; answers False if there is none for one."""
        waiting = [it for it in self.told.values() if it.person is person and it.state is DeclarationState.SUBMITTED]
        bills = [self.next_bill(it.provider, it.cohort, at.date()) for it in waiting]
        if None in bills:
            return False
        for told, bill in zip(waiting, bills, strict=True):
            told.move(DeclarationState.ELIGIBLE, at)
            told.statement = bill.id if bill else None
        person.eligible = person.checked = True
        return True

    def can_be_voided(self, told: Told, at: datetime) -> bool:
        """Whether a declaration can be taken back; what was paid needs a statement that takes the money back."""
        if told.state is DeclarationState.PAID:
            return self.next_bill(told.provider, told.cohort, at.date()) is not None
        return DeclarationState.VOIDED in MOVES[told.state]

    def void(self, told: Told, at: datetime) -> None:
        """A declaration is taken back."""
        if told.state is DeclarationState.PAID:
            bill = self.next_bill(told.provider, told.cohort, at.date())
            told.clawback = bill.id if bill else None
            told.move(DeclarationState.AWAITING_CLAWBACK, at)
        else:
            told.statement = None
            told.move(DeclarationState.VOIDED, at)

    def cut_off(self, bill: Bill, at: datetime) -> None:
        """A statement's deadline has passed."""
        for it in self.told.values():
            if it.statement == bill.id and it.state is DeclarationState.ELIGIBLE:
                it.move(DeclarationState.PAYABLE, at)
        bill.phase = Phase.PAYABLE

    def pay(self, bill: Bill, at: datetime) -> None:
        """A statement is paid."""
        for it in self.told.values():
            if it.statement == bill.id and it.state is DeclarationState.PAYABLE:
                it.move(DeclarationState.PAID, at)
            elif it.clawback == bill.id and it.state is DeclarationState.AWAITING_CLAWBACK:
                it.move(DeclarationState.CLAWED_BACK, at)
        bill.phase = Phase.PAID

    def merge(self, retired: str, remaining: str, at: datetime) -> None:
        """Everything of one person is another's."""
        for it in self.people.values():
            if it.participant in (retired, remaining):
                it.moved = True
            if it.participant == retired:
                it.participant = remaining
                for told in self.told.values():
                    if told.person is it:
                        told.updated_at = wire(at)


def wire(moment: datetime) -> str:
    """A moment as answers write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
